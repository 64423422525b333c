/* SPDX-License-Identifier: MIT */
#include "../../libfsread/format/error.h"
#include "../../libfsread/format/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text is a whole sentence, printable, and fits where it is shown. */
static void check_text(const char *name, const char *text)
{
	size_t n = strlen(text);

	if (n < 20 || text[n - 1] != '.' || strstr(text, "  ") || n > 600)
		fail_msg("%s: '%s'", name, text);
	for (size_t i = 0; i < n; i++)
		assert_in_range(text[i], 0x20, 0x7e);
}

static void test_texts(void **state)
{
	(void)state;
	for (int code = FSR_FINDING_NONE + 1; code < FSR_FINDING_COUNT; code++) {
		const struct fsr_finding_info *info = fsr_finding_info(code);

		assert_non_null(info);
		assert_int_equal(info->code, code);
		assert_int_equal(strspn(info->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(info->name));
		assert_ptr_equal(fsr_finding_by_name(info->name), info);
		assert_non_null(fsr_severity_name(info->severity));
		assert_in_range(strlen(info->title), 5, 90);
		check_text(info->name, info->meaning);
		check_text(info->name, info->linux_does);
		check_text(info->name, info->action);
	}
	assert_null(fsr_finding_info(FSR_FINDING_NONE));
	assert_null(fsr_finding_info(FSR_FINDING_COUNT));
	assert_null(fsr_finding_info((enum fsr_finding_code) - 1));
	assert_null(fsr_finding_by_name("no-such-code"));
}

static void test_building(void **state)
{
	struct fsr_finding f;

	(void)state;
	finding_init(&f, FSR_FINDING_CACHE_CRC, 22020096, "page %d", 3);
	assert_int_equal(f.severity, FSR_SEVERITY_ERROR);
	assert_int_equal(f.block_group, 22020096);
	assert_string_equal(f.message, "page 3");
	finding_text(&f, "what", "a text that is far longer than what a detail has room for");
	assert_string_equal(f.details[0].text, "a text that is far longer than what a detail ha");
	for (unsigned i = 0; i < 2 * FSR_MAX_DETAILS; i++)
		finding_number(&f, "n", i);
	finding_text(&f, "late", "x");
	assert_int_equal(f.ndetails, FSR_MAX_DETAILS);
	assert_int_equal(f.details[7].value, 6);
	assert_string_equal(f.details[7].text, "");
}

static void add(struct findings *list, enum fsr_finding_code code, uint64_t value, const char *message)
{
	struct fsr_finding f;

	finding_init(&f, code, FSR_NO_BYTENR, "%s", message);
	finding_number(&f, "value", value);
	findings_add(list, &f);
}

static void test_sort_by_severity(void **state)
{
	struct findings list;

	(void)state;
	findings_init(&list);
	findings_sort_by_severity(&list);
	add(&list, FSR_FINDING_LOG_TREE, 0, "note");
	add(&list, FSR_FINDING_CACHE_CRC, 9, "error 1");
	add(&list, FSR_FINDING_CONTENT_EXCESS, 0, "danger");
	add(&list, FSR_FINDING_CACHE_CRC, 9, "error 1");
	add(&list, FSR_FINDING_CACHE_CRC, 1, "error 2");
	findings_sort_by_severity(&list);
	assert_int_equal(list.count, 5);
	assert_string_equal(list.list[0].message, "danger");
	assert_int_equal(list.list[1].details[0].value, 9);
	assert_int_equal(list.list[2].details[0].value, 9);
	assert_string_equal(list.list[3].message, "error 2");
	assert_string_equal(list.list[4].message, "note");
	findings_free(&list);
}

/* The same set in any order of arrival gives the same list, each finding once. */
static void test_shared(void **state)
{
	char forth[4096] = "", back[4096] = "";

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		struct findings list;
		char *out = pass ? back : forth;

		findings_init_shared(&list);
		for (int i = 0; i < 100; i++) {
			int k = pass ? 99 - i : i;
			char message[8];

			snprintf(message, sizeof message, "m%d", k % 3);
			add(&list, k & 1 ? FSR_FINDING_TREE_BLOCK : FSR_FINDING_LOG_TREE, (uint64_t)k % 10,
				message);
		}
		findings_sort_total(&list);
		assert_int_equal(list.count, 30);
		assert_int_equal(list.dropped, 0);
		for (size_t i = 0; i < list.count; i++) {
			size_t n = strlen(out);

			snprintf(out + n, sizeof forth - n, "%d:%d:%s ", list.list[i].code,
				(int)list.list[i].details[0].value, list.list[i].message);
		}
		findings_free(&list);
	}
	assert_string_equal(forth, back);
}

/* Beyond the limit the first of the total order are kept, whoever came first. */
static void test_limit(void **state)
{
	struct findings list;
	struct fsr_finding early;

	(void)state;
	findings_init_shared(&list);
	for (unsigned i = 0; i < FINDINGS_MAX + 500; i++)
		add(&list, FSR_FINDING_TREE_BLOCK, FINDINGS_MAX + 500 - i, "");
	assert_int_equal(list.count, FINDINGS_MAX);
	assert_int_equal(list.dropped, 500);
	finding_init(&early, FSR_FINDING_TREE_BLOCK, FSR_NO_BYTENR, "%s", "");
	finding_number(&early, "value", 1);
	findings_add(&list, &early);
	findings_sort_total(&list);
	assert_int_equal(list.dropped, 500);
	for (unsigned i = 0; i < FINDINGS_MAX; i++)
		assert_int_equal(list.list[i].details[0].value, i + 1);
	findings_free(&list);
}

static void test_fail(void **state)
{
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_fail(&err, FSR_E_IO, 2, 4096, "read of %d", 7), FSR_E_IO);
	assert_int_equal(err.code, FSR_E_IO);
	assert_int_equal(err.devid, 2);
	assert_int_equal(err.bytenr, 4096);
	assert_string_equal(err.text, "read of 7");
	assert_int_equal(fsr_fail_nomem(NULL), FSR_E_NOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_building),
		cmocka_unit_test(test_sort_by_severity),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
