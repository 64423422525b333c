/* SPDX-License-Identifier: MIT */
/* Files as devices: writes where they belong, one writer, and everything refused that is no raw image. */
#include "../../libfswrite/device/set.h"
#include "container.h"
#include "hook.h"
#include "image.h"

#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct fsr_error error;
static struct device_set *set;

static int open_one(const char *path, const struct fsr_open_options *o, enum device_access access)
{
	int e = device_set_open(&path, 1, o, access, NULL, &set, &error);

	assert_true((e == 0) == (set != NULL));
	return e;
}

static uint8_t file_byte(const char *path, uint64_t offset)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t byte = 0;

	assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
	close(fd);
	return byte;
}

/* ---- writing */

static void test_write(void **state)
{
	struct device *file;
	struct stat st;

	(void)state;
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), 0);
	assert_int_equal(set->count, 1);
	file = overlay_base(set->list[0]);
	assert_string_equal(file->name, "image");
	assert_int_equal(file->size, 2 * MIB);
	assert_int_equal(device_write(set->list[0], "abc", 3, MIB, &error), 0);
	assert_int_equal(file_byte("image", MIB), 0);
	assert_int_equal(device_write(file, "xyz", 3, 2 * MIB - 3, &error), 0);
	assert_int_equal(device_flush(file, &error), 0);
	assert_int_equal(file_byte("image", 2 * MIB - 1), 'z');
	assert_int_equal(device_write(file, "xyz", 3, 2 * MIB - 2, &error), FSR_E_TRUNCATED);
	assert_int_equal(device_write(file, "x", 1, 2 * MIB, &error), FSR_E_TRUNCATED);
	assert_non_null(
		strstr(error.text, "ends at byte 2097152, but 1 bytes are to be written at byte 2097152"));
	assert_int_equal(device_write(file, "x", 1, UINT64_MAX, &error), FSR_E_TRUNCATED);
	device_set_close(set);
	assert_int_equal(stat("image", &st), 0);
	assert_int_equal(st.st_size, 2 * MIB);
	assert_int_equal(file_byte("image", 2 * MIB - 2), 'y');
}

/* The filesystem begins inside the file: so do its bytes, and they end with the window. */
static void test_offset(void **state)
{
	const struct fsr_open_options o = {.has_offset = true, .offset = MIB};

	(void)state;
	set_size("disk", 4 * MIB);
	put_btrfs("disk", MIB, 1, 1, 2 * MIB);
	assert_int_equal(open_one("disk", &o, DEVICES_WRITE), 0);
	assert_int_equal(set->list[0]->size, 3 * MIB);
	assert_int_equal(device_write(overlay_base(set->list[0]), "q", 1, 100, &error), 0);
	assert_int_equal(device_write(overlay_base(set->list[0]), "q", 1, 3 * MIB, &error), FSR_E_TRUNCATED);
	device_set_close(set);
	assert_int_equal(file_byte("disk", MIB + 100), 'q');
	assert_int_equal(file_byte("disk", 100), 0);
}

static void test_read_only(void **state)
{
	(void)state;
	assert_int_equal(open_one("image", NULL, DEVICES_READ), 0);
	assert_int_equal(device_write(set->list[0], "abc", 3, MIB, &error), 0);
	assert_int_equal(device_write(overlay_base(set->list[0]), "abc", 3, MIB, &error), FSR_E_REFUSED);
	assert_non_null(strstr(error.text, "'image' is open for reading only"));
	assert_int_equal(device_flush(overlay_base(set->list[0]), &error), FSR_E_REFUSED);
	assert_int_equal(set->nclaims, 0);
	device_set_close(set);
	assert_int_equal(file_byte("image", MIB), 0);
}

