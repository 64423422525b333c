/* SPDX-License-Identifier: MIT */
/* What the fields under the labels mean: entries, findings, colours, few words. */
#include "bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CRC_SIZE 4u
#define ENTRY_SIZE 17u

const struct fsr_label *bytes_field(const struct bytes_view *b)
{
	return bytes_label_at(b->source.labels, b->source.nlabels, b->cursor);
}

/* Entries lie in the order of their pages and bytes. */
size_t bytes_entry(const struct bytes_view *b, const struct fsr_label *label)
{
	const struct fsr_cache *cache = b->model.cache;
	size_t low = 0, high = cache ? cache->nentries : 0;
	unsigned page = b->source.page;

	if (b->source.kind != BYTES_CACHE || !cache)
		return SIZE_MAX;
	if (label->kind == FSR_LABEL_BITMAP)
		return b->model.bitmap_entry[page] == UINT32_MAX ? SIZE_MAX : b->model.bitmap_entry[page];
	if (label->kind != FSR_LABEL_OFFSET && label->kind != FSR_LABEL_BYTES &&
		label->kind != FSR_LABEL_TYPE)
		return SIZE_MAX;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fsr_cache_entry *entry = &cache->entries[middle];

		if (entry->page > page || (entry->page == page && entry->byte > label->byte))
			high = middle;
		else if (entry->page == page && label->byte - entry->byte < ENTRY_SIZE)
			return middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

/* ---- findings */

static bool touches_bad(const struct bytes_view *b, const struct fsr_label *label)
{
	for (unsigned i = 0; b->bad && i < label->length; i++)
		if (b->bad[label->byte + i])
			return true;
	return false;
}

/* A bitmap's findings are about those of its bytes that say what is wrong, where that is known. */
static int bitmap_severity(
	const struct bytes_view *b, const struct fsr_label *label, const struct fsr_finding **finding)
{
	size_t entry = bytes_entry(b, label);

	if (entry == SIZE_MAX)
		return -1;
	*finding = cache_note_at(&b->model.notes, CACHE_AT_ENTRY, entry);
	if (touches_bad(b, label))
		return cache_note_severity(&b->model.notes, CACHE_AT_ENTRY, entry);
	return *finding && !b->bad ? (int)(*finding)->severity : -1;
}

/* Which kind of field a finding about a page is to be seen at. */
static enum fsr_label_kind kind_of(enum fsr_finding_code code)
{
	switch (code) {
	case FSR_FINDING_CACHE_PAGE_STAMP:
		return FSR_LABEL_GENERATION;
	case FSR_FINDING_CACHE_ZERO_ENTRY: /* where the entry would be there are zeros */
	case FSR_FINDING_CACHE_DUPLICATE:
	case FSR_FINDING_CACHE_UNREADABLE:
		return FSR_LABEL_UNUSED;
	default:
		return FSR_LABEL_CRC;
	}
}

static int page_severity(
	const struct bytes_view *b, size_t page, enum fsr_label_kind kind, const struct fsr_finding **finding)
{
	const struct fsr_finding *is = cache_note_at(&b->model.notes, CACHE_AT_PAGE, page);

	if (!is || kind_of(is->code) != kind)
		return -1;
	*finding = is;
	return (int)is->severity;
}

int bytes_severity(struct bytes_view *b, const struct fsr_label *label, const struct fsr_finding **finding)
{
	const struct cache_notes *notes = &b->model.notes;
	size_t entry;

	*finding = NULL;
	if (b->source.kind != BYTES_CACHE || !b->source.judged)
		return -1;
	switch (label->kind) {
	case FSR_LABEL_CRC:
		return page_severity(b, label->byte / CRC_SIZE, label->kind, finding);
	case FSR_LABEL_GENERATION:
	case FSR_LABEL_UNUSED:
		return page_severity(b, b->source.page, label->kind, finding);
	case FSR_LABEL_BITMAP:
		return bitmap_severity(b, label, finding);
	default:
		entry = bytes_entry(b, label);
		if (entry == SIZE_MAX)
			return -1;
		*finding = cache_note_at(notes, CACHE_AT_ENTRY, entry);
		return cache_note_severity(notes, CACHE_AT_ENTRY, entry);
	}
}

enum style bytes_style(struct bytes_view *b, const struct fsr_label *label)
{
	static const enum style styles[] = {
		[FSR_LABEL_CRC] = STYLE_CRC,
		[FSR_LABEL_GENERATION] = STYLE_GENERATION,
		[FSR_LABEL_OFFSET] = STYLE_OFFSET,
		[FSR_LABEL_BYTES] = STYLE_LENGTH,
		[FSR_LABEL_TYPE] = STYLE_TYPE,
		[FSR_LABEL_BITMAP] = STYLE_OFFSET,
		[FSR_LABEL_UNUSED] = STYLE_UNUSED,
	};
	const struct fsr_finding *finding;
	int severity = label ? bytes_severity(b, label, &finding) : -1;

	if (severity >= 0)
		return severity_style(severity);
	if (!label || label->kind > FSR_LABEL_UNUSED)
		return STYLE_PLAIN;
	if (label->kind == FSR_LABEL_BITMAP && strcmp(label->text, "in use") == 0)
		return STYLE_UNUSED;
	return styles[label->kind];
}

/* ---- what is in use of what an entry says is free */

static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct bytes_excess *x = arg;

	if (!range->excess || range->free_space_tree || range->bytenr >= x->to ||
		range->bytenr + range->length <= x->from)
		return 0;
	if (x->count < BYTES_RANGES)
		x->ranges[x->count] = *range;
	x->count++;
	return 0;
}

