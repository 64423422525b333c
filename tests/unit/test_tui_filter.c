/* SPDX-License-Identifier: MIT */
#include "../../tui/screens/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DATA 1u
#define SYSTEM 2u
#define METADATA 4u

/* A judged block group. */
static struct record group(enum fsr_state state, enum fsr_verdict verdict, uint64_t flags)
{
	return (struct record){.judged = true, .group = {.state = state, .verdict = verdict, .flags = flags}};
}

static struct filter parsed(const char *words)
{
	struct filter filter;
	char err[200] = "";

	if (!filter_parse(&filter, words, FILTER_ALL, err, sizeof err))
		fail_msg("'%s': %s", words, err);
	return filter;
}

static bool lets(const char *words, const struct record *record)
{
	struct filter filter = parsed(words);

	return filter_record(&filter, record);
}

static void test_words(void **state)
{
	struct record r = group(FSR_STATE_NEED_WRITE, FSR_VERDICT_REFUSED, DATA);
	struct filter none = parsed("  ");

	(void)state;
	assert_true(filter_is_empty(&none));
	assert_true(filter_record(&none, &r));
	assert_true(lets("NEED_WRITE", &r));
	assert_true(lets("need", &r));
	assert_true(lets("refused data need", &r));
	assert_true(lets("written need", &r)); /* one kind: or */
	assert_false(lets("need accepted", &r));
	assert_false(lets("need metadata", &r)); /* two kinds: and */
	assert_false(lets("!need", &r));
	assert_true(lets("!written data", &r));
	assert_false(lets("data !refused", &r));
	assert_false(lets("mixed", &r));
	r.group.flags = DATA | METADATA;
	assert_true(lets("mixed", &r));
	r.group.flags = SYSTEM;
	assert_true(lets("sys", &r));
}

/* ERROR is a state, error a severity; unknown a verdict, UNKNOWN a state. */
static void test_case_tells_apart(void **state)
{
	struct fsr_finding finding = {.code = FSR_FINDING_CACHE_CRC, .severity = FSR_SEVERITY_ERROR};
	struct record r = group(FSR_STATE_NEED_WRITE, FSR_VERDICT_REFUSED, DATA);

	(void)state;
	r.group.findings = &finding;
	r.group.nfindings = 1;
	assert_true(lets("error", &r));
	assert_true(lets("err", &r));
	assert_false(lets("ERROR", &r));
	r.group.state = FSR_STATE_ERROR;
	assert_true(lets("ERR", &r));
	r = group(FSR_STATE_UNKNOWN, FSR_VERDICT_ACCEPTED, DATA);
	assert_true(lets("UNKNOWN", &r));
	assert_false(lets("unknown", &r));
}

static void test_refusals(void **state)
{
	struct filter filter = parsed("data");
	char err[200];

	(void)state;
	assert_false(filter_parse(&filter, "data xyz", FILTER_ALL, err, sizeof err));
	assert_string_equal(err, "'xyz' is no word to filter by");
	assert_false(filter_parse(&filter, "!", FILTER_ALL, err, sizeof err));
	assert_false(filter_parse(&filter, "da", FILTER_ALL, err, sizeof err));
	assert_string_equal(err, "'da' begins 2 words: danger, data");
	assert_false(filter_parse(&filter, "written", FILTER_SEVERITY | FILTER_CODE, err, sizeof err));
	assert_true(filter_parse(&filter, "da", FILTER_TYPE, err, sizeof err));
}

static void test_findings(void **state)
{
	struct fsr_finding finding = {.code = FSR_FINDING_CONTENT_MISPLACED, .severity = FSR_SEVERITY_DANGER};
	struct record r = group(FSR_STATE_NEED_WRITE, FSR_VERDICT_ACCEPTED, DATA);
	struct filter filter = parsed("danger content-misp");

	(void)state;
	assert_true(filter_finding(&filter, &finding, &r));
	assert_true(filter_finding(&filter, &finding, NULL));
	filter = parsed("danger need");
	assert_true(filter_finding(&filter, &finding, &r));
	assert_false(filter_finding(&filter, &finding, NULL)); /* of no block group */
	filter = parsed("findings-cut");                       /* the last in the table */
	assert_false(filter_finding(&filter, &finding, NULL));
	finding.code = FSR_FINDING_FINDINGS_CUT;
	assert_true(filter_finding(&filter, &finding, NULL));
}

static void test_differences(void **state)
{
	struct record r = group(FSR_STATE_NEED_WRITE, FSR_VERDICT_ACCEPTED, DATA);
	struct filter filter = parsed("excess");

	(void)state;
	assert_false(filter_record(&filter, &r));
	r.group.relation = FSR_RELATION_EXCESS;
	r.group.excess_bytes = 4096;
	assert_true(filter_record(&filter, &r));
	assert_false(lets("missing", &r));
	assert_true(filter_range(&filter, true, &r));
	assert_false(filter_range(&filter, false, &r));
	r.group.relation = FSR_RELATION_NULL;
	assert_false(filter_record(&filter, &r));
	r.group.has_free_space_tree = true;
	r.group.free_space_tree.excess_bytes = 4096;
	assert_true(filter_record(&filter, &r));
	assert_false(lets("marked", &r));
	r.marked = true;
	assert_true(lets("marked excess", &r));
}

/* What is shown is not taken back: what isn't known is neither WRITTEN nor "not WRITTEN". */
static void test_pending(void **state)
{
	struct record r = group(FSR_STATE_WRITTEN, FSR_VERDICT_ACCEPTED, DATA);

	(void)state;
	r.judged = false;
	r.group.pending = true;
	assert_false(lets("written", &r));
	assert_false(lets("!written", &r));
	assert_false(lets("!danger", &r));
	assert_false(lets("!excess", &r));
	assert_true(lets("data", &r));
	r.group.pending = false;
	assert_true(lets("written", &r));
	assert_false(lets("!danger", &r));
	r.judged = true;
	assert_true(lets("!danger", &r));
}

static void check_completion(const char *words, const char *completed, size_t count)
{
	char line[40];

	snprintf(line, sizeof line, "%s", words);
	assert_int_equal(filter_complete(line, sizeof line, FILTER_ALL), count);
	assert_string_equal(line, completed);
}

static void test_completion(void **state)
{
	char small[9] = "need";

	(void)state;
	check_completion("need", "NEED_WRITE ", 1);
	check_completion("data dan", "data danger ", 1);
	check_completion("!acc", "!accepted ", 1);
	check_completion("da", "da", 2);
	check_completion("cache-du", "cache-duplicate ", 1);
	check_completion("cache-crash-", "cache-crash-", 4);
	check_completion("cache-c", "cache-c", 6); /* crc, four crashes, copies-differ */
	check_completion("sys", "system ", 1);
	check_completion("grou", "group-", 8);
	check_completion("xyz", "xyz", 0);
	check_completion("", "", 0);
	assert_int_equal(filter_complete(small, sizeof small, FILTER_ALL), 1);
	assert_string_equal(small, "need"); /* no room */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_case_tells_apart),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
