/* SPDX-License-Identifier: MIT */
/* What was judged, in sentences with both numbers. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define N(x) ((uint64_t)(x))

void report_add(struct judge *j, struct fsr_finding *f, enum fsr_severity most)
{
	if (f->severity > most)
		f->severity = most;
	findings_add(&j->findings, f);
}

static void number_of_group(struct fsr_finding *f, const struct judge *j, const struct copy_judgement *copy)
{
	finding_number(f, "step", N(copy->step));
	if (j->header)
		finding_number(f, "inode", j->header->location.objectid);
}

/* Steps 5 to 10. */
static void report_stamps(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	const struct cache_header *h = j->header;
	const struct cache_inode *inode = j->inode;
	uint64_t ino = h->location.objectid, bg = j->group->bytenr;
	struct fsr_finding f;

	switch (inode ? copy->step : 5) {
	case 5:
		finding_init(&f, copy->reason, bg, "inode %" PRIu64 " does not exist%s", ino,
			j->header_hole ? ", or a root tree block that can't be read hides it" : "");
		break;
	case 6:
		finding_init(&f, copy->reason, bg,
			"inode %" PRIu64 " has flags 0x%" PRIx64
			" of an old kernel; the pages are of format %c",
			ino, inode->flags, copy->format);
		finding_number(&f, "flags", inode->flags);
		if (copy->format != 'A' && copy->format != 'B')
			f.severity = FSR_SEVERITY_ERROR;
		break;
	case 7:
		finding_init(&f, copy->reason, bg, "inode %" PRIu64 " is empty, its generation is %" PRIu64,
			ino, inode->generation);
		break;
	case 8:
		finding_init(&f, copy->reason, bg,
			"inode generation 0; header %" PRIu64 ", %" PRIu64 " entries", h->generation,
			h->entries);
		break;
	case 9:
		finding_init(&f, copy->reason, bg,
			"inode %" PRIu64 " has generation %" PRIu64 ", the header %" PRIu64, ino,
			inode->generation, h->generation);
		break;
	default:
		finding_init(&f, copy->reason, bg,
			"the header says 0 entries, but %" PRIu64 " bytes are free", j->scan.free_bytes);
	}
	number_of_group(&f, j, copy);
	finding_number(&f, "header_generation", h->generation);
	if (inode)
		finding_number(&f, "inode_generation", inode->generation);
	report_add(j, &f, most);
}

static void init_crc(struct judge *j, const struct copy_judgement *copy, struct fsr_finding *f)
{
	const struct walk_result *walk = &copy->walk;

	finding_init(f, copy->reason, j->group->bytenr,
		"page %" PRIu64 ": crc stored %08" PRIx32 ", computed %08" PRIx32 "%s", walk->page,
		walk->crc_stored, walk->crc_computed,
		copy->reason == FSR_FINDING_CACHE_NO_EXTENT ? " (no extent behind it: it reads as zeros)"
							    : "");
	finding_number(f, "page", walk->page);
	finding_number(f, "crc_stored", walk->crc_stored);
	finding_number(f, "crc_computed", walk->crc_computed);
}

static void init_pages(struct judge *j, const struct copy_judgement *copy, struct fsr_finding *f)
{
	uint64_t pages = N(page_count(j->inode->size, j->fs->volume->fs.sectorsize));

	finding_init(f, copy->reason, j->group->bytenr,
		"inode %" PRIu64 " of %" PRIu64 " bytes needs %" PRIu64 " pages%s", j->inode->ino,
		j->inode->size, pages,
		copy->reason == FSR_FINDING_CACHE_CRASH_PAGES ? ", more than page 0 has room for"
		: copy->verdict == FSR_VERDICT_UNKNOWN        ? ", more than are looked at here"
							      : ", more than Linux can load");
	finding_number(f, "size", j->inode->size);
	finding_number(f, "pages", pages);
}

