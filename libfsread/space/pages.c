/* SPDX-License-Identifier: MIT */
#include "pages.h"
#include "../format/error.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

void page_set_free(struct page_set *set)
{
	free(set->data);
	free(set->bad);
	*set = (struct page_set){0};
}

int64_t page_count(uint64_t i_size, uint32_t page_size)
{
	/* the sum may wrap and the quotient is kept in an int: both as in Linux */
	return (int32_t)(uint32_t)((i_size + page_size - 1) / page_size);
}

static int make_room(struct page_set *set, struct fsr_error *err)
{
	size_t bytes = (size_t)set->count * set->size;

	if (bytes > set->room) {
		free(set->data);
		set->data = malloc(bytes);
		set->room = set->data ? bytes : 0;
		if (!set->data)
			return fsr_fail_nomem(err);
	}
	if (set->count > set->bad_room) {
		free(set->bad);
		set->bad = malloc(2 * (size_t)set->count);
		set->bad_room = set->bad ? set->count : 0;
		if (!set->bad)
			return fsr_fail_nomem(err);
	}
	memset(set->data, 0, bytes);
	memset(set->bad, 0, 2 * (size_t)set->count);
	set->lent = set->bad + set->count;
	return 0;
}

static void mark_bad(struct page_set *set, uint64_t from, uint64_t to, const struct fsr_error *why)
{
	for (uint64_t page = from / set->size; page < set->count && page * set->size < to; page++) {
		if (set->bad[page])
			continue;
		set->bad[page] = why->code == FSR_E_MISSING ? PAGE_MISSING : PAGE_BAD;
		if (!set->bad_count++)
			set->first_error = *why;
		set->missing |= why->code == FSR_E_MISSING || why->code == FSR_E_UNSUPPORTED;
	}
}

/* Chunks may differ in how many copies they keep. */
static int read_copy(const struct fsr_fs *fs, uint64_t bytenr, uint64_t length, unsigned copy, void *to,
	struct fsr_error *why)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, bytenr);

	if (chunk)
		copy %= volume_copies(fs->volume, chunk);
	return volume_read(fs->volume, bytenr, length, copy, to, why);
}

/*
 * The copy itself or, where it lies on a device that was not given, the first other one that can be read, as
 * Linux would. A copy that had nothing of its own is absent.
 */
static int read_or_borrow(const struct fsr_fs *fs, struct page_set *set, uint64_t bytenr, uint64_t length,
	unsigned copy, uint8_t *to, struct fsr_error *why)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, bytenr);
	unsigned copies = chunk ? volume_copies(fs->volume, chunk) : 1;
	int ret = read_copy(fs, bytenr, length, copy, to, why);

	set->own |= !ret;
	for (unsigned other = 0; ret == FSR_E_MISSING && other < copies; other++) {
		struct fsr_error ignored;

		if (other == copy % copies || read_copy(fs, bytenr, length, other, to, &ignored))
			continue;
		set->borrowed = true;
		set->lent[(size_t)(to - set->data) / set->size] = 1;
		ret = 0;
	}
	return ret;
}

/* Reads file bytes [from, to) that lie at logical address `bytenr`; when that fails, page by page. */
static void read_range(const struct fsr_fs *fs, struct page_set *set, uint64_t from, uint64_t to,
	uint64_t bytenr, unsigned copy)
{
	struct fsr_error why;

	if (!read_copy(fs, bytenr, to - from, copy, set->data + from, &why)) {
		set->own = true;
		return;
	}
	for (uint64_t at = from; at < to;) {
		uint64_t end = (at / set->size + 1) * set->size;

		if (end > to)
			end = to;
		if (read_or_borrow(fs, set, bytenr + (at - from), end - at, copy, set->data + at, &why))
			mark_bad(set, at, end, &why);
		at = end;
	}
}

static void read_inline(const struct fsr_fs *fs, struct page_set *set, const struct cache_file_extent *e)
{
	struct fsr_error why;
	struct tree_root root;
	struct cursor c;
	struct fsr_item item;
	struct fsr_key key = {e->ino, KEY_EXTENT_DATA, e->item.file_offset};

	tree_root_of_super(fs->volume, ROOT_TREE_OBJECTID, &root);
	cursor_init(&c, fs->volume, &root);
	fsr_fail(&why, FSR_E_CORRUPT, 0, e->leaf, "the inline extent can't be read");
	if (fs->volume->logical) { /* there are zeros in its place */
		fsr_fail(&why, FSR_E_MISSING, 0, e->leaf, "a dump leaves out what inline extents hold");
		mark_bad(set, 0, set->size, &why);
	} else if (e->item.file_offset || cursor_seek(&c, &key, &why) != CURSOR_ITEM) {
		mark_bad(set, 0, set->size, &why);
	} else {
		uint64_t n = e->item.num_bytes;

		cursor_item(&c, &item);
		if (n > (uint64_t)set->count * set->size)
			n = (uint64_t)set->count * set->size;
		if (item.size >= FILE_EXTENT_INLINE_DATA + n)
			memcpy(set->data, item.data + FILE_EXTENT_INLINE_DATA, n);
	}
	cursor_free(&c);
}

