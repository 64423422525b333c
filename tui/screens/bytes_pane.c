/* SPDX-License-Identifier: MIT */
/* The field under the cursor, decoded, and what is wrong with it. */
#include "bytes.h"

#include <inttypes.h>
#include <string.h>

#define CRC_SIZE 4u
#define SHOWN_BYTES 24u

struct pane {
	struct bytes_view *b;
	const struct area *area;
	int row;
};

/* ---- the field itself */

static const char *size_word(const struct fsr_label *label, char out[24])
{
	if (label->kind == FSR_LABEL_BITMAP || label->kind == FSR_LABEL_UNUSED)
		snprintf(out, 24, "%u byte%s", label->length, label->length == 1 ? "" : "s");
	else if (label->length == 17)
		snprintf(out, 24, "key");
	else if (label->length <= 8 && !(label->length & (label->length - 1)))
		snprintf(out, 24, "u%u", 8 * label->length);
	else
		snprintf(out, 24, "%u bytes", label->length);
	return out;
}

/* "entry 0 · offset"; what others than cache pages hold says more in its label. */
static void field_name(const struct bytes_view *b, const struct fsr_label *label, char *out, size_t size)
{
	size_t entry = bytes_entry(b, label);
	const char *part = label->kind == FSR_LABEL_OFFSET  ? "offset"
			   : label->kind == FSR_LABEL_BYTES ? "bytes"
							    : "type";

	if (b->source.kind == BYTES_CACHE && label->kind == FSR_LABEL_GENERATION)
		snprintf(out, size, "generation of page 0");
	else if (b->source.kind == BYTES_CACHE && label->kind == FSR_LABEL_BITMAP && entry != SIZE_MAX)
		snprintf(out, size, "entry %zu · bitmap", entry);
	else if (entry != SIZE_MAX)
		snprintf(out, size, "entry %zu · %s", entry, part);
	else
		snprintf(out, size, "%s", label->text);
	if (label->kind == FSR_LABEL_CRC && b->source.kind == BYTES_CACHE)
		out[strcspn(out, ",")] = 0; /* what comes of it is said below */
}

static void put_name(struct pane *p, const struct fsr_label *label)
{
	const struct bytes_view *b = p->b;
	char name[128], size[24];
	int col;

	field_name(b, label, name, sizeof name);
	col = put_untrusted(p->area, p->row, 1, p->area->cols - 1, bytes_style(p->b, label), name);
	col = putf(p->area, p->row, col, STYLE_PLAIN, "   %s   ", size_word(label, size));
	if (b->source.kind == BYTES_CACHE)
		col = putf(p->area, p->row, col, STYLE_PLAIN, "page %u, ", b->source.page);
	if (label->length > 1)
		putf(p->area, p->row, col, STYLE_PLAIN, "bytes 0x%x to 0x%x", label->byte,
			label->byte + label->length - 1);
	else
		putf(p->area, p->row, col, STYLE_PLAIN, "byte 0x%x", label->byte);
	p->row++;
}

/* The bytes, and their value where they are a number. */
static void put_value(struct pane *p, const struct fsr_label *label)
{
	const struct bytes_source *s = &p->b->source;
	unsigned n = label->length < SHOWN_BYTES ? label->length : SHOWN_BYTES;
	bool number =
		label->length <= 8 && label->kind != FSR_LABEL_BITMAP && label->kind != FSR_LABEL_UNUSED;
	int col = 2;

	for (unsigned i = 0; i < n; i++)
		col = byte_unread(s->unread, label->byte + i)
			      ? put(p->area, p->row, col, STYLE_UNKNOWN, " ··")
			      : putf(p->area, p->row, col, STYLE_PLAIN, " %02x", s->data[label->byte + i]);
	if (label->length > n)
		put(p->area, p->row, col, STYLE_PLAIN, " …");
	else if (number && !byte_unread(s->unread, label->byte))
		putf(p->area, p->row, col, STYLE_PLAIN,
			label->kind == FSR_LABEL_CRC ? "  =  %08" PRIx64 : "  =  %" PRIu64,
			bytes_number(s, label->byte, label->length));
	p->row++;
}

/* ---- what it means */

