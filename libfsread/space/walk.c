/* SPDX-License-Identifier: MIT */
/* Steps 11 to 19 of the load (F-A6): from pages to entries, stopping where Linux stops. */
#include "../format/crc32c.h"
#include "../format/error.h"
#include "content.h"

#include <stdlib.h>

void content_free(struct content *content)
{
	free(content->entries);
	free(content->order);
	*content = (struct content){0};
}

uint32_t page_crc_stored(const struct page_set *set, unsigned page)
{
	return get32(set->data + 4 * (size_t)page);
}

uint32_t page_crc_computed(const struct page_set *set, unsigned page)
{
	uint32_t skip = page ? 0 : 4 * set->count;

	return crc32c(0, set->data + (size_t)page * set->size + skip, set->size - skip);
}

/* What keeps track of the walk: where the next entry is, and whether the walk still counts. */
struct walk {
	const struct page_set *set;
	struct content *content;
	struct walk_result *result;
	bool lenient;
	bool damaged;       /* a page that was opened has a wrong crc */
	unsigned next_page; /* the one that is taken when this one is full */
	unsigned page;
	uint32_t byte; /* 0 with `open` false: no page is open */
	bool open;
};

static void fail(struct walk *w, int step, enum fsr_finding_code reason)
{
	if (w->result->step)
		return;
	w->result->step = step;
	w->result->reason = reason;
	w->result->page = w->next_page;
	w->result->entry = w->content->count;
}

/* Opens the next page; false when the walk must end here. */
static bool open_page(struct walk *w, int step)
{
	unsigned page = w->next_page;

	if (page >= w->set->count) {
		fail(w, step, FSR_FINDING_CACHE_OVERRUN);
		return false;
	}
	if (!w->set->bad[page] && !w->set->bad[0]) {
		uint32_t stored = page_crc_stored(w->set, page), computed = page_crc_computed(w->set, page);

		w->damaged |= stored != computed;
		if (stored != computed && !w->result->step) {
			fail(w, step, FSR_FINDING_CACHE_CRC);
			w->result->crc_stored = stored;
			w->result->crc_computed = computed;
		}
	}
	if (w->result->step && !w->lenient)
		return false;
	if (w->set->bad[page])
		return false;
	w->page = page;
	w->byte = 0;
	w->open = true;
	w->next_page = page + 1;
	return true;
}

static bool page0_too_full(struct walk *w)
{
	if (!w->result->step) /* else Linux has turned away before */
		w->result->crash = true;
	fail(w, 13, FSR_FINDING_CACHE_CRASH_PAGES);
	return false;
}

static bool check_generation(struct walk *w, uint64_t generation)
{
	uint32_t at = page0_generation_at(w->set);

	if (at + 8 > w->set->size)
		return page0_too_full(w);
	w->result->page_generation = get64(w->set->data + at);
	w->result->has_page_generation = true;
	w->byte = at + 8;
	if (w->result->page_generation != generation) {
		fail(w, 13, FSR_FINDING_CACHE_PAGE_STAMP);
		w->result->page = 0;
		if (!w->lenient)
			return false;
	}
	if (w->set->size - w->byte >= FREE_SPACE_ENTRY_SIZE)
		return true;
	/* an entry's first 16 bytes fit: Linux looks at the number of bytes before it needs the type */
	if (w->set->size - w->byte == 16 && !get64(w->set->data + w->byte + 8)) {
		fail(w, 15, FSR_FINDING_CACHE_ZERO_ENTRY);
		w->result->page = 0;
		return false;
	}
	return page0_too_full(w);
}

static struct entry *add_entry(struct content *content, struct fsr_error *err)
{
	if (content->count == content->room) {
		size_t room = content->room ? content->room * 2 : 256;
		struct entry *grown = realloc(content->entries, room * sizeof *grown);

		if (!grown) {
			fsr_fail_nomem(err);
			return NULL;
		}
		content->entries = grown;
		content->room = room;
	}
	return &content->entries[content->count];
}

/* Reads one entry. 1: go on, 0: the walk ends, negative: an error. */
static int read_entry(struct walk *w, struct fsr_error *err)
{
	struct entry *e;
	const uint8_t *p;

	if (!w->open && !open_page(w, 14))
		return 0;
	e = add_entry(w->content, err);
	if (!e)
		return err->code;
	p = w->set->data + (size_t)w->page * w->set->size + w->byte;
	*e = (struct entry){get64(p), get64(p + 8), (uint16_t)w->page, (uint16_t)w->byte, 0, p[16]};
	w->byte += FREE_SPACE_ENTRY_SIZE;
	if (w->set->size - w->byte < FREE_SPACE_ENTRY_SIZE)
		w->open = false;
	if (!e->bytes) {
		fail(w, 15, FSR_FINDING_CACHE_ZERO_ENTRY);
		w->result->page = w->page;
		return 0;
	}
	w->content->count++;
	w->content->bitmaps += entry_is_bitmap(e);
	w->content->sum += e->bytes;
	return 1;
}