static void read_extent(const struct fsr_fs *fs, struct page_set *set, const struct cache_inode *inode,
	const struct cache_file_extent *e, unsigned copy)
{
	const struct fsr_cache_extent *x = &e->item;
	uint64_t end = (uint64_t)set->count * set->size, from = x->file_offset, to;
	struct fsr_error why;

	if (from >= end)
		return;
	to = x->num_bytes < end - from ? from + x->num_bytes : end;
	if (x->type != FILE_EXTENT_INLINE && !S_ISREG(inode->mode)) {
		fsr_fail(&why, FSR_E_CORRUPT, 0, x->disk_bytenr,
			"an extent of an inode that is no regular file");
		mark_bad(set, from, to, &why);
	} else if (x->type == FILE_EXTENT_PREALLOC || (x->type == FILE_EXTENT_REG && !x->disk_bytenr)) {
		return; /* reads as zeros */
	} else if (x->compression) {
		fsr_fail(&why, FSR_E_CORRUPT, 0, x->disk_bytenr, "the cache's extent is compressed");
		mark_bad(set, from, to, &why);
	} else if (x->type == FILE_EXTENT_INLINE) {
		read_inline(fs, set, e);
	} else if (x->disk_bytenr > UINT64_MAX - x->offset) {
		fsr_fail(&why, FSR_E_CORRUPT, 0, x->disk_bytenr, "the extent's address wraps around");
		mark_bad(set, from, to, &why);
	} else {
		read_range(fs, set, from, to, x->disk_bytenr + x->offset, copy);
	}
}

/* An extent item that a damaged block hides is no hole to Linux, whose read fails. */
static void mark_hidden(const struct fsr_fs *fs, uint64_t ino, struct page_set *set)
{
	const struct key_hole *hole = find_hole(fs, &(struct fsr_key){ino, KEY_EXTENT_DATA, 0});
	struct fsr_error why;

	if (!hole)
		return;
	fsr_fail(&why, FSR_E_CORRUPT, 0, hole->bytenr,
		"root tree block %" PRIu64 ", which says where the file lies, can't be read", hole->bytenr);
	mark_bad(set, 0, (uint64_t)set->count * set->size, &why);
}

int page_set_read(const struct fsr_fs *fs, const struct cache_inode *inode, unsigned copy,
	struct page_set *set, struct fsr_error *err)
{
	size_t n;
	const struct cache_file_extent *e = find_extents(fs, inode->ino, &n);
	uint64_t bytes;

	set->size = fs->volume->fs.sectorsize;
	set->count = (unsigned)page_count(inode->size, set->size);
	set->bad_count = 0;
	set->missing = set->own = set->borrowed = false;
	if (make_room(set, err))
		return err->code;
	mark_hidden(fs, inode->ino, set);
	for (size_t i = 0; i < n; i++)
		read_extent(fs, set, inode, &e[i], copy);
	bytes = (uint64_t)set->count * set->size;
	if (inode->size < bytes) /* past i_size Linux gives zeros whatever the disk holds */
		memset(set->data + inode->size, 0, bytes - inode->size);
	return 0;
}

unsigned page_copies(const struct fsr_fs *fs, uint64_t ino)
{
	size_t n;
	const struct cache_file_extent *e = find_extents(fs, ino, &n);
	unsigned most = 1;

	for (size_t i = 0; i < n; i++) {
		const struct chunk *chunk = volume_find_chunk(fs->volume, e[i].item.disk_bytenr);

		if (e[i].item.type == FILE_EXTENT_REG && chunk && !data_in_stripe_tree(fs->volume, chunk) &&
			volume_copies(fs->volume, chunk) > most)
			most = volume_copies(fs->volume, chunk);
	}
	return most;
}

bool page_bytenr(const struct fsr_fs *fs, uint64_t ino, uint64_t file_offset, uint64_t *bytenr)
{
	size_t n;
	const struct cache_file_extent *e = find_extents(fs, ino, &n);

	for (size_t i = 0; i < n; i++) {
		const struct fsr_cache_extent *x = &e[i].item;

		if (x->type == FILE_EXTENT_INLINE || !x->disk_bytenr || x->file_offset > file_offset ||
			file_offset - x->file_offset >= x->num_bytes)
			continue;
		*bytenr = x->disk_bytenr + x->offset + (file_offset - x->file_offset);
		return true;
	}
	return false;
}
