/* SPDX-License-Identifier: MIT */
/*
 * How much memory an .xz file asks for. libarchive gives liblzma no limit, and a file of a few
 * hundred bytes may ask for 4 GiB; the largest preset of xz takes 64 MiB.
 */
#include "archive.h"

#define DICTIONARY_LIMIT (256 * MIB)
#define STREAM_HEADER 12u
#define LZMA2_ID 0x21u

/* A number in 7-bit pieces, lowest first; *at moves behind it, or to `end` when it is cut. */
static uint64_t read_pieces(const uint8_t *p, unsigned *at, unsigned end)
{
	uint64_t value = 0;

	for (unsigned shift = 0; *at < end && shift < 63; shift += 7) {
		uint8_t piece = p[(*at)++];

		value |= (uint64_t)(piece & 0x7f) << shift;
		if (!(piece & 0x80))
			return value;
	}
	*at = end;
	return 0;
}

static uint64_t dictionary_size(uint8_t property)
{
	unsigned bits = property & 0x3f;

	return bits >= 40 ? UINT32_MAX : (uint64_t)(2 | (bits & 1)) << (bits / 2 + 11);
}

/* header: of the first block. Its filters stand behind its flags and up to two sizes. */
static uint64_t block_dictionary(const uint8_t *header, unsigned end)
{
	unsigned at = 2, filters = (header[1] & 3u) + 1;
	uint64_t largest = 0;

	for (unsigned size_flag = 0x40; size_flag <= 0x80; size_flag <<= 1)
		if (header[1] & size_flag)
			read_pieces(header, &at, end);
	while (filters-- && at < end) {
		uint64_t id = read_pieces(header, &at, end), size = read_pieces(header, &at, end);

		if (id == LZMA2_ID && size == 1 && at < end && dictionary_size(header[at]) > largest)
			largest = dictionary_size(header[at]);
		at = size < end - at ? at + (unsigned)size : end;
	}
	return largest;
}

int check_dictionary(struct source *base, struct fsr_error *err)
{
	uint8_t start[STREAM_HEADER + 1024] = {0};
	size_t n = base->size < sizeof start ? (size_t)base->size : sizeof start;
	unsigned header_size;
	uint64_t size;
	int e = source_read(base, start, n, 0, err);

	if (e || n <= STREAM_HEADER ||
		memcmp(start,
			"\xfd"
			"7zXZ",
			6) != 0)
		return e;
	header_size = (start[STREAM_HEADER] + 1u) * 4;
	size = block_dictionary(start + STREAM_HEADER, header_size);
	if (size <= DICTIONARY_LIMIT)
		return 0;
	return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
		NAME " asks for a dictionary of %llu MiB to be unpacked, more than %u are not given",
		base->name, (unsigned long long)(size / MIB), (unsigned)(DICTIONARY_LIMIT / MIB));
}
