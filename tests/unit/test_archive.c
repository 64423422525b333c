/* SPDX-License-Identifier: MIT */
/* Compressed files and archives, honest ones and others. */
#include "container.h"
#include "image.h"

#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DEVICE (2 * MIB)

static void test_filters(void **state)
{
	static const char *const filters[] = {"gzip", "bzip2", "xz", "lzma", "zstd", "lz4"};
	const struct member m = {"data", "one", NULL, AE_IFREG};

	(void)state;
	for (unsigned i = 0; i < sizeof filters / sizeof *filters; i++) {
		write_archive("packed", "raw", filters[i], &m, 1);
		assert_int_equal(open_path("packed", NULL), 1);
		assert_string_equal(opened[0]->name, "packed");
		assert_int_equal(opened[0]->size, DEVICE);
		assert_in_range(opened[0]->file_size, 30, 60000);
		assert_int_equal(byte_at(opened[0], 65536 + 0x40), '_');
		assert_int_equal(byte_at(opened[0], DEVICE - 1), 'e');
		assert_int_equal(byte_at(opened[0], 1 * MIB), 0);
		assert_int_equal(source_read(opened[0], &(char){0}, 1, DEVICE, NULL), FSR_E_TRUNCATED);
	}
}

static void test_formats(void **state)
{
	static const char *const formats[] = {"gnutar", "pax", "ustar", "cpio", "newc", "zip", "7zip"};
	const struct member members[] = {
		{"readme", "text", NULL, AE_IFREG},
		{"img/one.img", "one", NULL, AE_IFREG},
		{"noise", "noise", NULL, AE_IFREG},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++) {
		bool seeks = i >= 5; /* what zip needs, a compressed stream has not */

		write_archive("packed", formats[i], seeks ? NULL : "zstd", members, 3);
		assert_int_equal(open_path("packed", NULL), 1);
		assert_string_equal(opened[0]->name, "img/one.img");
		assert_int_equal(opened[0]->size, DEVICE);
		assert_int_equal(byte_at(opened[0], DEVICE - 1), 'e');
	}
}

static void test_several(void **state)
{
	const struct member devices[] = {{"a.img", "two", NULL, AE_IFREG}, {"b.img", "one", NULL, AE_IFREG}};
	const struct member others[] = {
		{"a.img", "one", NULL, AE_IFREG},
		{"c.img", "other", NULL, AE_IFREG},
		{"b.img", "two", NULL, AE_IFREG},
	};
	const struct member twice[] = {{"a.img", "one", NULL, AE_IFREG}, {"b.img", "one", NULL, AE_IFREG}};
	struct fsr_open_options o = {.member = "./c.img"};

	(void)state;
	write_archive("packed", "pax", NULL, devices, 2);
	assert_int_equal(open_path("packed", NULL), 2);
	assert_string_equal(opened[0]->name, "b.img"); /* device 1 */
	assert_string_equal(opened[1]->name, "a.img");
	write_archive("packed", "pax", NULL, others, 3);
	assert_int_equal(open_path("packed", NULL), FSR_E_AMBIGUOUS);
	assert_non_null(strstr(open_error.text, "(a.img, b.img, c.img)"));
	assert_int_equal(open_path("packed", &o), 1);
	assert_string_equal(opened[0]->name, "c.img");
	o.member = "b.img";
	assert_int_equal(open_path("packed", &o), 2);
	o.member = "d.img";
	assert_int_equal(open_path("packed", &o), FSR_E_NOT_FOUND);
	assert_int_equal(open_path("one", &o), FSR_E_NOT_FOUND);
	write_archive("packed", "pax", NULL, twice, 2);
	assert_int_equal(open_path("packed", NULL), FSR_E_AMBIGUOUS);
	o.member = "b.img";
	assert_int_equal(open_path("packed", &o), 1);
}

