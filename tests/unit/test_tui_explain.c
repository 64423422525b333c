/* SPDX-License-Identifier: MIT */
#include "../../tui/screens/explain.h"
#include "../../tui/screens/places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GROUP UINT64_C(137756672)

/* A tab of one block group with a cache of 16 pages of 4096 bytes; nothing behind it. */
static struct tab tab_of(struct record *record)
{
	*record = (struct record){.judged = true,
		.group = {.bytenr = GROUP,
			.length = 208 << 20,
			.has_cache = true,
			.cache = {.inode = 257, .pages = 16}}};
	return (struct tab){.kind = TAB_IMAGE,
		.ngroups = 1,
		.records = record,
		.facts = {.sectorsize = 4096, .generation = 8}};
}

static struct fsr_finding finding(enum fsr_finding_code code)
{
	return (struct fsr_finding){
		.code = code, .severity = FSR_SEVERITY_ERROR, .block_group = GROUP, .message = "so"};
}

static void add(struct fsr_finding *f, const char *name, uint64_t value)
{
	f->details[f->ndetails++] = (struct fsr_detail){.name = name, .value = value};
}

static bool has_line(const struct prose *prose, const char *text)
{
	for (size_t i = 0; i < prose->count; i++)
		if (strstr(prose->list[i].text, text))
			return true;
	return false;
}

static void test_blanks(void **state)
{
	struct fsr_finding f = finding(FSR_FINDING_CACHE_STAMPS);
	struct prose prose = {0};
	struct record record;
	struct tab tab = tab_of(&record);

	(void)state;
	add(&f, "step", 9);
	add(&f, "inode", 257);
	add(&f, "header_generation", 15);
	add(&f, "inode_generation", 14);
	explain_finding(&prose, &tab, &f);
	assert_true(has_line(
		&prose, "free space inode generation (14) did not match free space cache generation (15)"));
	assert_true(has_line(&prose, "Block group 137756672: so"));
	assert_true(
		has_line(&prose, "Numbers: step 9, inode 257, header generation 15, inode generation 14."));
	assert_true(has_line(&prose, "Rule: step 9, the generations of inode and header are equal."));
	assert_true(has_line(&prose, "Place: root tree, inode item 257 (Enter)"));
	assert_string_equal(prose.list[0].marks[0].text, "E");
	prose_free(&prose);
}

/* F-A4: page 0 begins with 16 checksums and the generation, so entries from byte 72 on; (4096 - 72) / 17 =
 * 236. */
static void test_entries(void **state)
{
	struct record record;
	struct tab tab = tab_of(&record);
	struct place place = {0};

	(void)state;
	assert_true(place_of_entry(&tab, &record.group, 0, &place));
	assert_int_equal(place.screen, SCREEN_BYTES);
	assert_int_equal(place.target, TARGET_CACHE);
	assert_int_equal(place.group, GROUP);
	assert_int_equal(place.page, 0);
	assert_int_equal(place.byte, 72);
	assert_true(place_of_entry(&tab, &record.group, 235, &place));
	assert_int_equal(place.byte, 72 + 235 * 17);
	assert_true(place_of_entry(&tab, &record.group, 236, &place));
	assert_int_equal(place.page, 1);
	assert_int_equal(place.byte, 0);
	assert_true(place_of_entry(&tab, &record.group, 236 + 240 + 3, &place));
	assert_int_equal(place.page, 2);
	assert_int_equal(place.byte, 51);
	assert_false(place_of_entry(&tab, &record.group, 236 + 15 * 240, &place));
	assert_false(place_of_entry(&tab, &record.group, UINT64_MAX, &place));
	record.group.cache.pages = 5000; /* more checksums than page 0 has room for */
	assert_false(place_of_entry(&tab, &record.group, 0, &place));
	record.group.cache.pages = 0;
	assert_false(place_of_entry(&tab, &record.group, 0, &place));
}

static void test_places_without_reading(void **state)
{
	struct fsr_finding f = finding(FSR_FINDING_CACHE_CRC);
	struct record record;
	struct tab tab = tab_of(&record);
	struct place place = {0};
	char text[PLACE_TEXT];

	(void)state;
	add(&f, "page", 3);
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.page, 3);
	assert_string_equal(finding_place_text(&tab, &f, text), "cache, page 3");
	f = finding(FSR_FINDING_CACHE_PAGE_STAMP);
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.page, 0);
	assert_int_equal(place.byte, 64);
	f = finding(FSR_FINDING_TREE_BLOCK_COPY);
	f.block_group = FSR_NO_BYTENR;
	add(&f, "bytenr", 30441472);
	add(&f, "copy", 1);
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.screen, SCREEN_TREE);
	assert_int_equal(place.target, TARGET_BLOCK);
	assert_int_equal(place.block, 30441472);
	assert_int_equal(place.copy, 1);
	f.code = FSR_FINDING_SUPER_RULE;
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.target, TARGET_SUPER);
	f.code = FSR_FINDING_FINDINGS_CUT;
	assert_false(finding_place(&tab, &f, &place));
	assert_string_equal(finding_place_text(&tab, &f, text), "");
}

