/* SPDX-License-Identifier: MIT */
/* One block group's cache as text. */
#include "cache_text.h"

#include "message.h"
#include "output.h"
#include "report/escape.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

static void print_verdict(const struct fsr_group *group)
{
	const struct fsr_finding_info *reason = fsr_finding_info(group->reason);

	printf("state %s: %s\n", word(fsr_state_name(group->state)), word(fsr_state_meaning(group->state)));
	printf("verdict %s  if trusted %s", word(fsr_verdict_name(group->verdict)),
		word(fsr_verdict_name(group->verdict_if_trusted)));
	if (reason)
		printf("  reason %s", reason->name);
	if (group->step > 0)
		printf("  step %d: %s", group->step, word(fsr_step_meaning(group->step)));
	putchar('\n');
	for (unsigned i = 0; i < group->ncopies && i < FSR_MAX_COPIES; i++)
		printf("copy on device %" PRIu64 "  verdict %s  step %d\n", group->copies[i].devid,
			word(fsr_verdict_name(group->copies[i].verdict)), group->copies[i].step);
}

/* The verdict of each is printed where they differ. */
static void print_alike(const struct fsr_cache *cache)
{
	if (cache->group.ncopies || !cache->npages || !cache->pages[0].nphysical)
		return;
	printf("copies %u, as far as they can be read alike: each has this verdict\n",
		cache->pages[0].nphysical);
}

static void print_free_space(const struct settings *settings, const struct fsr_group *group)
{
	if (group->has_cache && group->cache.has_ranges) {
		fputs("cached free ", stdout);
		put_size(settings, group->cache.ranges_bytes);
		fputs("  declared ", stdout);
		put_size(settings, group->cache.declared_bytes);
		putchar('\n');
	}
	if (group->has_recomputed) {
		fputs("recomputed free ", stdout);
		put_size(settings, group->recomputed_free_bytes);
		printf(" in %" PRIu64 " ranges\n", group->recomputed_ranges);
	}
	if (group->relation == FSR_RELATION_NULL)
		return;
	printf("relation %s  excess ", word(fsr_relation_name(group->relation)));
	put_size(settings, group->excess_bytes);
	fputs("  missing ", stdout);
	put_size(settings, group->missing_bytes);
	putchar('\n');
}

static void print_group(const struct settings *settings, const struct fsr_group *group)
{
	char type[TYPE_TEXT];

	printf("block group %" PRIu64 "  %s %s  length ", group->bytenr, type_text(group->flags, type),
		word(fsr_profile_name(group->flags)));
	put_size(settings, group->length);
	if (group->has_item) {
		fputs("  used ", stdout);
		put_size(settings, group->used);
	}
	fputs("  excluded ", stdout);
	put_size(settings, group->excluded_bytes);
	putchar('\n');
	print_verdict(group);
	print_free_space(settings, group);
}

static void print_header(const struct fsr_cache *cache)
{
	char key[KEY_TEXT_SIZE];

	if (!cache->has_header) {
		puts("\nheader none");
		return;
	}
	words_key(&cache->location, key);
	printf("\nheader  leaf %" PRIu64 " slot %u  location %s  generation %" PRIu64 "  entries %" PRIu64
	       "  bitmaps %" PRIu64 "\n",
		cache->header_leaf, cache->header_slot, key, cache->generation, cache->num_entries,
		cache->num_bitmaps);
}

static void print_inode(const struct fsr_cache *cache)
{
	if (!cache->has_inode) {
		puts("inode none");
		return;
	}
	struct fsr_item item = cache_inode_item(cache);
	printf("inode %" PRIu64 "  leaf %" PRIu64 " slot %u\n", item.key.objectid, item.leaf, item.slot);
	put_item_fields(&item);
}

static void print_extents(const struct fsr_cache *cache)
{
	for (size_t i = 0; i < cache->nextents; i++) {
		const struct fsr_cache_extent *e = &cache->extents[i];
		printf("extent  file offset %" PRIu64 "  bytenr %" PRIu64 " length %" PRIu64
		       "  offset %" PRIu64 " length %" PRIu64 "  ram %" PRIu64 "  generation %" PRIu64
		       "  type %u  compression %u  encryption %u  other %u\n",
			e->file_offset, e->disk_bytenr, e->disk_num_bytes, e->offset, e->num_bytes,
			e->ram_bytes, e->generation, e->type, e->compression, e->encryption,
			e->other_encoding);
	}
	if (!cache->nextents)
		puts("extent none");
}

static void print_stamp(const char *name, bool there, uint64_t generation)
{
	printf("  %s ", name);
	if (there)
		printf("%" PRIu64, generation);
	else
		fputs("none", stdout);
}

static void print_stamps(const struct fsr_group *group)
{
	const struct fsr_cache_facts *facts = &group->cache;

	fputs("stamps", stdout);
	print_stamp("header", group->has_cache, facts->generation);
	print_stamp("inode", group->has_cache && facts->has_inode_generation, facts->inode_generation);
	print_stamp("page 0", group->has_cache && facts->has_page_generation, facts->page_generation);
	if (group->has_cache && facts->format)
		printf("  format %c", facts->format);
	putchar('\n');
}

/* ---- pages */

struct hex_row {
	const uint8_t *page;
	const uint8_t *last; /* the row printed last within this label, NULL: none */
	size_t same;         /* bytes left out since, all equal to it */
};

