/* SPDX-License-Identifier: MIT */
#include "bytes_source.h"

#include "bytes_super.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bytes_source_free(struct bytes_source *source)
{
	free(source->data);
	free(source->differs);
	free(source->labels);
	fsr_block_free(source->block);
	memset(source, 0, sizeof *source);
}

uint64_t bytes_number(const struct bytes_source *source, size_t byte, unsigned length)
{
	uint64_t value = 0;

	for (unsigned i = length; i-- > 0;)
		value = value << 8 | (byte + i < source->size ? source->data[byte + i] : 0);
	return value;
}

static bool begin(struct bytes_source *source, enum bytes_kind kind, uint64_t bytenr, size_t size)
{
	bytes_source_free(source);
	source->data = calloc(size + 1, 1);
	if (!source->data)
		return false;
	source->kind = kind;
	source->bytenr = bytenr;
	source->size = size;
	source->ncopies = 1;
	return true;
}

/* ---- reading */

/* Reads what can be read of a copy; gives the pieces that can't. */
static uint32_t read_pieces(struct fsr_fs *fs, const struct bytes_source *source, unsigned copy,
	uint8_t *data, struct fsr_error *err)
{
	uint32_t unread = 0;

	for (size_t at = 0; at < source->size; at += BYTES_PIECE) {
		size_t n = source->size - at < BYTES_PIECE ? source->size - at : BYTES_PIECE;

		if (fsr_read(fs, source->bytenr + at, n, copy, data + at, err))
			unread |= UINT32_C(1) << (at / BYTES_PIECE & 31);
	}
	return unread;
}

static void compare_copy(struct bytes_source *source, const uint8_t *other, uint32_t unread)
{
	for (size_t i = 0; i < source->size; i++) {
		if (byte_unread(unread, i) || byte_unread(source->unread, i) || other[i] == source->data[i])
			continue;
		source->ndiffers += !source->differs[i];
		source->differs[i] = 1;
	}
}

/* Marks the bytes in which other copies differ from this one. */
static void compare_copies(struct bytes_source *source, struct fsr_fs *fs)
{
	uint8_t *other = calloc(source->size + 1, 1);

	source->differs = calloc(source->size + 1, 1);
	for (unsigned i = 0; other && source->differs && i < source->ncopies; i++) {
		struct fsr_error err;

		if (i != source->copy)
			compare_copy(source, other, read_pieces(fs, source, i, other, &err));
	}
	free(other);
	if (source->ndiffers)
		return;
	free(source->differs);
	source->differs = NULL;
}

static void read_copy(struct bytes_source *source, struct fsr_fs *fs, unsigned copy)
{
	struct fsr_error err = {0};

	source->ncopies = fsr_copies(fs, source->bytenr);
	source->copy = copy < source->ncopies ? copy : 0;
	source->unread = read_pieces(fs, source, source->copy, source->data, &err);
	if (source->unread)
		snprintf(source->problem, sizeof source->problem, "%s", err.text);
	source->has_where = !fsr_locate(fs, source->bytenr, source->copy, &source->where, NULL);
	if (source->ncopies > 1)
		compare_copies(source, fs);
}

/* ---- labels */

static int take_label(void *arg, const struct fsr_label *label)
{
	struct bytes_source *source = arg;

	if (source->nlabels == source->room) {
		size_t room = source->room ? 2 * source->room : 64;
		struct fsr_label *labels = reallocarray(source->labels, room, sizeof *labels);

		if (!labels)
			return FSR_E_NOMEM;
		source->labels = labels;
		source->room = room;
	}
	source->labels[source->nlabels++] = *label;
	return 0;
}

/* Bytes that nobody has a name for are one field. */
static bool label_all(struct bytes_source *source, const char *text)
{
	struct fsr_label label = {.length = (unsigned)source->size, .kind = FSR_LABEL_UNUSED};

	snprintf(label.text, sizeof label.text, "%s", text);
	return source->nlabels || !take_label(source, &label);
}

/* A bitmap's labels follow its bits: those that are shown, not those of the copy that was judged. */
static int label_page(struct bytes_source *source, struct cache_model *model, struct fsr_cache_page *page)
{
	const uint8_t *judged = page->data;
	int ret;

	if (source->unread && page->kind == FSR_PAGE_BITMAP)
		return 0;
	page->data = source->data;
	ret = fsr_cache_labels(model->fs, model->cache, page->index, take_label, source);
	page->data = judged;
	return ret;
}

