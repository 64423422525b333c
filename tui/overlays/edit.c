/* SPDX-License-Identifier: MIT */
#include "edit.h"

#include "../../inspect/report/escape.h"
#include "../term/term.h"

#include <stdlib.h>
#include <string.h>

#define CTRL_U 21
#define UTF8_MAX 4

/* 0 where there is no such character. */
static size_t encode(int point, char out[UTF8_MAX + 1])
{
	unsigned c = (unsigned)point, decoded;
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	if (point <= 0 || point > 0x10ffff)
		return 0;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	out[n] = 0;
	return utf8_length(out, n, &decoded) == n ? n : 0;
}

/*
 * Whether a character is shown as what it is: neither control character nor invisible mark. It is asked for
 * behind another one, since what begins a text may be escaped for other reasons.
 */
static bool can_be_seen(const char *character)
{
	char text[UTF8_MAX + 2], *shown;
	bool same;

	snprintf(text, sizeof text, "a%s", character);
	shown = escaped(text, strlen(text));
	same = shown && (!strcmp(shown, text) || *character == '\\');
	free(shown);
	return same;
}

static enum edit_result insert(struct edit *edit, const char *character, size_t n)
{
	if (!n || edit->length + n >= sizeof edit->text || !can_be_seen(character))
		return EDIT_NOT_WANTED;
	memmove(edit->text + edit->cursor + n, edit->text + edit->cursor, edit->length - edit->cursor + 1);
	memcpy(edit->text + edit->cursor, character, n);
	edit->length += n;
	edit->cursor += n;
	return EDIT_CHANGED;
}

static size_t before(const struct edit *edit, size_t at)
{
	while (at > 0 && ((unsigned char)edit->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t behind(const struct edit *edit, size_t at)
{
	if (at < edit->length)
		at++;
	while (at < edit->length && ((unsigned char)edit->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static enum edit_result remove_bytes(struct edit *edit, size_t from, size_t to)
{
	memmove(edit->text + from, edit->text + to, edit->length - to + 1);
	edit->length -= to - from;
	edit->cursor = from;
	return EDIT_CHANGED;
}

static enum edit_result move_to(struct edit *edit, size_t to)
{
	edit->cursor = to;
	return EDIT_MOVED;
}

void edit_set(struct edit *edit, const char *text)
{
	size_t rest = strlen(text);
	char one[UTF8_MAX + 1];
	unsigned point;

	*edit = (struct edit){0};
	for (size_t n; rest > 0; text += n, rest -= n) {
		n = utf8_length(text, rest, &point);
		snprintf(one, sizeof one, "%.*s", (int)n, text);
		insert(edit, one, n);
		n = n ? n : 1;
	}
}

enum edit_result edit_key(struct edit *edit, int key)
{
	char character[UTF8_MAX + 1];

	switch (key) {
	case KEY_IS_LEFT:
		return move_to(edit, before(edit, edit->cursor));
	case KEY_IS_RIGHT:
		return move_to(edit, behind(edit, edit->cursor));
	case KEY_IS_HOME:
		return move_to(edit, 0);
	case KEY_IS_END:
		return move_to(edit, edit->length);
	case KEY_IS_BACKSPACE:
		return remove_bytes(edit, before(edit, edit->cursor), edit->cursor);
	case KEY_IS_DELETE:
		return remove_bytes(edit, edit->cursor, behind(edit, edit->cursor));
	case CTRL_U:
		return remove_bytes(edit, 0, edit->length);
	default:
		return insert(edit, character, encode(key, character));
	}
}

/* Columns of a part of the text. */
static int width_of(const struct edit *edit, const struct canvas *canvas, size_t from, size_t to)
{
	char part[EDIT_SIZE];

	snprintf(part, sizeof part, "%.*s", (int)(to - from), edit->text + from);
	return text_width(canvas, part);
}

int edit_draw(struct edit *edit, const struct area *area, enum style style)
{
	if (edit->left > edit->cursor)
		edit->left = edit->cursor;
	while (edit->left < edit->cursor &&
		width_of(edit, area->canvas, edit->left, edit->cursor) >= area->cols)
		edit->left = behind(edit, edit->left);
	while (edit->left > 0 &&
		width_of(edit, area->canvas, before(edit, edit->left), edit->length) < area->cols)
		edit->left = before(edit, edit->left);
	put(area, 0, 0, style, edit->text + edit->left);
	return width_of(edit, area->canvas, edit->left, edit->cursor);
}