static int read_entries(struct walk *w, uint64_t entries, struct fsr_error *err)
{
	int ret = 1;

	/* the pages bound the loop: each holds size / 17 entries at most */
	for (uint64_t i = 0; i < entries && ret == 1; i++)
		ret = read_entry(w, err);
	return ret < 0 ? ret : 0;
}

/* Step 19: one page per bitmap, in entry order, from the page behind the last entry's on. False: not all. */
static bool read_bitmaps(struct walk *w)
{
	struct content *content = w->content;
	bool decided, opened;

	for (size_t i = 0; i < content->count; i++) {
		if (!entry_is_bitmap(&content->entries[i]))
			continue;
		w->open = false;
		decided = w->result->step;
		opened = open_page(w, 19);
		if (!decided && w->result->step)
			w->result->entry = i;
		if (!opened)
			return false;
		content->entries[i].bitmap_page = (uint16_t)w->page;
		if (!content->first_bitmap_page)
			content->first_bitmap_page = w->page;
	}
	return true;
}

struct sort_key {
	uint64_t offset;
	uint32_t index;
	uint32_t bitmap;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->bitmap != y->bitmap)
		return x->bitmap < y->bitmap ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Most caches are sorted but for a tail of pinned ranges: test before sorting. */
int content_sort(struct content *content, struct fsr_error *err)
{
	struct sort_key *keys = malloc((content->count + 1) * sizeof *keys);
	bool sorted = true;

	if (content->count > content->order_room) {
		free(content->order);
		content->order = malloc(content->room * sizeof *content->order);
		content->order_room = content->order ? content->room : 0;
	}
	if (!keys || (content->count && !content->order)) {
		free(keys);
		return fsr_fail_nomem(err);
	}
	for (size_t i = 0; i < content->count; i++) {
		const struct entry *e = &content->entries[i];

		keys[i] = (struct sort_key){e->offset, (uint32_t)i, entry_is_bitmap(e)};
		sorted = sorted && (!i || compare_keys(&keys[i - 1], &keys[i]) < 0);
	}
	if (!sorted)
		qsort(keys, content->count, sizeof *keys, compare_keys);
	for (size_t i = 0; i < content->count; i++)
		content->order[i] = keys[i].index;
	free(keys);
	return 0;
}

/* Step 16: two entries of one kind at one address. The first repeated one in disk order decides. */
static void find_duplicate(struct walk *w)
{
	const struct content *content = w->content;
	size_t first = SIZE_MAX;

	for (size_t i = 1; i < content->count; i++) {
		const struct entry *a = &content->entries[content->order[i - 1]];
		const struct entry *b = &content->entries[content->order[i]];

		if (a->offset == b->offset && entry_is_bitmap(a) == entry_is_bitmap(b) &&
			content->order[i] < first)
			first = content->order[i];
	}
	if (first == SIZE_MAX || (w->result->step && w->result->entry <= first))
		return;
	w->result->step = 16;
	w->result->reason = FSR_FINDING_CACHE_DUPLICATE;
	w->result->entry = first;
	w->result->page = content->entries[first].page;
}

int walk_pages(const struct page_set *set, uint64_t generation, uint64_t entries, bool lenient,
	struct content *content, struct walk_result *result, struct fsr_error *err)
{
	struct walk w = {.set = set, .content = content, .result = result, .lenient = lenient};
	bool all;
	int ret;

	*result = (struct walk_result){0};
	content->pages = set;
	content->count = 0;
	content->bitmaps = 0;
	content->first_bitmap_page = 0;
	content->sum = 0;
	content->swap = 0;
	if (!set->count || set->bad_count)
		fail(&w, 11, set->count ? FSR_FINDING_CACHE_UNREADABLE : FSR_FINDING_CACHE_OVERRUN);
	if (!set->count || set->bad[0])
		return content_sort(content, err);
	if (!open_page(&w, 12) || !check_generation(&w, generation))
		return content_sort(content, err);
	ret = read_entries(&w, entries, err);
	if (!ret)
		ret = content_sort(content, err);
	if (ret)
		return ret;
	all = content->count == entries;
	find_duplicate(&w);
	if (all && (!result->step || lenient))
		result->complete = read_bitmaps(&w) && !w.damaged && !set->bad_count;
	return 0;
}
