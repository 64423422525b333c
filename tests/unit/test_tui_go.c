/* SPDX-License-Identifier: MIT */
#include "../../tui/model/history.h"
#include "../../tui/overlays/address.h"
#include "../../tui/overlays/export_name.h"
#include "../../tui/overlays/go_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_address(const char *text, uint64_t expected)
{
	uint64_t address = 0;

	if (!address_parse(text, &address) || address != expected)
		fail_msg("'%s' is %llu, not %llu", text, (unsigned long long)address,
			(unsigned long long)expected);
}

static void test_addresses(void **state)
{
	static const char *const wrong[] = {"", " ", "x", "0x", "12x", "1k2", "-1", "+1", "1+", "1+x", "4gg",
		"4gi", "18446744073709551616", "16e", "0x1ffffffffffffffff", "1 2", "need_w", "1.5g"};
	uint64_t address;

	(void)state;
	check_address("0", 0);
	check_address("137756672", 137756672);
	check_address(" 137756672 ", 137756672);
	check_address("0x8360000", 137756672);
	check_address("4g", 4294967296);
	check_address("512M", 536870912);
	check_address("64k", 65536);
	check_address("2t", 2199023255552);
	check_address("4GiB", 4294967296);
	check_address("15e", UINT64_C(15) << 60);
	check_address("138014720+4096", 138014720);
	check_address("138014720+4k", 138014720);
	check_address("18446744073709551615", UINT64_MAX);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (address_parse(wrong[i], &address))
			fail_msg("'%s' is %llu", wrong[i], (unsigned long long)address);
}

static void check_name(const char *text, size_t count, bool whole, enum go_kind kind, const char *name)
{
	struct go_match match = go_names_match(text);

	if (match.count != count || match.whole != whole || match.kind != kind ||
		strcmp(match.name, name) != 0)
		fail_msg("'%s': %zu, %s", text, match.count, match.name);
}

static void test_names(void **state)
{
	(void)state;
	check_name("3", 1, true, GO_SCREEN, "Cache");
	assert_int_equal(go_names_match("8").screen, SCREEN_FINDINGS);
	check_name("map", 1, true, GO_SCREEN, "Map");
	check_name("m", 1, false, GO_SCREEN, "Map");
	check_name("extent", 1, true, GO_TREE, "extent");
	check_name("ext ", 1, false, GO_TREE, "extent");
	check_name("fs", 1, true, GO_TREE, "fs");
	check_name("q", 1, true, GO_QUIT, "quit"); /* also begins quota */
	check_name("quo", 1, false, GO_TREE, "quota");
	check_name("c", 3, false, GO_SCREEN, "Cache"); /* chunk, csum */
	assert_int_equal(go_names_match("9").count, 0);
	assert_int_equal(go_names_match("").count, 0);
	assert_int_equal(go_names_match("137756672").count, 0);
}

static void check_completed(const char *text, const char *completed, bool done)
{
	char out[40];

	snprintf(out, sizeof out, "%s", text);
	assert_int_equal(go_names_complete(out, sizeof out), done);
	assert_string_equal(out, completed);
}

static void test_completion(void **state)
{
	char list[80];

	(void)state;
	check_completed("ext", "extent", true);
	check_completed("over", "Overview", true);
	check_completed("bl", "block-group", true);
	check_completed("c", "C", true); /* no more in common */
	check_completed("x", "x", false);
	check_completed("", "", false);
	assert_true(go_names_list("c", list, sizeof list));
	assert_string_equal(list, "Cache, chunk, csum");
	assert_false(go_names_list("x", list, sizeof list));
}

static void check_export(const char *image, const char *what, bool json, const char *expected)
{
	char name[80];

	export_name(image, what, json, name, sizeof name);
	assert_string_equal(name, expected);
}

static void test_export_names(void **state)
{
	(void)state;
	check_export("moved.img", "groups", true, "moved.groups.json");
	check_export("moved.img", "groups", false, "moved.groups.txt");
	check_export("clean.tar.zst", "diff", true, "clean.diff.json");
	check_export("sda1", "tree", false, "sda1.tree.txt");
	check_export("container-raw-xz.raw.xz", "cache", true, "container-raw-xz.cache.json");
	check_export(".img", "cache", true, ".img.cache.json");
	check_export("v1.2", "cache", true, "v1.2.cache.json");
	/* as a report may have it */
	check_export("/etc/passwd", "diff", true, "passwd.diff.json");
	check_export("../../x/", "diff", false, "image.diff.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_export_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
