/* SPDX-License-Identifier: MIT */
/* Numbers on disk, checksums, and how ops on a command line say what to change. */
#include "mutate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mutate: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

uint32_t crc32c_of(const void *data, size_t length)
{
	const uint8_t *at = data;
	uint32_t crc = 0xffffffff;

	while (length--) {
		crc ^= *at++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

uint64_t get(const uint8_t *at, unsigned size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | at[size];
	return value;
}

void put(uint8_t *at, unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

uint64_t number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	/* strtoull takes a minus sign as two's complement, which suits -1 and -11 */
	value = strtoull(text, &end, 0);
	if (end == text || *end != 0 || errno)
		die("'%s' is no number", text);
	return value;
}

struct edit parse_edit(const char *text)
{
	struct edit edit = {'=', 0};

	if (text[0] && strchr("+-^", text[0]) && text[1] == '=') {
		edit.op = text[0];
		text += 2;
	}
	edit.value = number(text);
	return edit;
}

void apply_edit(uint8_t *at, unsigned size, struct edit edit)
{
	uint64_t old = get(at, size);

	switch (edit.op) {
	case '+':
		edit.value = old + edit.value;
		break;
	case '-':
		edit.value = old - edit.value;
		break;
	case '^':
		edit.value = old ^ edit.value;
		break;
	}
	put(at, size, edit.value);
}

void parse_place(const char *text, uint32_t *offset, unsigned *size)
{
	char *copy = strdup(text), *slash;

	if (!copy)
		die("out of memory");
	slash = strchr(copy, '/');
	if (slash)
		*slash = 0;
	*offset = (uint32_t)number(copy);
	*size = slash ? (unsigned)number(slash + 1) : 8;
	if (*size < 1 || *size > 8)
		die("size %u", *size);
	free(copy);
}
