/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The longest replacement: \U and eight digits, or an unescaped sequence of four bytes. */
#define PIECE_MAX 12

size_t utf8_length(const void *s, size_t n, unsigned *point)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = s;
	size_t length = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;

	if (length == 0 || length > n)
		return 0;
	*point = length == 1 ? p[0] : p[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		*point = *point << 6 | (p[i] & 0x3f);
	}
	bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
	return *point < least[length] || *point > 0x10ffff || surrogate ? 0 : length;
}

bool utf8_valid(const void *s, size_t n)
{
	const uint8_t *p = s;
	unsigned point;

	for (size_t length; n; p += length, n -= length) {
		length = utf8_length(p, n, &point);
		if (!length)
			return false;
	}
	return true;
}

/* Characters that are not seen, move the cursor, or turn the direction of what follows. */
static bool invisible(unsigned c)
{
	static const unsigned ranges[][2] = {
		{0x00, 0x1f},
		{0x7f, 0x9f},
		{0xad, 0xad},
		{0x61c, 0x61c},
		{0x180e, 0x180e},
		{0x200b, 0x200f},
		{0x2028, 0x202e},
		{0x2060, 0x206f},
		{0xfeff, 0xfeff},
		{0xfff9, 0xfffb},
		{0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

/* A colon or number sign that begins the text or a pair: CI systems read "::" and "##" as commands. */
static bool opens_command(const uint8_t *p, size_t n, bool first)
{
	return (p[0] == ':' || p[0] == '#') && (first || (n > 1 && p[1] == p[0]));
}

/* Escapes the character at p into piece; gives how many bytes it took. */
static size_t escape_one(const uint8_t *p, size_t n, bool first, char piece[PIECE_MAX])
{
	unsigned c;
	size_t length = utf8_length(p, n, &c);

	if (!length) {
		snprintf(piece, PIECE_MAX, "\\x%02x", p[0]);
		return 1;
	}
	if (c == '\\')
		snprintf(piece, PIECE_MAX, "\\\\");
	else if (c < 0x100 && (invisible(c) || opens_command(p, n, first)))
		snprintf(piece, PIECE_MAX, length == 1 ? "\\x%02x" : "\\u%04x", c);
	else if (invisible(c))
		snprintf(piece, PIECE_MAX, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	else
		snprintf(piece, PIECE_MAX, "%.*s", (int)length, (const char *)p);
	return length;
}

void put_escaped(FILE *out, const void *s, size_t n)
{
	const uint8_t *p = s;
	char piece[PIECE_MAX];

	for (size_t i = 0; i < n;) {
		i += escape_one(p + i, n - i, i == 0, piece);
		fputs(piece, out);
	}
}

char *escaped(const void *s, size_t n)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_escaped(out, s, n);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
