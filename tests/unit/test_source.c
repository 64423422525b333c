/* SPDX-License-Identifier: MIT */
/* Raw images, and where in an image the btrfs is: at the start, at an offset, in a partition. */
#include "container.h"
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static void refused(const char *path, int code, const char *word)
{
	assert_int_equal(open_path(path, NULL), code);
	if (!strstr(open_error.text, word))
		fail_msg("'%s' does not say '%s'", open_error.text, word);
}

static void test_kinds(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	set_size("empty", 0);
	put_bytes("text", 0, "hello\n", 6);
	refused("socket", FSR_E_INVALID, "a socket");
	refused("fifo", FSR_E_INVALID, "a FIFO");
	refused("folder", FSR_E_INVALID, "a directory");
	refused("/dev/null", FSR_E_INVALID, "a character device");
	refused("missing", FSR_E_IO, "No such file");
	refused("empty", FSR_E_NOT_BTRFS, "is empty");
	refused("text", FSR_E_NOT_BTRFS, "no btrfs in 'text'");
	close(fd);
}

static void test_raw(void **state)
{
	struct fsr_error err;
	uint8_t bytes[8];

	(void)state;
	set_size("raw", 100000);
	put_btrfs("raw", 0, 1, 1, 1 << 30);
	put_bytes("raw", 99999, "z", 1);
	assert_int_equal(open_path("raw", NULL), 1);
	assert_string_equal(opened[0]->name, "raw");
	assert_int_equal(opened[0]->size, 100000);
	assert_int_equal(opened[0]->file_size, 100000);
	assert_int_equal(opened[0]->image_offset, 0);
	assert_false(opened[0]->in_use);
	assert_int_equal(byte_at(opened[0], 99999), 'z');
	assert_int_equal(source_read(opened[0], bytes, 8, 99993, &err), FSR_E_TRUNCATED);
	assert_non_null(strstr(err.text, "byte 100000"));
	assert_int_equal(source_read(opened[0], bytes, 8, UINT64_MAX - 2, &err), FSR_E_TRUNCATED);
	assert_int_equal(truncate("raw", 99998), 0);
	assert_int_equal(source_read(opened[0], bytes, 4, 99996, &err), FSR_E_TRUNCATED);
}

static void test_offset(void **state)
{
	struct fsr_open_options o = {.has_offset = true, .offset = 5120};
	uint8_t byte;

	(void)state;
	set_size("shifted", 200000);
	put_btrfs("shifted", 5120, 1, 1, 1 << 30);
	refused("shifted", FSR_E_NOT_BTRFS, "no btrfs in");
	assert_int_equal(open_path("shifted", &o), 1);
	assert_int_equal(opened[0]->image_offset, 5120);
	assert_int_equal(opened[0]->size, 200000 - 5120);
	assert_int_equal(byte_at(opened[0], 65536 + 0x40), '_');
	assert_int_equal(source_read(opened[0], &byte, 1, 200000 - 5120, NULL), FSR_E_TRUNCATED);
	o.offset = 4096;
	assert_int_equal(open_path("shifted", &o), FSR_E_NOT_BTRFS);
	o.offset = 200000;
	assert_int_equal(open_path("shifted", &o), FSR_E_INVALID);
	o.offset = UINT64_MAX;
	assert_int_equal(open_path("shifted", &o), FSR_E_INVALID);
}

/* Only the copy at 64 MiB is left; it counts where it says that it belongs. */
static void test_mirror(void **state)
{
	uint8_t super[SUPER_SIZE];

	(void)state;
	set_size("mirror", 65 * MIB);
	image_super(super, 1, 1, 1 << 30);
	put_bytes("mirror", 64 * MIB, super, sizeof super);
	assert_int_equal(open_path("mirror", NULL), 1);
	put64(super + SUPER_BYTENR, 64 * KIB);
	put_bytes("mirror", 64 * MIB, super, sizeof super);
	assert_int_equal(open_path("mirror", NULL), FSR_E_NOT_BTRFS);
}

/* ---- partition tables */

static void put_mbr(
	const char *path, uint64_t at, unsigned slot, uint8_t type, uint32_t start, uint32_t sectors)
{
	uint8_t row[16] = {0, 0, 2, 0, type};

	put32(row + 8, start);
	put32(row + 12, sectors);
	put_bytes(path, at + 446 + 16 * slot, row, sizeof row);
	put_bytes(path, at + 510, "\x55\xaa", 2);
}