/* The system takes a part, then fails: the place where it stopped is named. */
static void test_failing_write(void **state)
{
	const struct rlimit small = {MIB + 1000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
	char bytes[4096];
	int e;

	(void)state;
	memset(bytes, 'w', sizeof bytes);
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	e = device_write(overlay_base(set->list[0]), bytes, sizeof bytes, MIB, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(e, FSR_E_IO);
	assert_string_equal(error.text, "cannot write 'image' at byte 1049576: File too large");
	assert_int_equal(device_write(overlay_base(set->list[0]), bytes, sizeof bytes, MIB, &error), 0);
	assert_int_equal(file_byte("image", MIB + 4095), 'w');
	close(set->claims[0]);
	assert_int_equal(device_write(overlay_base(set->list[0]), bytes, 1, 5, &error), FSR_E_IO);
	assert_non_null(strstr(error.text, "cannot write 'image' at byte 5: "));
	assert_int_equal(device_flush(overlay_base(set->list[0]), &error), FSR_E_IO);
	assert_non_null(strstr(error.text, "cannot flush 'image': "));
	set->nclaims = 0;
	device_set_close(set);
}

/* ---- what is claimed */

static void test_locked(void **state)
{
	const char *twice[] = {"image", "image"};
	struct device_set *other;
	char words[64];
	int fd = open("image", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), FSR_E_BUSY);
	snprintf(words, sizeof words, "'image' is locked by process %d", (int)getpid());
	assert_non_null(strstr(error.text, "'image' is locked by "));
	if (!strstr(error.text, words)) /* not every filesystem gives its number in /proc/locks */
		assert_non_null(strstr(error.text, "locked by another program"));
	assert_int_equal(open_one("image", NULL, DEVICES_READ), 0);
	device_set_close(set);
	close(fd);
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), 0);
	other = set;
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), FSR_E_BUSY);
	device_set_close(other);
	assert_int_equal(device_set_open(twice, 2, NULL, DEVICES_WRITE, NULL, &set, &error), FSR_E_INVALID);
	assert_non_null(strstr(error.text, "'image' is given twice"));
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), 0);
	device_set_close(set);
}

static void test_kinds(void **state)
{
	const struct member one = {"data", "image", NULL, AE_IFREG};
	int fd;

	(void)state;
	write_archive("packed", "raw", "zstd", &one, 1);
	assert_int_equal(open_one("packed", NULL, DEVICES_WRITE), FSR_E_REFUSED);
	assert_non_null(strstr(error.text, "'packed' is a compressed file, an archive or a container"));
	assert_non_null(strstr(error.text, "--output"));
	assert_int_equal(open_one("packed", NULL, DEVICES_READ), 0);
	assert_int_equal(device_write(set->list[0], "abc", 3, MIB, &error), 0);
	assert_int_equal(device_write(overlay_base(set->list[0]), "abc", 3, MIB, &error), FSR_E_REFUSED);
	device_set_close(set);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(device_claim("fifo", &fd, &error), FSR_E_INVALID);
	assert_int_equal(fd, -1);
	assert_int_equal(device_claim("/dev/null", &fd, &error), FSR_E_INVALID);
	assert_int_equal(device_claim(".", &fd, &error), FSR_E_INVALID);
	assert_int_equal(device_claim("missing", &fd, &error), FSR_E_IO);
	assert_int_equal(chmod("image", 0444), 0);
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), FSR_E_REFUSED);
	assert_non_null(strstr(error.text, "'image' is read-only"));
	assert_int_equal(open_one("image", NULL, DEVICES_READ), 0);
	device_set_close(set);
	assert_int_equal(chmod("image", 0600), 0);
}