bool bytes_of_page(struct bytes_source *source, struct cache_model *model, unsigned index, unsigned copy)
{
	struct fsr_cache_page *page;
	int ret;

	if (!model->cache || index >= model->cache->npages) {
		bytes_source_free(source);
		return true;
	}
	page = &model->cache->pages[index];
	if (!begin(source, BYTES_CACHE, page->bytenr, model->sector))
		return false;
	source->page = index;
	if (page->bytenr != FSR_NO_BYTENR) {
		read_copy(source, model->fs, copy);
	} else if (page->kind == FSR_PAGE_UNREADABLE) {
		source->unread = UINT32_MAX;
		snprintf(source->problem, sizeof source->problem, "page %u: no extent holds it", index);
	} else {
		memcpy(source->data, page->data, source->size);
	}
	source->judged = page->kind == FSR_PAGE_UNREADABLE ||
			 (!source->unread && !memcmp(source->data, page->data, source->size));
	ret = label_page(source, model, page);
	if (!ret && label_all(source, source->unread ? "can't be read" : "not judged"))
		return true;
	bytes_source_free(source);
	return false;
}

bool bytes_of_block(struct bytes_source *source, struct fsr_fs *fs, uint64_t bytenr, unsigned copy)
{
	struct fsr_error err;
	int ret = 0;

	if (!begin(source, BYTES_BLOCK, bytenr, fsr_filesystem(fs)->nodesize))
		return false;
	read_copy(source, fs, copy);
	if (!source->ncopies) {
		snprintf(source->problem, sizeof source->problem, "no chunk holds this address");
	} else if (!fsr_block_open(fs, bytenr, source->copy, &source->block, &err)) {
		ret = fsr_block_labels(source->block, take_label, source);
		snprintf(source->problem, sizeof source->problem, "%s", source->block->problem);
	}
	if (!ret && label_all(source, source->unread ? "can't be read" : "unchecked"))
		return true;
	bytes_source_free(source);
	return false;
}

/* ---- superblocks */

enum { CSUM_SIZE = 32, SUPER_BYTENR = 48 };

/* Mirrors on one device differ in their checksum and address, and in nothing else. */
static void compare_mirrors(struct bytes_source *source, struct fsr_fs *fs)
{
	const struct fsr_super_mirror *own = fsr_mirror(fs, source->copy);
	uint8_t raw[sizeof own->raw];

	source->differs = calloc(source->size + 1, 1);
	for (unsigned i = 0; source->differs && i < source->ncopies; i++) {
		const struct fsr_super_mirror *other = fsr_mirror(fs, i);

		if (i == source->copy || !other->present || other->devid != own->devid)
			continue;
		memcpy(raw, other->raw, sizeof raw);
		memcpy(raw, own->raw, CSUM_SIZE);
		memcpy(raw + SUPER_BYTENR, own->raw + SUPER_BYTENR, 8);
		compare_copy(source, raw, 0);
	}
	if (source->ndiffers)
		return;
	free(source->differs);
	source->differs = NULL;
}

bool bytes_of_super(struct bytes_source *source, struct fsr_fs *fs, unsigned mirror)
{
	unsigned n = (unsigned)fsr_mirror_count(fs);
	const struct fsr_super_mirror *m = fsr_mirror(fs, mirror < n ? mirror : 0);

	if (!n || !m || !begin(source, BYTES_SUPER, FSR_NO_BYTENR, sizeof m->raw))
		return !n;
	source->copy = mirror < n ? mirror : 0;
	source->ncopies = n;
	source->has_where = true;
	source->where =
		(struct fsr_physical){.devid = m->devid, .offset = m->offset, .image_offset = m->offset};
	if (m->present) {
		memcpy(source->data, m->raw, source->size);
		compare_mirrors(source, fs);
	} else {
		source->unread = UINT32_MAX;
		snprintf(source->problem, sizeof source->problem, "the device ends before this mirror");
	}
	if (m->present && !m->csum_ok)
		snprintf(source->problem, sizeof source->problem, "%s",
			m->magic_ok ? "its checksum is wrong" : "it has no magic number");
	if (m->present && bytes_label_super(m->raw, take_label, source) == FSR_E_NOMEM) {
		bytes_source_free(source);
		return false;
	}
	return label_all(source, "not there");
}
