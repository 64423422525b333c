/* SPDX-License-Identifier: MIT */
/* Finds bytes, words of labels, and addresses, in what is shown. */
#include "bytes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX 64u

/* "x: 00 f0 39" as bytes; 0: it is none. */
static size_t pattern_of(const char *text, uint8_t pattern[PATTERN_MAX])
{
	size_t n = 0;

	if (strncasecmp(text, "x:", 2) != 0)
		return 0;
	for (text += 2; *text;) {
		char pair[3] = {0};

		if (isblank((unsigned char)*text)) {
			text++;
			continue;
		}
		pair[0] = text[0];
		pair[1] = text[1];
		if (n == PATTERN_MAX || !isxdigit((unsigned char)pair[0]) ||
			!isxdigit((unsigned char)pair[1]))
			return 0;
		pattern[n++] = (uint8_t)strtoul(pair, NULL, 16);
		text += 2;
	}
	return n;
}

struct match {
	const struct needle *needle;
	uint8_t pattern[PATTERN_MAX];
	size_t length;
};

static bool has_address(const struct bytes_view *b, const struct fsr_label *label, uint64_t address)
{
	size_t entry = bytes_entry(b, label);

	if (entry != SIZE_MAX && label->kind == FSR_LABEL_OFFSET)
		return cache_entry_covers(&b->model.cache->entries[entry], b->model.sector, address);
	return b->source.bytenr != FSR_NO_BYTENR && address - b->source.bytenr >= label->byte &&
	       address - b->source.bytenr - label->byte < label->length;
}

/* Whether something that is looked for begins at the byte. */
static bool matches(const struct bytes_view *b, const struct match *m, size_t byte)
{
	const struct fsr_label *label;

	if (m->length)
		return m->length <= b->source.size - byte &&
		       !memcmp(b->source.data + byte, m->pattern, m->length);
	label = bytes_label_at(b->source.labels, b->source.nlabels, byte);
	if (!label || label->byte != byte)
		return false;
	return (m->needle->is_address && has_address(b, label, m->needle->address)) ||
	       (*m->needle->text && strcasestr(label->text, m->needle->text));
}

bool bytes_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct bytes_view *b = bytes_self(view);
	struct match m = {.needle = needle};
	size_t first = SIZE_MAX, before = SIZE_MAX, after = SIZE_MAX, last = SIZE_MAX;
	size_t number_before = 0, number_after = 0;

	m.length = pattern_of(needle->text, m.pattern);
	*number = *count = 0;
	for (size_t i = 0; i < b->source.size; i++) {
		if (!matches(b, &m, i))
			continue;
		++*count;
		first = first == SIZE_MAX ? i : first;
		last = i;
		if (i < b->cursor) {
			before = i;
			number_before = *count;
		} else if (after == SIZE_MAX && (i > b->cursor || !direction)) {
			after = i;
			number_after = *count;
		}
	}
	if (!*count)
		return false;
	if (direction < 0) {
		b->cursor = before != SIZE_MAX ? before : last;
		*number = before != SIZE_MAX ? number_before : *count;
	} else {
		b->cursor = after != SIZE_MAX ? after : first;
		*number = after != SIZE_MAX ? number_after : 1;
	}
	return true;
}