static void end_fold(struct hex_row *hex)
{
	if (hex->same)
		printf("         * %zu bytes more of the same\n", hex->same);
	hex->same = 0;
}

static void print_label_text(const struct fsr_label *label)
{
	fputs("  ", stdout);
	if (label->text[0])
		put_escaped(stdout, label->text, strnlen(label->text, sizeof label->text));
	else
		fputs(words_label(label->kind), stdout);
}

/* The bytes of one label, rows of 16; rows equal to the one before are folded. */
static int print_label(void *arg, const struct fsr_label *label)
{
	struct hex_row *hex = arg;

	hex->last = NULL;
	for (size_t at = 0; at < label->length; at += 16) {
		const uint8_t *row = hex->page + label->byte + at;
		size_t n = label->length - at < 16 ? label->length - at : 16;
		if (hex->last && n == 16 && memcmp(hex->last, row, 16) == 0) {
			hex->same += 16;
			continue;
		}
		end_fold(hex);
		put_hex_row(row, n, label->byte + at, at == 0);
		if (at == 0)
			print_label_text(label);
		putchar('\n');
		hex->last = row;
	}
	end_fold(hex);
	return output_stopped();
}

static void print_crc(const char *name, bool there, uint32_t crc)
{
	printf("  %s ", name);
	if (there)
		printf("0x%08x", crc);
	else
		printf("%-10s", "none");
}

static void print_page(const struct fsr_cache_page *page)
{
	printf("page %3u  %-12s", page->index, word(fsr_page_kind_name(page->kind)));
	print_crc("crc stored", page->has_crc, page->crc_stored);
	print_crc("computed", page->data != NULL, page->crc_computed);
	printf("  entries %u", page->entries);
	if (page->nphysical)
		printf("  bytenr %" PRIu64, page->bytenr);
	for (unsigned i = 0; i < page->nphysical && i < FSR_MAX_COPIES; i++)
		printf("  device %" PRIu64 " offset %" PRIu64 " image offset %" PRIu64,
			page->physical[i].devid, page->physical[i].offset, page->physical[i].image_offset);
	putchar('\n');
}

static void print_copy(unsigned number, const struct fsr_page_copy *copy)
{
	printf("  copy %u  device %" PRIu64 " offset %" PRIu64 " image offset %" PRIu64, number,
		copy->physical.devid, copy->physical.offset, copy->physical.image_offset);
	if (!copy->readable) {
		fputs("  not read: ", stdout);
		put_escaped(stdout, copy->problem, strlen(copy->problem));
		putchar('\n');
		return;
	}
	print_crc("crc computed", copy->has_crc, copy->crc_computed);
	if (copy->equal)
		puts("  equal");
	else if (copy->compared)
		printf("  differs, first at byte %u\n", copy->first_byte);
	else
		puts("  not compared: the page that was judged can't be read");
}

/* Every copy of page i, against the one that was judged. */
static void print_copies(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i)
{
	struct fsr_page_copy copy;
	struct fsr_error err;
	unsigned n = 0;
	int ret;

	while (!(ret = fsr_cache_page_copy(fs, cache, i, n, &copy, &err)))
		print_copy(n++, &copy);
	if (ret == FSR_E_NOMEM)
		out_of_memory();
}

static void print_pages(
	const struct settings *settings, const struct fsr_fs *fs, const struct fsr_cache *cache)
{
	printf("\npages %zu\n", cache->npages);
	for (size_t i = 0; i < cache->npages && !output_stopped(); i++) {
		struct hex_row hex = {.page = cache->pages[i].data};
		print_page(&cache->pages[i]);
		if (settings->mirrors)
			print_copies(fs, cache, i);
		if (settings->hex && hex.page)
			fsr_cache_labels(fs, cache, i, print_label, &hex);
	}
}

/* ---- entries */

static int print_run(void *arg, uint64_t bytenr, uint64_t length)
{
	(void)arg;
	printf("      run %" PRIu64 "  bytes %" PRIu64 "\n", bytenr, length);
	return output_stopped();
}

static const char *entry_type(uint8_t type)
{
	return type == 1 ? "extent" : type == 2 ? "bitmap" : "unlawful, taken as a bitmap";
}

static void print_entries(const struct fsr_fs *fs, const struct fsr_cache *cache)
{
	printf("\nentries %zu\n", cache->nentries);
	for (size_t i = 0; i < cache->nentries && !output_stopped(); i++) {
		const struct fsr_cache_entry *e = &cache->entries[i];
		printf("  %6zu  page %u byte %4u  offset %" PRIu64 "  bytes %" PRIu64 "  type %u (%s)", i,
			e->page, e->byte, e->offset, e->bytes, e->type, entry_type(e->type));
		if (e->bitmap_page)
			printf("  bitmap in page %u", e->bitmap_page);
		putchar('\n');
		if (e->bitmap_readable)
			fsr_cache_runs(fs, cache, i, print_run, NULL);
	}
	if (cache->bitmap_endianness)
		printf("bitmaps' byte order %s\n", cache->bitmap_endianness);
}

void cache_print(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache)
{
	print_group(settings, &cache->group);
	if (settings->mirrors)
		print_alike(cache);
	print_header(cache);
	print_inode(cache);
	print_extents(cache);
	print_stamps(&cache->group);
	print_pages(settings, fs, cache);
	print_entries(fs, cache);
}