const struct bytes_excess *bytes_find_excess(struct bytes_view *b, size_t entry)
{
	const struct fsr_cache_entry *e = &b->model.cache->entries[entry];

	if (b->excess.entry == entry)
		return &b->excess;
	b->excess = (struct bytes_excess){
		.entry = entry, .from = e->offset, .to = e->offset + cache_entry_span(e, b->model.sector)};
	if (cache_note_excess(&b->model.notes, entry))
		fsr_diff(b->model.fs, b->model.cache->group.bytenr, take_range, &b->excess, NULL);
	return &b->excess;
}

static int mark_range(void *arg, const struct fsr_diff_range *range)
{
	struct bytes_view *b = arg;
	const struct fsr_cache_entry *e = &b->model.cache->entries[b->model.bitmap_entry[b->source.page]];
	uint64_t per_byte = 8 * b->model.sector, end = range->bytenr + range->length, at = range->bytenr;

	if (!range->excess || range->free_space_tree || end <= e->offset)
		return 0;
	for (at = at > e->offset ? at - e->offset : 0; at < end - e->offset; at += per_byte - at % per_byte)
		if (at / per_byte < b->source.size)
			b->bad[at / per_byte] = 1;
		else
			break;
	return 0;
}

void bytes_find_bad(struct bytes_view *b)
{
	uint32_t entry = b->source.kind == BYTES_CACHE ? b->model.bitmap_entry[b->source.page] : UINT32_MAX;

	free(b->bad);
	b->bad = NULL;
	if (entry == UINT32_MAX || !cache_note_excess(&b->model.notes, entry))
		return;
	b->bad = calloc(b->source.size + 1, 1);
	if (b->bad)
		fsr_diff(b->model.fs, b->model.cache->group.bytenr, mark_range, b, NULL);
}

/* ---- few words */

struct words {
	char *out;
	size_t size, used;
	char last[96]; /* what was said last */
};

static void say(struct words *w, const char *text)
{
	int n;

	if (w->used + 1 >= w->size || strcmp(w->last, text) == 0)
		return;
	n = snprintf(w->out + w->used, w->size - w->used, "%s%s", w->used ? ", " : "", text);
	w->used += n > 0 ? (size_t)n : 0;
	snprintf(w->last, sizeof w->last, "%s", text);
}

static const char *crc_word(const struct bytes_view *b, size_t page)
{
	const struct fsr_cache_page *p = page < b->model.cache->npages ? &b->model.cache->pages[page] : NULL;

	if (!p || !b->source.judged || !cache_page_judged(b->model.cache, p))
		return "";
	return p->crc_stored == p->crc_computed ? " ok" : " BAD";
}

/* "crc 0 ok, 1 to 3": slots of which the same is to be said come together. */
static void crc_words(const struct bytes_view *b, struct words *w, size_t first, size_t last)
{
	const char *before = "crc ";
	char text[64];

	while (first <= last) {
		const char *word = crc_word(b, first);
		size_t end = first;

		while (end < last && crc_word(b, end + 1) == word)
			end++;
		if (end > first)
			snprintf(text, sizeof text, "%s%zu to %zu%s", before, first, end, word);
		else
			snprintf(text, sizeof text, "%s%zu%s", before, first, word);
		say(w, text);
		before = "";
		first = end + 1;
	}
}

static void label_words(const struct bytes_view *b, const struct fsr_label *label, struct words *w)
{
	size_t entry = bytes_entry(b, label);
	char text[sizeof label->text];
	int n = 0;

	snprintf(text, sizeof text, "%s", label->text);
	if (b->source.kind != BYTES_CACHE) {
		/* "item 3 " and the like is said once */
		if (sscanf(label->text, "%*s %*u %n", &n) == 0 && n > 0 &&
			strncmp(w->last, label->text, (size_t)n) == 0)
			snprintf(text, sizeof text, "%s", label->text + n);
		say(w, text);
		snprintf(w->last, sizeof w->last, "%s", label->text);
		return;
	}
	if (label->kind == FSR_LABEL_BITMAP)
		text[strcspn(text, ",")] = 0;
	else if (label->kind == FSR_LABEL_GENERATION)
		snprintf(text, sizeof text, "generation");
	else if (entry != SIZE_MAX)
		snprintf(text, sizeof text, "entry %zu", entry);
	say(w, text);
}

/* In a bitmap the free runs are what is to be said of a row, unless there is none. */
static bool left_out(const struct bytes_view *b, const struct fsr_label *label, size_t byte, size_t length)
{
	const struct fsr_label *next = label + 1, *stop = b->source.labels + b->source.nlabels;

	return label->kind == FSR_LABEL_BITMAP && strcmp(label->text, "in use") == 0 &&
	       (label->byte > byte || (next < stop && next->byte < byte + length));
}

void bytes_row_words(const struct bytes_view *b, size_t byte, size_t length, char *out, size_t size)
{
	const struct fsr_label *label = bytes_label_at(b->source.labels, b->source.nlabels, byte);
	const struct fsr_label *stop = b->source.labels + b->source.nlabels, *inside = label;
	struct words w = {.out = out, .size = size};

	*out = 0;
	if (label && label->byte < byte)
		label++;
	while (label && label < stop && label->byte < byte + length) {
		const struct fsr_label *first = label;

		if (b->source.kind == BYTES_CACHE && label->kind == FSR_LABEL_CRC && b->model.cache &&
			b->model.cache->group.cache.format != 'B') {
			while (label + 1 < stop && label[1].kind == FSR_LABEL_CRC &&
				label[1].byte < byte + length)
				label++;
			crc_words(b, &w, first->byte / CRC_SIZE, label->byte / CRC_SIZE);
		} else if (!left_out(b, label, byte, length)) {
			label_words(b, label, &w);
		}
		label++;
	}
	if (!w.used && inside)
		label_words(b, inside, &w);
}