/* Nothing in an archive leads out of it, and no name of it is used. */
static void test_links(void **state)
{
	const struct member members[] = {
		{"symbolic", NULL, "one", AE_IFLNK},
		{"hard", NULL, "one", AE_IFREG},
		{"folder", NULL, NULL, AE_IFDIR},
		{"fifo", NULL, NULL, AE_IFIFO},
		{"character", NULL, NULL, AE_IFCHR},
		{"../../escaped", "one", NULL, AE_IFREG},
		{"/tmp/spacescope-escaped", "noise", NULL, AE_IFREG},
	};

	(void)state;
	write_archive("packed", "pax", NULL, members, 5);
	assert_int_equal(open_path("packed", NULL), FSR_E_NOT_BTRFS);
	assert_non_null(strstr(open_error.text, "5 members"));
	write_archive("packed", "pax", NULL, members, 7);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_string_equal(opened[0]->name, "../../escaped");
	assert_int_not_equal(access("../../escaped", F_OK), 0);
	assert_int_not_equal(access("/tmp/spacescope-escaped", F_OK), 0);
}

/* What lies behind the device's end is dropped; a device that promises more than it has is what it has. */
static void test_sizes(void **state)
{
	const struct member longer = {"longer", "longer", NULL, AE_IFREG},
			    lies = {"lies", "lies", NULL, AE_IFREG};

	(void)state;
	set_size("longer", 3 * DEVICE);
	put_btrfs("longer", 0, 1, 1, DEVICE + 12345);
	put_bytes("longer", DEVICE + 12344, "xy", 2);
	write_archive("packed", "raw", "gzip", &longer, 1);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_int_equal(opened[0]->size, DEVICE + 12345);
	assert_int_equal(byte_at(opened[0], DEVICE + 12344), 'x');
	set_size("lies", DEVICE);
	put_btrfs("lies", 0, 1, 1, UINT64_MAX);
	write_archive("packed", "raw", "gzip", &lies, 1);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_int_equal(opened[0]->size, DEVICE);
}

static void test_limits(void **state)
{
	const struct member noisy = {"noisy", "noisy", NULL, AE_IFREG};
	const struct member beside[] = {{"one", "one", NULL, AE_IFREG}, {"zeros", "zeros", NULL, AE_IFREG}};
	struct fsr_open_options o = {.unpack_limit = 300000};
	uint8_t bytes[4096];

	(void)state;
	set_size("noisy", DEVICE);
	put_btrfs("noisy", 0, 1, 1, DEVICE);
	memset(bytes, 'n', sizeof bytes);
	for (unsigned i = 0; i < 80; i++)
		put_bytes("noisy", 80000 + i * 8192, bytes, sizeof bytes);
	write_archive("packed", "raw", "gzip", &noisy, 1);
	assert_int_equal(open_path("packed", &o), FSR_E_LIMIT);
	o.unpack_limit = 700000;
	assert_int_equal(open_path("packed", &o), 1);
	set_size("zeros", 8 * MIB);
	write_archive("packed", "pax", "zstd", beside, 2);
	assert_int_equal(open_path("packed", &o), FSR_E_LIMIT);
	write_archive("packed", "pax", NULL, beside, 2); /* stepped over, not decompressed */
	assert_int_equal(open_path("packed", &o), 1);
	o.unpack_limit = 9 * MIB;
	write_archive("packed", "pax", "zstd", beside, 2);
	assert_int_equal(open_path("packed", &o), 1);
}

static void test_many(void **state)
{
	const unsigned n = 100001;
	struct member *members = calloc(n, sizeof *members);

	(void)state;
	assert_non_null(members);
	for (unsigned i = 0; i < n; i++)
		members[i] = (struct member){"empty", NULL, NULL, AE_IFREG};
	write_archive("packed", "ustar", "zstd", members, n);
	assert_int_equal(open_path("packed", NULL), FSR_E_LIMIT);
	free(members);
}

static int stop(void *arg, const char *what, uint64_t done, uint64_t total)
{
	unsigned *calls = arg;

	assert_string_equal(what, "unpacking");
	assert_true(done <= total);
	++*calls;
	return 1;
}

static void test_progress(void **state)
{
	const struct member large = {"large", "large", NULL, AE_IFREG};
	unsigned calls = 0;
	struct fsr_open_options o = {.progress = stop, .progress_arg = &calls};

	(void)state;
	set_size("large", 64 * MIB);
	put_btrfs("large", 0, 1, 1, 64 * MIB);
	write_archive("packed", "raw", "gzip", &large, 1);
	assert_int_equal(open_path("packed", &o), FSR_E_STOPPED);
	assert_int_equal(calls, 1);
}

static void copy_cut(const char *to, const char *from, size_t size)
{
	char *bytes = malloc(size);
	FILE *file = fopen(from, "rb");

	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	unlink(to);
	put_bytes(to, 0, bytes, size);
	free(bytes);
}