/* Steps 11 to 16 and 19, and the crashes on the way. */
static void report_pages(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	const struct walk_result *walk = &copy->walk;
	uint64_t bg = j->group->bytenr, pages = N(page_count(j->inode->size, j->fs->volume->fs.sectorsize));
	struct fsr_finding f;

	switch (copy->reason) {
	case FSR_FINDING_CACHE_CRC:
	case FSR_FINDING_CACHE_NO_EXTENT:
		init_crc(j, copy, &f);
		break;
	case FSR_FINDING_CACHE_PAGE_STAMP:
		finding_init(&f, copy->reason, bg, "page 0 has generation %" PRIu64 ", the header %" PRIu64,
			walk->page_generation, j->header->generation);
		finding_number(&f, "page_generation", walk->page_generation);
		finding_number(&f, "header_generation", j->header->generation);
		break;
	case FSR_FINDING_CACHE_OVERRUN:
		finding_init(&f, copy->reason, bg,
			"%" PRIu64 " entries and their bitmaps need more than the %" PRIu64
			" pages there are",
			j->header->entries, pages);
		finding_number(&f, "entries", j->header->entries);
		finding_number(&f, "pages", pages);
		break;
	case FSR_FINDING_CACHE_ZERO_ENTRY:
	case FSR_FINDING_CACHE_DUPLICATE:
		finding_init(&f, copy->reason, bg, "entry %zu on page %" PRIu64 " %s", walk->entry,
			walk->page,
			copy->step == 15 ? "has 0 bytes" : "begins where another of its kind begins");
		finding_number(&f, "entry", N(walk->entry));
		finding_number(&f, "page", walk->page);
		break;
	case FSR_FINDING_CACHE_CRASH_MODE:
		finding_init(&f, copy->reason, bg, "inode %" PRIu64 " has mode 0%o, not a regular file's",
			j->inode->ino, j->inode->mode);
		finding_number(&f, "mode", j->inode->mode);
		break;
	case FSR_FINDING_CACHE_UNREADABLE:
		if (copy->walked) {
			finding_init(&f, copy->reason, bg, "%u of %" PRIu64 " pages can't be read: %s",
				copy->bad_pages, pages, copy->why_bad.text);
			break;
		}
		/* fall through */
	default:
		init_pages(j, copy, &f);
	}
	number_of_group(&f, j, copy);
	report_add(j, &f, most);
}

static void report_total(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	const struct group_facts *g = j->group;
	uint64_t want = g->length - g->used - g->excluded_bytes;
	struct fsr_finding f;

	finding_init(&f, copy->reason, g->bytenr,
		"entries add up to %" PRIu64 ", but length %" PRIu64 " - used %" PRIu64
		" - super stripes %" PRIu64 " = %" PRIu64,
		copy->declared_bytes, g->length, g->used, g->excluded_bytes, want);
	number_of_group(&f, j, copy);
	finding_number(&f, "declared_bytes", copy->declared_bytes);
	finding_number(&f, "expected_bytes", want);
	finding_number(&f, "excess_bytes", copy->excess_bytes);
	finding_number(&f, "missing_bytes", copy->missing_bytes);
	report_add(j, &f, most);
}

void report_at(
	struct judge *j, enum fsr_finding_code code, enum fsr_severity most, uint64_t at, const char *what)
{
	struct fsr_finding f;

	finding_init(&f, code, j->group->bytenr, "%s at %" PRIu64, what, at);
	finding_number(&f, "bytenr", at);
	report_add(j, &f, most);
}

static void report_insert(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	report_at(j, copy->reason, most, copy->insert_at,
		copy->verdict == FSR_VERDICT_REFUSED   ? "a second range begins where one begins already,"
		: copy->verdict == FSR_VERDICT_UNKNOWN ? "too many ranges to find out what Linux does, one"
						       : "a range that Linux can't deal with");
}

static void report_sums(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	struct fsr_finding f;

	if (copy->relation == FSR_RELATION_EQUAL || copy->relation == FSR_RELATION_NULL)
		return;
	finding_init(&f,
		copy->relation == FSR_RELATION_SHORT    ? FSR_FINDING_CONTENT_SHORT
		: copy->relation == FSR_RELATION_EXCESS ? FSR_FINDING_CONTENT_EXCESS
							: FSR_FINDING_CONTENT_MISPLACED,
		j->group->bytenr,
		"%" PRIu64 " bytes cached as free are in use, %" PRIu64 " free bytes are not cached",
		copy->excess_bytes, copy->missing_bytes);
	finding_number(&f, "excess_bytes", copy->excess_bytes);
	finding_number(&f, "missing_bytes", copy->missing_bytes);
	if (copy->relation == FSR_RELATION_SHORT)
		f.severity = FSR_SEVERITY_DANGER; /* accepted: the ranges overlap or lie about their bytes */
	report_add(j, &f, most);
}

/* The layout of an accepted cache: the most telling fault first, it becomes the record's reason. */
static void report_layout(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	const struct content_faults *x = &copy->faults;
	struct fsr_finding f;

	if (copy->endian) {
		finding_init(&f, FSR_FINDING_CONTENT_BITMAP_ENDIAN, j->group->bytenr,
			"the bitmaps are right when their %u-byte words are read in big-endian order",
			copy->endian);
		finding_number(&f, "word_bytes", copy->endian);
		report_add(j, &f, most);
	}
	if (x->outside)
		report_at(j, FSR_FINDING_CONTENT_OUTSIDE, most, x->outside_at,
			"free space outside the block group");
	if (x->unaligned)
		report_at(j, FSR_FINDING_CONTENT_UNALIGNED, most, x->unaligned_at,
			"an entry not aligned to sectors");
	if (x->overlap)
		report_at(j, FSR_FINDING_CONTENT_OVERLAP, most, x->overlap_at, "space listed twice");
	if (x->popcount) {
		finding_init(&f, FSR_FINDING_CONTENT_BITMAP_COUNT, j->group->bytenr,
			"the bitmap at %" PRIu64 " has %" PRIu64 " bytes set, its entry says %" PRIu64,
			x->popcount_at, x->popcount_bytes, x->popcount_declared);
		finding_number(&f, "bytenr", x->popcount_at);
		finding_number(&f, "set_bytes", x->popcount_bytes);
		finding_number(&f, "entry_bytes", x->popcount_declared);
		report_add(j, &f, most);
	}
	report_sums(j, copy, most);
}

