/* SPDX-License-Identifier: MIT */
/*
 * Format B has no checksums of its own: its pages have those of ordinary file data, in the checksum tree
 * (F-A13). A page without one fails there as one with a wrong one does.
 */
#include "../format/csum.h"
#include "judge.h"

/* Whether the checksum tree has this sector's checksum. Memory errors count as none. */
static bool sector_fits(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, const uint8_t *data)
{
	const struct fsr_filesystem *f = &fs->volume->fs;
	const struct fsr_key key = {EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, bytenr};
	unsigned length = csum_length(f->csum_type);
	uint8_t computed[CSUM_SIZE];
	struct fsr_item item;
	struct fsr_error ignored;
	uint64_t nr;

	if (cursor_seek_back(c, &key, &ignored) != CURSOR_ITEM)
		return false;
	cursor_item(c, &item);
	if (item.key.objectid != EXTENT_CSUM_OBJECTID || item.key.type != KEY_EXTENT_CSUM)
		return false;
	nr = (bytenr - item.key.offset) / f->sectorsize;
	if (nr >= item.size / length)
		return false;
	csum_compute(f->csum_type, data, f->sectorsize, computed);
	return !memcmp(item.data + nr * length, computed, length);
}

bool data_csums_fit(const struct fsr_fs *fs, uint64_t ino, const struct page_set *set)
{
	struct tree_root root;
	struct fsr_error ignored;
	struct cursor c;
	bool fit = true;

	if (tree_find_root(fs->volume, CSUM_TREE_OBJECTID, &root, &ignored))
		return false;
	cursor_init(&c, fs->volume, &root);
	for (unsigned page = 0; page < set->count && fit; page++) {
		uint64_t at = (uint64_t)page * set->size, bytenr;

		fit = page_bytenr(fs, ino, at, &bytenr) && sector_fits(fs, &c, bytenr, set->data + at);
	}
	cursor_free(&c);
	return fit;
}