static void mean_crc(struct pane *p, const struct fsr_label *label)
{
	const struct fsr_cache *cache = p->b->model.cache;
	size_t i = label->byte / CRC_SIZE;
	const struct fsr_cache_page *page = i < cache->npages ? &cache->pages[i] : NULL;
	bool judged;
	int col;

	if (!page || !page->has_crc)
		return;
	if (!p->b->source.judged) {
		putf(p->area, p->row++, 1, STYLE_PLAIN, "copy %u was judged, and has other bytes here",
			p->b->model.copy + 1);
		return;
	}
	judged = cache_page_judged(cache, page);
	col = page->crc_stored == page->crc_computed
		      ? putf(p->area, p->row, 1, STYLE_PLAIN, "as computed over page %zu", i)
		      : putf(p->area, p->row, 1, judged ? STYLE_ERROR : STYLE_PLAIN,
				"but computed over page %zu: %08" PRIx32, i, page->crc_computed);
	if (!judged)
		put(p->area, p->row, col, STYLE_DIM, ", which Linux does not compare");
	p->row++;
}

static void mean_generation(struct pane *p)
{
	const struct fsr_cache_facts *facts = &p->b->model.cache->group.cache;
	int col = putf(p->area, p->row, 1, STYLE_PLAIN, "the header says %" PRIu64, facts->generation);

	if (facts->has_inode_generation)
		putf(p->area, p->row, col, STYLE_PLAIN, ", the inode %" PRIu64, facts->inode_generation);
	p->row++;
}

static void mean_entry(struct pane *p, size_t i)
{
	const struct fsr_cache_entry *e = &p->b->model.cache->entries[i];

	if (e->type == 1)
		putf(p->area, p->row++, 1, STYLE_PLAIN,
			"entry %zu   extent (type 1) %" PRIu64 "+%" PRIu64 ": free up to %" PRIu64, i,
			e->offset, e->bytes, e->offset + e->bytes);
	else if (e->bitmap_page)
		putf(p->area, p->row++, 1, STYLE_PLAIN,
			"entry %zu   bitmap (type %u) of %" PRIu64 "+%" PRIu64 ", %" PRIu64
			" bytes free in it: page %u",
			i, e->type, e->offset, cache_entry_span(e, p->b->model.sector), e->bytes,
			e->bitmap_page);
	else
		putf(p->area, p->row++, 1, STYLE_ERROR, "entry %zu   bitmap (type %u) without a page", i,
			e->type);
}

/* The eight sectors of the byte under the cursor. */
static void mean_bits(struct pane *p, size_t entry)
{
	const struct bytes_view *b = p->b;
	uint64_t sector = b->model.sector;
	uint64_t at = b->model.cache->entries[entry].offset + b->cursor * UINT64_C(8) * sector;
	uint8_t bits = b->source.data[b->cursor];
	int col = putf(p->area, p->row, 1, STYLE_PLAIN,
		"byte 0x%zx, bits %zu to %zu: sectors from %" PRIu64 " to %" PRIu64 "  ", b->cursor,
		8 * b->cursor, 8 * b->cursor + 7, at, at + 8 * sector);

	for (int i = 0; i < 8; i++)
		col = put(p->area, p->row, col, bits >> i & 1 ? STYLE_OK : STYLE_USED,
			bits >> i & 1 ? "·" : "█");
	put(p->area, p->row++, col, STYLE_DIM, "  · free █ in use");
}

static void put_meaning(struct pane *p, const struct fsr_label *label)
{
	size_t entry = bytes_entry(p->b, label);

	if (p->b->source.kind != BYTES_CACHE)
		return;
	if (label->kind == FSR_LABEL_CRC)
		mean_crc(p, label);
	else if (label->kind == FSR_LABEL_GENERATION)
		mean_generation(p);
	else if (entry != SIZE_MAX && label->kind == FSR_LABEL_BITMAP)
		mean_bits(p, entry);
	else if (entry != SIZE_MAX)
		mean_entry(p, entry);
}

/* ---- what is wrong */

/* The page of this same cache that lies at the address; SIZE_MAX: none. */
static size_t own_page(const struct fsr_cache *cache, uint64_t bytenr)
{
	for (size_t i = 0; i < cache->npages; i++)
		if (cache->pages[i].bytenr == bytenr)
			return i;
	return SIZE_MAX;
}