void report_number(struct judge *j, enum fsr_finding_code code, enum fsr_severity most, const char *what,
	uint64_t is, uint64_t should)
{
	struct fsr_finding f;

	finding_init(&f, code, j->group->bytenr, "%s is %" PRIu64 ", not %" PRIu64, what, is, should);
	finding_number(&f, "value", is);
	finding_number(&f, "expected", should);
	report_add(j, &f, most < FSR_SEVERITY_ERROR ? most : FSR_SEVERITY_ERROR);
}

/* What is not as Linux writes it, though Linux takes it and the layout is right. */
static void report_facts(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most)
{
	const struct cache_header *h = j->header;
	uint64_t newest = j->fs->volume->fs.generation;
	size_t n;
	const struct cache_file_extent *e = find_extents(j->fs, j->inode->ino, &n);

	if (h->bitmaps != copy->bitmaps)
		report_number(j, FSR_FINDING_CACHE_NUM_BITMAPS, most, "the header's number of bitmaps",
			h->bitmaps, copy->bitmaps);
	if (h->location.type != KEY_INODE_ITEM)
		report_number(j, FSR_FINDING_CACHE_LOCATION, most, "the type of the header's location",
			h->location.type, KEY_INODE_ITEM);
	if (h->location.offset)
		report_number(j, FSR_FINDING_CACHE_LOCATION, most, "the offset of the header's location",
			h->location.offset, 0);
	if (j->inode->nlink != 1)
		report_number(j, FSR_FINDING_CACHE_INODE_UNLAWFUL, most, "the inode's link count",
			j->inode->nlink, 1);
	if (copy->faults.type)
		report_number(j, FSR_FINDING_CACHE_ENTRY_TYPE, most, "an entry's type (taken as a bitmap)",
			copy->faults.type_value, FREE_SPACE_ENTRY_BITMAP);
	if (copy->faults.grid)
		report_at(j, FSR_FINDING_CONTENT_BITMAP_GRID,
			most < FSR_SEVERITY_ERROR ? most : FSR_SEVERITY_ERROR, copy->faults.grid_at,
			"a bitmap off the block group's grid");
	if (copy->faults.many_bitmaps)
		report_number(
			j, FSR_FINDING_CACHE_MANY_BITMAPS, most, "the number of bitmaps", copy->bitmaps, 1);
	if (n && e->item.type == FILE_EXTENT_INLINE)
		report_at(j, FSR_FINDING_CACHE_INLINE_EXTENT, most, e->leaf, "an inline extent in leaf");
	if (h->generation > newest)
		report_number(j, FSR_FINDING_CACHE_FUTURE_STAMP, most, "the header's generation",
			h->generation, newest);
}

void report_copy(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most, bool left_over)
{
	if (left_over && most < FSR_SEVERITY_DANGER)
		return; /* one finding says that it is left over; what it holds does not matter */
	if (copy->verdict == FSR_VERDICT_ACCEPTED) {
		report_layout(j, copy, most);
		report_facts(j, copy, most);
	} else if (copy->step == 20) {
		if (j->group->has_item) /* else that is what there is to say */
			report_total(j, copy, most);
	} else if (copy->step == 21) {
		report_insert(j, copy, most);
		report_layout(j, copy, most);
	} else if (copy->step == 4) {
		report_at(j, FSR_FINDING_CACHE_CRASH_ENTRIES, FSR_SEVERITY_DANGER, j->header->leaf,
			"the header item reaches behind its leaf");
	} else if (copy->step <= 10) {
		report_stamps(j, copy, most);
	} else {
		report_pages(j, copy, most);
	}
}

void report_copies(struct judge *j, enum fsr_severity severity)
{
	const struct page_difference *first = &j->differences[0];
	char where[160] = "";
	struct fsr_finding f;

	if (j->ndifferences)
		snprintf(where, sizeof where,
			"; differing pages: %zu, the first is page %u of copy %u, on device %" PRIu64
			" at offset %" PRIu64,
			j->ndifferences, first->page, first->copy, first->where.devid, first->where.offset);
	finding_init(&f, FSR_FINDING_CACHE_COPIES_DIFFER, j->group->bytenr,
		"the %u copies of the cache differ, copy %u is the worst: what Linux reads decides%s",
		j->ncopies, j->worst, where);
	f.severity = severity;
	finding_number(&f, "copies", j->ncopies);
	finding_number(&f, "worst", j->worst);
	finding_number(&f, "pages", j->ndifferences);
	if (j->ndifferences) {
		finding_number(&f, "page", first->page);
		page_difference_numbers(first, &f);
	}
	findings_add(&j->findings, &f);
}
