/* SPDX-License-Identifier: MIT */
/* Which pages of a cache's copies differ, and where they lie. */
#include "judge.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

/* Where a page of one copy lies; false where no such copy of it is on a disk. */
static bool locate(const struct judge *j, unsigned page, unsigned copy, struct fsr_physical *where)
{
	const struct volume *volume = j->fs->volume;
	uint64_t bytenr, length;
	const struct chunk *chunk;

	if (!page_bytenr(j->fs, j->inode->ino, (uint64_t)page * j->pages.size, &bytenr))
		return false;
	chunk = volume_find_chunk(volume, bytenr);
	return chunk && copy < volume_copies(volume, chunk) &&
	       !volume_map(volume, bytenr, copy, where, &length, NULL);
}

static void note_difference(struct judge *j, const struct page_difference *d)
{
	if (j->ndifferences < PAGE_DIFFERENCES_MAX)
		j->differences[j->ndifferences] = *d;
	j->ndifferences++;
}

static uint32_t first_difference(const struct page_set *a, const struct page_set *b, unsigned page)
{
	const size_t at = (size_t)page * a->size;
	uint32_t byte = 0;

	while (byte < a->size && a->data[at + byte] == b->data[at + byte])
		byte++;
	return byte;
}

/* One page of a copy against that of copy j->first. */
static void compare_page(struct judge *j, const struct page_set *set, unsigned copy, unsigned page,
	struct fsr_copy_counts *counts)
{
	struct page_difference d = {.copy = copy, .page = page, .first_byte = set->size};

	if (set->bad[page] == PAGE_MISSING || set->lent[page] || !locate(j, page, copy, &d.where))
		return;
	counts->read++;
	if (set->bad[page]) {
		counts->failing++;
		note_difference(j, &d);
		return;
	}
	if (j->pages.bad[page])
		return; /* what it is to be compared with is the one that fails */
	d.first_byte = first_difference(&j->pages, set, page);
	if (d.first_byte == set->size)
		return;
	counts->differing++;
	note_difference(j, &d);
}

void compare_pages(struct judge *j, const struct page_set *set, unsigned copy, struct fsr_copy_counts *counts)
{
	for (unsigned page = 0; page < set->count; page++)
		compare_page(j, set, copy, page, counts);
}

int compare_all_copies(struct judge *j, struct fsr_error *err)
{
	struct fsr_copy_counts counts = {0};
	unsigned copies = page_copies(j->fs, j->inode->ino);

	j->ndifferences = 0;
	compare_pages(j, &j->pages, j->first, &counts);
	if (copies == 1)
		j->ndifferences = 0; /* there is nothing that it could differ from */
	for (unsigned i = 0; i < copies; i++) {
		if (i == j->first)
			continue;
		if (page_set_read(j->fs, j->inode, i, &j->other, err))
			return err->code;
		compare_pages(j, &j->other, i, &counts);
	}
	copy_set_count(j->fs->volume->copies, &counts);
	return 0;
}

static void page_finding(const struct judge *j, const struct page_difference *d, struct fsr_finding *f)
{
	char what[64] = "can't be read";

	if (d->first_byte < j->pages.size)
		snprintf(what, sizeof what, "differs from copy %u, first at byte %" PRIu32, j->first,
			d->first_byte);
	finding_init(f, FSR_FINDING_CACHE_PAGE_COPY, j->group->bytenr,
		"copy %u of page %u of the cache, on device %" PRIu64 " at offset %" PRIu64 ", %s", d->copy,
		d->page, d->where.devid, d->where.offset, what);
	finding_number(f, "page", d->page);
	page_difference_numbers(d, f);
	if (d->first_byte < j->pages.size)
		finding_number(f, "first_byte", d->first_byte);
}

void page_difference_numbers(const struct page_difference *d, struct fsr_finding *f)
{
	finding_number(f, "copy", d->copy);
	finding_number(f, "devid", d->where.devid);
	finding_number(f, "offset", d->where.offset);
	finding_number(f, "image_offset", d->where.image_offset);
}

void page_copies_report(struct judge *j)
{
	struct fsr_finding f;

	if (!j->fs->volume->copies)
		return;
	for (size_t i = 0; i < j->ndifferences && i < PAGE_DIFFERENCES_MAX; i++) {
		page_finding(j, &j->differences[i], &f);
		findings_add(&j->findings, &f);
	}
	if (j->ndifferences <= PAGE_DIFFERENCES_MAX)
		return;
	finding_init(&f, FSR_FINDING_CACHE_PAGE_COPY, j->group->bytenr,
		"%zu more pages of copies of the cache differ or can't be read",
		j->ndifferences - PAGE_DIFFERENCES_MAX);
	finding_number(&f, "more", j->ndifferences - PAGE_DIFFERENCES_MAX);
	findings_add(&j->findings, &f);
}