/* Several files, and an archive of several devices: in the order of the sources. */
static void test_several(void **state)
{
	const char *const paths[] = {"second", "image"};
	const struct member members[] = {{"b", "second", NULL, AE_IFREG}, {"a", "image", NULL, AE_IFREG}};
	struct source **sources;
	uint8_t byte;

	(void)state;
	assert_int_equal(device_set_open(paths, 2, NULL, DEVICES_WRITE, NULL, &set, &error), 0);
	assert_int_equal(set->count, 2);
	assert_int_equal(set->nclaims, 2);
	assert_int_equal(device_write(set->list[1], "new", 3, 70000, &error), 0);
	assert_int_equal(device_set_sources(set, &sources, &error), 0);
	assert_string_equal(sources[0]->name, "second");
	assert_false(sources[0]->in_use); /* by us, which is no finding */
	assert_true(sources[1]->in_place);
	assert_int_equal(source_read(sources[1], &byte, 1, 70001, &error), 0);
	assert_int_equal(byte, 'e');
	assert_int_equal(source_read(sources[1], &byte, 1, 2 * MIB, &error), FSR_E_TRUNCATED);
	source_close(sources[0]);
	source_close(sources[1]);
	free(sources);
	device_set_close(set);
	write_archive("packed", "pax", NULL, members, 2);
	assert_int_equal(open_one("packed", NULL, DEVICES_READ), 0);
	assert_int_equal(set->count, 2);
	assert_string_equal(set->list[0]->name, "a");
	device_set_close(set);
}

/* ---- what stands between the file and the overlay */

static void test_hook(void **state)
{
	static struct hook hook;
	struct device_hooks hooks = hook_over(&hook);
	const char *path = "image";
	struct device *base;
	uint8_t byte;

	(void)state;
	assert_int_equal(device_set_open(&path, 1, NULL, DEVICES_WRITE, &hooks, &set, &error), 0);
	base = overlay_base(set->list[0]);
	hook.fail_at = 2;
	hook.torn = 1;
	assert_int_equal(device_write(set->list[0], "ab", 2, MIB + 50, &error), 0);
	assert_int_equal(hook.n, 0);
	assert_int_equal(device_write(base, "cd", 2, MIB + 60, &error), 0);
	assert_int_equal(device_write(base, "ef", 2, MIB + 70, &error), FSR_E_IO);
	assert_int_equal(device_flush(base, &error), FSR_E_IO);
	assert_int_equal(hook.n, 3);
	hook.fail_reads = true;
	assert_int_equal(device_read(set->list[0], &byte, 1, MIB + 50, &error), 0);
	assert_int_equal(device_read(set->list[0], &byte, 1, 5, &error), FSR_E_IO);
	device_set_close(set);
	assert_int_equal(file_byte("image", MIB + 61), 'd');
	assert_int_equal(file_byte("image", MIB + 70), 'e');
	assert_int_equal(file_byte("image", MIB + 71), 0);
}

static struct device *refuse(void *arg, struct device *base, size_t i, struct fsr_error *err)
{
	(void)arg;
	(void)base;
	fsr_fail(err, FSR_E_NOMEM, 0, FSR_NO_BYTENR, "no device %zu", i);
	return NULL;
}

static void test_refusing_hook(void **state)
{
	const struct device_hooks hooks = {refuse, NULL};
	const char *path = "image";

	(void)state;
	assert_int_equal(device_set_open(&path, 1, NULL, DEVICES_WRITE, &hooks, &set, &error), FSR_E_NOMEM);
	assert_null(set);
	assert_string_equal(error.text, "no device 0");
	assert_int_equal(open_one("image", NULL, DEVICES_WRITE), 0); /* nothing is held */
	device_set_close(set);
}

static int fresh(void **state)
{
	(void)state;
	unlink("image");
	set_size("image", 2 * MIB);
	put_btrfs("image", 0, 1, 1, 2 * MIB);
	return 0;
}

static int setup(void **state)
{
	if (enter_scratch(state))
		return -1;
	set_size("second", 2 * MIB);
	put_btrfs("second", 0, 1, 2, 2 * MIB);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_write, fresh),
		cmocka_unit_test_setup(test_offset, fresh),
		cmocka_unit_test_setup(test_read_only, fresh),
		cmocka_unit_test_setup(test_failing_write, fresh),
		cmocka_unit_test_setup(test_locked, fresh),
		cmocka_unit_test_setup(test_kinds, fresh),
		cmocka_unit_test_setup(test_several, fresh),
		cmocka_unit_test_setup(test_hook, fresh),
		cmocka_unit_test_setup(test_refusing_hook, fresh),
	};
	return cmocka_run_group_tests(tests, setup, leave_scratch);
}
