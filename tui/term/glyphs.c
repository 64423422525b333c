/* SPDX-License-Identifier: MIT */
#include "glyphs.h"

#include "../../inspect/report/escape.h"

#include <string.h>

/*
 * What screens are drawn with. A bar of parts of a cell: less than half has to differ from the empty ".", and
 * more than half from the full "#".
 */
static const struct {
	wchar_t ch;
	const char *text;
} replacements[] = {
	{L'█', "#"},
	{L'▓', "%"},
	{L'▒', "="},
	{L'░', ":"},
	{L'·', "."},
	{L'▏', ":"},
	{L'▎', ":"},
	{L'▍', ":"},
	{L'▌', "="},
	{L'▋', "="},
	{L'▊', "="},
	{L'▉', "="},
	{L'│', "|"},
	{L'─', "-"},
	{L'┌', "+"},
	{L'┐', "+"},
	{L'└', "+"},
	{L'┘', "+"},
	{L'┬', "+"},
	{L'┴', "+"},
	{L'├', "+"},
	{L'┤', "+"},
	{L'┼', "+"},
	{L'›', ">"},
	{L'→', ">"},
	{L'←', "<"},
	{L'−', "-"},
	{L'×', "x"},
	{L'▲', "^"},
	{L'▼', "v"},
	{L'▾', "v"},
	{L'…', "..."},
	{L'≤', "to "},
	{L'⅓', "1/3"},
	{L'⅔', "2/3"},
};

static const char *replacement(wchar_t ch)
{
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
		if (replacements[i].ch == ch)
			return replacements[i].text;
	return NULL;
}

/* What is not printable has the width -1. The soft hyphen counts as printable, but terminals don't agree on
 * whether it is shown. */
static bool shown(wchar_t ch)
{
	return wcwidth(ch) > 0 && ch != 0xad;
}

static void in_ascii(struct glyph *glyph)
{
	glyph->text = replacement(glyph->ch);
	if (!glyph->text)
		glyph->ch = L'?';
	glyph->columns = glyph->text ? (int)strlen(glyph->text) : 1;
}

size_t glyph_next(const char *text, size_t n, bool ascii, struct glyph *glyph)
{
	unsigned point;
	size_t length = utf8_length(text, n, &point);

	*glyph = (struct glyph){.ch = L'?', .columns = 1};
	if (!length)
		return 1;
	if (point < 0x80) {
		if (point >= 0x20 && point != 0x7f)
			glyph->ch = (wchar_t)point;
		return length;
	}
	glyph->ch = (wchar_t)point;
	if (ascii)
		in_ascii(glyph);
	else if (shown(glyph->ch))
		glyph->columns = wcwidth(glyph->ch);
	else
		glyph->ch = L'?';
	return length;
}
