/* SPDX-License-Identifier: MIT */
/* --output: copies that are whole, sparse, new, and gone when something fails. */
#include "../../libfswrite/device/copy.h"
#include "container.h"
#include "image.h"

#include <archive_entry.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE (3 * GIB + 12345) /* far more than may be written */

static struct image_copy copy;
static struct fsr_error error;

static int make(const char *path, const struct fsr_open_options *o, const char *output)
{
	return image_copy_make(&path, 1, o, output, &copy, &error);
}

static void expect_equal(const char *a, const char *b, uint64_t offset, size_t length)
{
	uint8_t *one = calloc(1, length), *other = calloc(1, length);
	int fa = open(a, O_RDONLY | O_CLOEXEC), fb = open(b, O_RDONLY | O_CLOEXEC);

	assert_int_equal(pread(fa, one, length, (off_t)offset), length);
	assert_int_equal(pread(fb, other, length, (off_t)offset), length);
	assert_memory_equal(one, other, length);
	close(fa);
	close(fb);
	free(one);
	free(other);
}

static void fill(const char *path, uint64_t offset, uint8_t byte, size_t length)
{
	uint8_t *bytes = malloc(length);

	memset(bytes, byte, length);
	put_bytes(path, offset, bytes, length);
	free(bytes);
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void test_sparse(void **state)
{
	struct stat st;

	(void)state;
	set_size("image", SIZE);
	put_btrfs("image", 0, 1, 1, SIZE);
	fill("image", GIB - 5000, 'x', 2 * MIB + 17);
	fill("image", 2 * GIB, 0, 16 * MIB); /* zeros that are no hole */
	fill("image", SIZE - 1, 'e', 1);
	assert_int_equal(make("image", NULL, "copy"), 0);
	assert_int_equal(copy.count, 1);
	assert_string_equal(copy.paths[0], "copy");
	assert_int_equal(stat("copy", &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_in_range(st.st_blocks, 1, 3 * MIB / 512);
	expect_equal("image", "copy", 0, MIB);
	expect_equal("image", "copy", GIB - MIB, 5 * MIB);
	expect_equal("image", "copy", SIZE - MIB, MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
	assert_false(is_there("copy"));
	unlink("image");
}

static void test_existing(void **state)
{
	(void)state;
	put_bytes("there", 0, "mine", 4);
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(link("small", "same"), 0);
	assert_int_equal(make("small", NULL, "there"), FSR_E_REFUSED);
	assert_non_null(strstr(error.text, "'there' exists already"));
	assert_int_equal(make("small", NULL, "link"), FSR_E_REFUSED);
	assert_int_equal(make("small", NULL, "same"), FSR_E_REFUSED);
	assert_int_equal(make("small", NULL, "small"), FSR_E_REFUSED);
	assert_int_equal(make("small", NULL, "nofolder/copy"), FSR_E_IO);
	assert_non_null(strstr(error.text, "cannot make the output file 'nofolder/copy.part': No such file"));
	assert_false(is_there("nowhere"));
	assert_true(is_there("small"));
	assert_int_equal(copy.count, 0);
	assert_null(copy.paths);
	unlink("link");
}

/* The second copy's name is taken: the first is not left either. */
static void test_several(void **state)
{
	const char *const paths[] = {"small", "second"};

	(void)state;
	put_bytes("copy.2", 0, "mine", 4);
	assert_int_equal(image_copy_make(paths, 2, NULL, "copy", &copy, &error), FSR_E_REFUSED);
	assert_false(is_there("copy.1"));
	unlink("copy.2");
	assert_int_equal(image_copy_make(paths, 2, NULL, "copy", &copy, &error), 0);
	assert_int_equal(copy.count, 2);
	assert_string_equal(copy.paths[1], "copy.2");
	expect_equal("small", "copy.1", 0, 2 * MIB);
	expect_equal("second", "copy.2", 0, 2 * MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
}

static void test_archive(void **state)
{
	const struct member members[] = {
		{"b.img", "second", NULL, AE_IFREG}, {"a.img", "small", NULL, AE_IFREG}};
	const struct member single = {"data", "small", NULL, AE_IFREG};

	(void)state;
	write_archive("packed", "raw", "zstd", &single, 1);
	assert_int_equal(make("packed", NULL, "copy"), 0);
	expect_equal("small", "copy", 0, 2 * MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
	write_archive("packed", "pax", "gzip", members, 2);
	assert_int_equal(make("packed", NULL, "copy"), 0);
	assert_int_equal(copy.count, 2);
	expect_equal("small", "copy.1", 0, 2 * MIB); /* device 1 */
	expect_equal("second", "copy.2", 0, 2 * MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
}

/* At an offset: the file is copied whole, so that the same options open the copy. */
static void test_offset(void **state)
{
	const struct fsr_open_options o = {.has_offset = true, .offset = MIB};
	const struct member single = {"data", "disk", NULL, AE_IFREG};
	struct stat st;

	(void)state;
	set_size("disk", 3 * MIB);
	fill("disk", 5, 'd', 100);
	put_btrfs("disk", MIB, 1, 1, 2 * MIB);
	assert_int_equal(make("disk", &o, "copy"), 0);
	expect_equal("disk", "copy", 0, 3 * MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
	write_archive("packed", "raw", "zstd", &single, 1);
	assert_int_equal(make("packed", &o, "copy"), 0);
	assert_int_equal(stat("copy", &st), 0);
	assert_int_equal(st.st_size, 3 * MIB);
	expect_equal("disk", "copy", 0, 3 * MIB);
	image_copy_remove(&copy);
	image_copy_free(&copy);
}

static int stop_at_the_end(void *arg, const char *what, uint64_t done, uint64_t total)
{
	uint64_t *calls = arg;

	assert_string_equal(what, "copying");
	assert_int_equal(total, 2 * MIB);
	++*calls;
	return done == total;
}

static void test_stop_and_busy(void **state)
{
	uint64_t calls = 0;
	const struct fsr_open_options o = {.progress = stop_at_the_end, .progress_arg = &calls};
	int fd = open("small", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(make("small", &o, "copy"), FSR_E_STOPPED);
	assert_true(calls > 0);
	assert_false(is_there("copy"));
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(make("small", NULL, "copy"), FSR_E_BUSY);
	assert_false(is_there("copy"));
	close(fd);
	assert_int_equal(make(".", NULL, "copy"), FSR_E_INVALID);
	assert_int_equal(make("there", NULL, "copy"), FSR_E_NOT_BTRFS);
	assert_int_equal(make("missing", NULL, "copy"), FSR_E_IO);
	assert_false(is_there("copy"));
}

static int setup(void **state)
{
	if (enter_scratch(state))
		return -1;
	set_size("small", 2 * MIB);
	put_btrfs("small", 0, 1, 1, 2 * MIB);
	fill("small", MIB + 1000, 's', 70000);
	set_size("second", 2 * MIB);
	put_btrfs("second", 0, 1, 2, 2 * MIB);
	fill("second", MIB + 3000, 't', 3);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sparse),
		cmocka_unit_test(test_existing),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_archive),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_stop_and_busy),
	};
	return cmocka_run_group_tests(tests, setup, leave_scratch);
}