/* The checksum of GPT: CRC-32 of IEEE 802.3. */
static uint32_t crc32_ieee(const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	while (n--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc & 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

/* A GPT of one partition per {first, last} of starts. */
static void put_gpt(const char *path, unsigned sector, uint64_t disk, const uint64_t (*ranges)[2], unsigned n)
{
	static uint8_t rows[128 * 128];
	uint8_t header[92] = "EFI PART";

	memset(rows, 0, sizeof rows);
	for (unsigned i = 0; i < n; i++) {
		memset(rows + 128 * i, 0x11, 16);
		memset(rows + 128 * i + 16, (int)i + 1, 16);
		put64(rows + 128 * i + 32, ranges[i][0]);
		put64(rows + 128 * i + 40, ranges[i][1]);
	}
	put32(header + 8, 0x10000);
	put32(header + 12, sizeof header);
	put64(header + 24, 1);
	put64(header + 32, disk / sector - 1);
	put64(header + 40, 2 + sizeof rows / sector);
	put64(header + 48, disk / sector - 2 - sizeof rows / sector);
	put64(header + 72, 2);
	put32(header + 80, 128);
	put32(header + 84, 128);
	put32(header + 88, crc32_ieee(rows, sizeof rows));
	put32(header + 16, crc32_ieee(header, sizeof header));
	put_mbr(path, 0, 0, 0xee, 1, (uint32_t)(disk / sector - 1));
	put_bytes(path, sector, header, sizeof header);
	put_bytes(path, 2 * sector, rows, sizeof rows);
}

static void test_mbr(void **state)
{
	struct fsr_open_options o = {0};
	uint8_t byte;

	(void)state;
	set_size("mbr", 32 * MIB);
	put_mbr("mbr", 0, 0, 0x83, 2048, 2048);
	put_mbr("mbr", 0, 1, 0x05, 8192, 50000);
	put_mbr("mbr", 4 * MIB, 0, 0x83, 2048, 40000);
	refused("mbr", FSR_E_NOT_BTRFS, "(1, 2, 5)");
	put_btrfs("mbr", 5 * MIB, 1, 1, 1 << 24);
	assert_int_equal(open_path("mbr", NULL), 1);
	assert_int_equal(opened[0]->image_offset, 5 * MIB);
	assert_int_equal(opened[0]->size, 40000 * 512);
	assert_int_equal(byte_at(opened[0], 40000 * 512 - 1), 0);
	assert_int_equal(source_read(opened[0], &byte, 1, 40000 * 512, NULL), FSR_E_TRUNCATED);
	assert_int_equal(opened[0]->file_size, 32 * MIB);
	put_btrfs("mbr", 1 * MIB, 2, 1, 1 << 24);
	refused("mbr", FSR_E_AMBIGUOUS, "partitions 1, 5");
	o.partition = 1;
	assert_int_equal(open_path("mbr", &o), 1);
	assert_int_equal(opened[0]->image_offset, 1 * MIB);
	o.partition = 2;
	assert_int_equal(open_path("mbr", &o), FSR_E_NOT_BTRFS);
	o.partition = 3;
	assert_int_equal(open_path("mbr", &o), FSR_E_NOT_FOUND);
	/* A btrfs at the start wins. */
	put_btrfs("mbr", 0, 3, 1, 1 << 24);
	assert_int_equal(open_path("mbr", NULL), 1);
	assert_int_equal(opened[0]->image_offset, 0);
}

/* The copy at 64 MiB of a filesystem from before the disk was partitioned is no reason to take it. */
static void test_left_over(void **state)
{
	uint8_t super[SUPER_SIZE];

	(void)state;
	set_size("reused", 80 * MIB);
	image_super(super, 1, 1, 1 << 30);
	put_bytes("reused", 64 * MIB, super, sizeof super);
	put_mbr("reused", 0, 0, 0x83, 2048, 4096);
	put_btrfs("reused", 1 * MIB, 1, 1, 1 << 21);
	assert_int_equal(open_path("reused", NULL), 1);
	assert_int_equal(opened[0]->image_offset, 1 * MIB);
}

static void check_gpt(unsigned sector)
{
	const uint64_t ranges[2][2] = {{256, 511}, {512, 1023}};
	struct fsr_open_options o = {.partition = 2};

	unlink("gpt");
	set_size("gpt", 16 * MIB);
	put_gpt("gpt", sector, 16 * MIB, ranges, 2);
	refused("gpt", FSR_E_NOT_BTRFS, "(1, 2)");
	put_btrfs("gpt", 512 * sector, 1, 1, 1 << 20);
	assert_int_equal(open_path("gpt", NULL), 1);
	assert_int_equal(opened[0]->image_offset, 512 * sector);
	assert_int_equal(opened[0]->size, 512 * sector);
	assert_int_equal(open_path("gpt", &o), 1);
	set_size("gpt", 8 * MIB);
	refused("gpt", FSR_E_TRUNCATED, "disk of 16777216 bytes");
}

static void test_gpt(void **state)
{
	(void)state;
	check_gpt(512);
	check_gpt(4096);
}

/* Tables of noise: any answer, as long as there is one. */
static void test_noise(void **state)
{
	uint8_t bytes[4096];

	(void)state;
	srand(3);
	for (unsigned round = 0; round < 300; round++) {
		const uint64_t ranges[2][2] = {{256, 511}, {512, 1023}};

		unlink("noise");
		set_size("noise", 4 * MIB);
		put_gpt("noise", 512, 4 * MIB, ranges, 2);
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (uint8_t)(rand() >> 5);
		put_bytes("noise", (uint64_t)rand() % 2048, bytes, (size_t)rand() % 200);
		if (round & 1)
			put_bytes("noise", 510, "\x55\xaa", 2);
		assert_true(open_path("noise", NULL) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_mbr),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_gpt),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, enter_scratch, leave_scratch);
}
