/* SPDX-License-Identifier: MIT */
#include "report.h"

json_t *report_cache_header(const struct fsr_cache *cache)
{
	if (!cache->has_header)
		return json_null();
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o}", "leaf", report_u64(cache->header_leaf), "slot",
		(int)cache->header_slot, "location", report_key(&cache->location), "generation",
		report_u64(cache->generation), "num_entries", report_u64(cache->num_entries), "num_bitmaps",
		report_u64(cache->num_bitmaps));
}

json_t *report_cache_inode(const struct fsr_cache *cache)
{
	if (!cache->has_inode)
		return json_null();
	struct fsr_item item = cache_inode_item(cache);
	return json_pack("{s:o, s:o, s:i, s:o}", "objectid", report_u64(item.key.objectid), "leaf",
		report_u64(item.leaf), "slot", (int)item.slot, "fields", report_item_fields(&item));
}

json_t *report_cache_extent(const struct fsr_cache_extent *e)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:i}", "file_offset",
		report_u64(e->file_offset), "generation", report_u64(e->generation), "disk_bytenr",
		report_u64(e->disk_bytenr), "disk_num_bytes", report_u64(e->disk_num_bytes), "offset",
		report_u64(e->offset), "num_bytes", report_u64(e->num_bytes), "ram_bytes",
		report_u64(e->ram_bytes), "type", e->type, "compression", e->compression, "encryption",
		e->encryption, "other_encoding", e->other_encoding);
}

static json_t *report_physical(const struct fsr_cache_page *page)
{
	json_t *array = json_array();

	for (unsigned i = 0; array && i < page->nphysical && i < FSR_MAX_COPIES; i++) {
		const struct fsr_physical *p = &page->physical[i];
		json_t *value = json_pack("{s:o, s:o, s:o}", "devid", report_u64(p->devid), "offset",
			report_u64(p->offset), "image_offset", report_u64(p->image_offset));
		if (json_array_append_new(array, value) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

json_t *report_cache_page(const struct fsr_cache_page *page)
{
	return json_pack("{s:i, s:o, s:o, s:o, s:i, s:o, s:o}", "index", (int)page->index, "kind",
		report_word(fsr_page_kind_name(page->kind)), "crc_stored",
		report_maybe(page->has_crc, page->crc_stored), "crc_computed",
		report_maybe(page->data != NULL, page->crc_computed), "entries", (int)page->entries, "bytenr",
		report_maybe(page->nphysical > 0, page->bytenr), "physical", report_physical(page));
}

static json_t *report_page_copy(const struct fsr_page_copy *copy)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "devid", report_u64(copy->physical.devid),
		"offset", report_u64(copy->physical.offset), "image_offset",
		report_u64(copy->physical.image_offset), "problem",
		copy->readable ? json_null() : report_text(copy->problem), "crc_computed",
		report_maybe(copy->has_crc, copy->crc_computed), "equal",
		copy->compared ? json_boolean(copy->equal) : json_null(), "first_byte",
		report_maybe(copy->compared && !copy->equal, copy->first_byte));
}

json_t *report_cache_copies(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i)
{
	json_t *array = json_array();
	struct fsr_page_copy copy;
	struct fsr_error err;
	unsigned n = 0;
	int ret = array ? 0 : FSR_E_NOMEM;

	while (!ret && !(ret = fsr_cache_page_copy(fs, cache, i, n, &copy, &err))) {
		n++;
		ret = json_array_append_new(array, report_page_copy(&copy));
	}
	if (ret == FSR_E_NOT_FOUND)
		return array;
	json_decref(array);
	return NULL;
}

json_t *report_cache_entry(const struct fsr_cache_entry *entry)
{
	return json_pack("{s:i, s:i, s:o, s:o, s:i, s:o}", "page", (int)entry->page, "byte", (int)entry->byte,
		"offset", report_u64(entry->offset), "bytes", report_u64(entry->bytes), "type", entry->type,
		"bitmap_page", report_maybe(entry->bitmap_page != 0, entry->bitmap_page));
}

json_t *report_label(const struct fsr_label *label)
{
	return json_pack("{s:i, s:i, s:s, s:o}", "byte", (int)label->byte, "length", (int)label->length,
		"kind", words_label(label->kind), "text", report_text(label->text));
}

json_t *report_run(uint64_t bytenr, uint64_t length)
{
	return json_pack("{s:o, s:o}", "bytenr", report_u64(bytenr), "length", report_u64(length));
}

/* A tree block has no objectid: its level stands in the offset. */
static json_t *report_holder(const struct fsr_holder *holder)
{
	if (!holder->present)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
		holder->tree_block ? "tree_block" : "data", "root", report_u64(holder->root), "objectid",
		report_maybe(!holder->tree_block, holder->objectid), "offset", report_u64(holder->offset),
		"generation", report_u64(holder->generation), "bytenr", report_u64(holder->bytenr), "length",
		report_u64(holder->length));
}

json_t *report_diff_range(const struct fsr_diff_range *range)
{
	return json_pack("{s:o, s:o, s:s, s:s, s:o}", "bytenr", report_u64(range->bytenr), "length",
		report_u64(range->length), "kind", range->excess ? "excess" : "missing", "source",
		range->free_space_tree ? "v2" : "v1", "held_by", report_holder(&range->holder));
}