/* Cut anywhere: one clear answer; never a filesystem that is shorter than it was. */
static void test_cut(void **state)
{
	static const char *const kinds[][2] = {{"raw", "gzip"}, {"raw", "xz"}, {"raw", "zstd"},
		{"pax", "bzip2"}, {"pax", NULL}, {"zip", NULL}, {"newc", NULL}, {"gnutar", "lz4"}};
	const struct member one = {"one", "one", NULL, AE_IFREG};

	(void)state;
	for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct fsr_error none = {0};
		uint64_t size;

		write_archive("whole", kinds[k][0], kinds[k][1], &one, 1);
		assert_int_equal(open_path("whole", NULL), 1);
		size = opened[0]->file_size;
		for (unsigned part = 0; part < 24; part++) {
			copy_cut("cut", "whole", (size_t)(size * part / 25) + 1);
			open_error = none;
			if (open_path("cut", NULL) > 0)
				assert_int_equal(opened[0]->size, DEVICE);
		}
	}
}

/* A partitioned disk inside, and an offset into it. */
static void test_inside(void **state)
{
	const struct member disk = {"disk", "disk", NULL, AE_IFREG},
			    plain = {"plain", "plain", NULL, AE_IFREG};
	struct fsr_open_options o = {.has_offset = true, .offset = 1 * MIB};
	uint8_t row[16] = {0, 0, 2, 0, 0x83};

	(void)state;
	set_size("disk", 8 * MIB);
	put_btrfs("disk", 1 * MIB, 1, 1, DEVICE);
	put32(row + 8, 2048);
	put32(row + 12, 8192);
	put_bytes("disk", 446, row, sizeof row);
	put_bytes("disk", 510, "\x55\xaa", 2);
	write_archive("packed", "raw", "xz", &disk, 1);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_int_equal(opened[0]->image_offset, 1 * MIB);
	assert_int_equal(opened[0]->size, 4 * MIB);
	set_size("plain", 8 * MIB);
	put_btrfs("plain", 1 * MIB, 1, 1, DEVICE);
	write_archive("packed", "raw", "xz", &plain, 1);
	assert_int_equal(open_path("packed", NULL), FSR_E_NOT_BTRFS);
	assert_int_equal(open_path("packed", &o), 1);
	assert_int_equal(opened[0]->image_offset, 1 * MIB);
	assert_int_equal(opened[0]->size, DEVICE);
	o.offset = UINT64_MAX - 100;
	assert_int_equal(open_path("packed", &o), FSR_E_INVALID);
}

/* An .xz header that asks for 1.5 GiB. */
static void test_memory(void **state)
{
	static const uint8_t start[] = {
		0xfd, '7', 'z', 'X', 'Z', 0, 0, 4, 0xe6, 0xd6, 0xb4, 0x46, 2, 0, 0x21, 1, 37, 0, 0, 0};

	(void)state;
	set_size("hungry.xz", 100000);
	put_bytes("hungry.xz", 0, start, sizeof start);
	assert_int_equal(open_path("hungry.xz", NULL), FSR_E_LIMIT);
	assert_non_null(strstr(open_error.text, "1536 MiB"));
}

static void test_scratch_folder(void **state)
{
	const struct member one = {"one", "one", NULL, AE_IFREG};

	(void)state;
	write_archive("packed", "pax", NULL, &one, 1);
	setenv("TMPDIR", "/no/such/folder", 1);
	assert_int_equal(open_path("packed", NULL), FSR_E_IO);
	assert_non_null(strstr(open_error.text, "/no/such/folder"));
	unsetenv("TMPDIR");
}

static int set_up(void **state)
{
	if (enter_scratch(state))
		return -1;
	set_size("one", DEVICE);
	put_btrfs("one", 0, 1, 1, DEVICE);
	put_bytes("one", DEVICE - 1, "e", 1);
	set_size("two", DEVICE);
	put_btrfs("two", 0, 1, 2, DEVICE);
	set_size("other", DEVICE);
	put_btrfs("other", 0, 9, 1, DEVICE);
	put_bytes("text", 0, "hello\n", 6);
	set_size("noise", 200000);
	put_bytes("noise", 66000, "noise", 5);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_scratch_folder),
	};

	return cmocka_run_group_tests(tests, set_up, leave_scratch);
}