static void put_tree(struct pane *p, int col, uint64_t root)
{
	const char *name = fsr_objectid_name(root);

	if (name)
		put(p->area, p->row, col, STYLE_PLAIN, name);
	else
		putf(p->area, p->row, col, STYLE_PLAIN, "tree %" PRIu64, root);
}

static void put_holder(struct pane *p, const struct fsr_diff_range *range)
{
	const struct fsr_holder *h = &range->holder;
	size_t page = own_page(p->b->model.cache, range->bytenr);
	int col;

	if (h->tree_block) {
		col = putf(p->area, p->row, 11, STYLE_PLAIN, "tree block of ");
		put_tree(p, col, h->root);
	} else {
		col = putf(p->area, p->row, 11, STYLE_PLAIN, "inode %" PRIu64 ", offset %" PRIu64,
			h->objectid, h->offset + (range->bytenr - h->bytenr));
		if (page != SIZE_MAX)
			col = putf(p->area, p->row, col, STYLE_PLAIN, " = page %zu of this same cache", page);
		col = put(p->area, p->row, col, STYLE_PLAIN, ", ");
		put_tree(p, col, h->root);
	}
	p->row++;
}

static void put_excess(struct pane *p, size_t entry)
{
	const struct bytes_excess *x = bytes_find_excess(p->b, entry);
	int severity = (int)p->b->model.notes.excess_severity;

	for (size_t i = 0; i < x->count && i < BYTES_RANGES && p->row < p->area->rows; i++) {
		const struct fsr_diff_range *range = &x->ranges[i];
		int col =
			putf(p->area, p->row, 0, severity_style(severity), "%s excess  %" PRIu64 "+%" PRIu64,
				severity_letter(severity), range->bytenr, range->length);

		if (range->holder.present)
			putf(p->area, p->row, col, STYLE_PLAIN,
				" is in use, by extent %" PRIu64 "+%" PRIu64 ":", range->holder.bytenr,
				range->holder.length);
		else
			put(p->area, p->row, col, STYLE_PLAIN, " is not free");
		p->row++;
		if (range->holder.present && p->row < p->area->rows)
			put_holder(p, range);
	}
	if (x->count > BYTES_RANGES)
		putf(p->area, p->row++, 2, STYLE_PLAIN, "and %zu ranges more", x->count - BYTES_RANGES);
}

static void put_wrong(struct pane *p, const struct fsr_label *label)
{
	const struct fsr_finding *finding;
	int severity = bytes_severity(p->b, label, &finding);
	size_t entry = bytes_entry(p->b, label);

	if (severity >= 0 && finding) {
		int col = putf(p->area, p->row, 0, severity_style((int)finding->severity), "%s ",
			severity_letter((int)finding->severity));

		put_untrusted(p->area, p->row++, col, p->area->cols - col,
			severity_style((int)finding->severity), finding->message);
	}
	if (severity >= 0 && entry != SIZE_MAX)
		put_excess(p, entry);
}

void bytes_pane(struct bytes_view *b, const struct area *area)
{
	const struct fsr_label *label = bytes_field(b);
	struct area below = area_part(area, 1, 0, area->rows - 1, area->cols);
	struct pane p = {b, &below, 0};

	put_rule(area, 0, "field", false);
	if (!label)
		return;
	put_name(&p, label);
	put_value(&p, label);
	put_meaning(&p, label);
	put_wrong(&p, label);
}

/* ---- the message line */

void bytes_sentence(struct view *view, struct sentence *out)
{
	struct bytes_view *b = bytes_self(view);
	const struct fsr_label *label = b->source.kind ? bytes_field(b) : NULL;
	const struct fsr_finding *finding;
	int severity = label ? bytes_severity(b, label, &finding) : -1;
	size_t entry = label ? bytes_entry(b, label) : SIZE_MAX;
	char name[128];

	if (!label)
		return;
	if (severity < 0) {
		field_name(b, label, name, sizeof name);
		sentence_set(out, STYLE_PLAIN, "%s", label->kind == FSR_LABEL_CRC ? name : label->text);
	} else if (finding) {
		sentence_set(
			out, severity_style(severity), "%s %s", severity_letter(severity), finding->message);
	} else if (entry != SIZE_MAX) {
		sentence_set(out, severity_style(severity),
			"%s entry %zu: %" PRIu64 " bytes cached as free are in use",
			severity_letter(severity), entry, cache_note_excess(&b->model.notes, entry));
	}
}
