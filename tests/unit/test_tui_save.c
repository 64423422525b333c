/* SPDX-License-Identifier: MIT */
#include "../../tui/overlays/save.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/test_tui_save.XXXXXX";
static char why[300], half[] = "half";
static uint64_t size;

static int write_text(void *arg, FILE *out)
{
	return fputs(arg, out) < 0 ? -1 : 0;
}

/* Half of it, then the disk is full. */
static int write_half(void *arg, FILE *out)
{
	write_text(arg, out);
	errno = ENOSPC;
	return -1;
}

static enum save_result save(const char *path, bool replace, const char *text)
{
	*why = 0;
	size = 0;
	return save_file(path, replace, write_text, (void *)text, &size, why, sizeof why);
}

static void assert_file(const char *path, const char *text)
{
	char buffer[64];
	FILE *file = fopen(path, "r");
	size_t n;

	assert_non_null(file);
	n = fread(buffer, 1, sizeof buffer - 1, file);
	buffer[n] = 0;
	fclose(file);
	assert_string_equal(buffer, text);
}

static void assert_nothing(const char *path)
{
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(errno, ENOENT);
}

static void test_same(void **state)
{
	(void)state;
	assert_int_equal(save("one", false, "text"), SAVED);
	assert_int_equal(symlink("one", "link"), 0);
	assert_int_equal(link("one", "other"), 0);
	assert_int_equal(save("two", false, "text"), SAVED);
	assert_true(save_is_same("one", "./one"));
	assert_true(save_is_same("one", "link"));
	assert_true(save_is_same("link", "other"));
	assert_false(save_is_same("one", "two"));
	assert_false(save_is_same("one", "none"));
	assert_false(save_is_same("none", "none"));
	assert_int_equal(unlink("one") | unlink("link") | unlink("other") | unlink("two"), 0);
}

static void test_new_file(void **state)
{
	struct stat st;

	(void)state;
	umask(0);
	assert_int_equal(save("new", false, "hello"), SAVED);
	assert_int_equal(size, 5);
	assert_file("new", "hello");
	assert_int_equal(stat("new", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_existing_file(void **state)
{
	(void)state;
	assert_int_equal(save("old", false, "old"), SAVED);
	assert_int_equal(save("old", false, "newer"), SAVE_EXISTS);
	assert_file("old", "old");
	assert_int_equal(save("old", true, "newer"), SAVED);
	assert_int_equal(size, 5);
	assert_file("old", "newer");
	assert_nothing("old.part");
}

/* What is in the way of the file that is to take its place stays, and so does the old file. */
static void test_part_in_the_way(void **state)
{
	(void)state;
	assert_int_equal(save("mine", false, "old"), SAVED);
	assert_int_equal(save("mine.part", false, "another's"), SAVED);
	assert_int_equal(save("mine", true, "newer"), SAVE_FAILED);
	assert_string_equal(why, "can't create mine.part: File exists");
	assert_file("mine", "old");
	assert_file("mine.part", "another's");
}

static void test_links(void **state)
{
	(void)state;
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(save("link", false, "x"), SAVE_FAILED);
	assert_string_equal(why, "link exists and is no regular file");
	assert_int_equal(save("link", true, "x"), SAVE_FAILED);
	assert_nothing("target");
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(save("folder", true, "x"), SAVE_FAILED);
	assert_int_equal(save("none/file", false, "x"), SAVE_FAILED);
	assert_string_equal(why, "can't create none/file: No such file or directory");
}

static void test_unwritable_directory(void **state)
{
	uid_t me = geteuid();
	enum save_result result;

	(void)state;
	assert_int_equal(mkdir("closed", 0555), 0);
	assert_int_equal(chmod(".", 0755), 0);
	if (!me) /* root may write everywhere: be nobody */
		assert_int_equal(seteuid(65534), 0);
	result = save("closed/file", false, "x");
	assert_int_equal(seteuid(me), 0);
	assert_int_equal(result, SAVE_FAILED);
	assert_string_equal(why, "can't create closed/file: Permission denied");
}

/* Never half a file, and the old one stays. */
static void test_writing_fails(void **state)
{
	(void)state;
	assert_int_equal(save_file("half", false, write_half, half, &size, why, sizeof why), SAVE_FAILED);
	assert_string_equal(why, "can't write half: No space left on device");
	assert_nothing("half");
	assert_int_equal(save("whole", false, "whole"), SAVED);
	assert_int_equal(save_file("whole", true, write_half, half, &size, why, sizeof why), SAVE_FAILED);
	assert_file("whole", "whole");
	assert_nothing("whole.part");
}

/* While it is being written, a folder takes the old one's place. */
static int write_and_swap(void *arg, FILE *out)
{
	assert_int_equal(unlink("swapped"), 0);
	assert_int_equal(mkdir("swapped", 0700), 0);
	return write_text(arg, out);
}

static void test_replacing_fails(void **state)
{
	(void)state;
	assert_int_equal(save("swapped", false, "old"), SAVED);
	assert_int_equal(
		save_file("swapped", true, write_and_swap, half, &size, why, sizeof why), SAVE_FAILED);
	assert_string_equal(why, "can't replace swapped: Is a directory");
	assert_nothing("swapped.part");
}

static int in_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) && !chdir(directory) ? 0 : -1;
}

/* Whatever the tests have left in it. */
static int clean_up(void **state)
{
	static const char *const names[] = {"new", "old", "mine", "mine.part", "link", "whole"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(names[i]);
	rmdir("folder");
	rmdir("swapped");
	rmdir("closed");
	return chdir("/") || rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_new_file),
		cmocka_unit_test(test_existing_file),
		cmocka_unit_test(test_part_in_the_way),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_unwritable_directory),
		cmocka_unit_test(test_writing_fails),
		cmocka_unit_test(test_replacing_fails),
	};

	return cmocka_run_group_tests(tests, in_directory, clean_up);
}