/* A finding that lacks what its place takes, and a code from a newer report. */
static void test_incomplete(void **state)
{
	struct record record;
	struct tab tab = tab_of(&record);
	struct place place = {0};
	char text[PLACE_TEXT];

	(void)state;
	for (int code = 0; code < FSR_FINDING_COUNT; code++) {
		struct fsr_finding f = finding((enum fsr_finding_code)code);
		struct prose prose = {0};

		f.block_group = FSR_NO_BYTENR;
		finding_place_text(&tab, &f, text);
		explain_finding(&prose, &tab, &f);
		assert_true(prose.count >= 2);
		assert_false(prose.failed);
		prose_free(&prose);
		f.block_group = GROUP;
		tab.kind = TAB_REPORT; /* nothing to be read */
		tab.image = &(struct report_image){0};
		assert_false(finding_place(&tab, &f, &place));
		tab.kind = TAB_IMAGE;
	}
}

/* Where sums are wrong though the layout is right, the item is that they are compared with. */
static void test_nothing_differs(void **state)
{
	struct fsr_finding f = finding(FSR_FINDING_CACHE_TOTAL);
	struct record record;
	struct tab tab = tab_of(&record);
	char text[PLACE_TEXT];

	(void)state;
	add(&f, "excess_bytes", 0);
	add(&f, "missing_bytes", 4096);
	assert_string_equal(finding_place_text(&tab, &f, text), "the first range that differs");
	f.details[1].value = 0;
	assert_string_equal(finding_place_text(&tab, &f, text), "block group item");
	f = finding(FSR_FINDING_CACHE_STALE_DANGER);
	record.group.relation = FSR_RELATION_EQUAL;
	assert_string_equal(finding_place_text(&tab, &f, text), "block group item");
}

static void test_report_goes_to_diff(void **state)
{
	struct fsr_diff_range ranges[] = {{.block_group = 5, .bytenr = 6, .excess = true},
		{.block_group = GROUP, .bytenr = GROUP + 4096},
		{.block_group = GROUP, .bytenr = GROUP + 8192, .excess = true}};
	struct report_image image = {.nranges = 3, .ranges = ranges};
	struct fsr_finding f = finding(FSR_FINDING_CONTENT_MISPLACED);
	struct record record;
	struct tab tab = tab_of(&record);
	struct place place = {0};

	(void)state;
	tab.kind = TAB_REPORT;
	tab.image = &image;
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.screen, SCREEN_DIFF);
	assert_int_equal(place.address, GROUP + 8192); /* excess before missing */
	image.nranges = 2;
	assert_true(finding_place(&tab, &f, &place));
	assert_int_equal(place.address, GROUP + 4096);
}

static void test_wrapping(void **state)
{
	struct canvas canvas = {0};
	struct prose prose = {0};
	struct prose_lines lines;

	(void)state;
	prose_add(&prose, STYLE_PLAIN, 2, "one two three");
	prose_add(&prose, STYLE_PLAIN, 0, "%s", "");
	prose_add(&prose, STYLE_PLAIN, 0, "abcdefghijkl\x1b");
	assert_true(prose_wrap(&prose, &canvas, 9, &lines)); /* 7 columns for the first */
	assert_int_equal(lines.count, 5);
	assert_memory_equal(lines.list[0].text, "one two", lines.list[0].length);
	assert_int_equal(lines.list[0].length, 7);
	assert_int_equal(lines.list[1].length, 5);
	assert_false(lines.list[1].first);
	assert_int_equal(lines.list[2].length, 0);
	assert_int_equal(lines.list[3].length, 9); /* a word that is too long is cut */
	assert_memory_equal(lines.list[4].text, "jkl\\x1b", 7);
	prose_lines_free(&lines);
	assert_true(prose_wrap(&prose, &canvas, 0, &lines)); /* never for ever */
	prose_lines_free(&lines);
	prose_free(&prose);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_places_without_reading),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_nothing_differs),
		cmocka_unit_test(test_report_goes_to_diff),
		cmocka_unit_test(test_wrapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
