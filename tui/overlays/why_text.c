/* SPDX-License-Identifier: MIT */
/* The words of `x`, from a block group's record. */
#include "why.h"

#include "../screens/explain.h"
#include "../screens/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 3
#define LABEL 2
/* Where numbers stand behind their labels. */
#define NUMBERS 29
#define RANGES 16

static void row(struct prose *prose, int at, const char *label, enum style style, const char *text)
{
	prose_add(prose, style, at, "%s", text);
	prose_mark(prose, LABEL, STYLE_PLAIN, label);
}

static void number_row(struct prose *prose, const char *label, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	row(prose, NUMBERS, label, STYLE_PLAIN, text);
}

static void blank(struct prose *prose)
{
	prose_add(prose, STYLE_PLAIN, 0, "%s", "");
}

/* ---- the verdict */

static void add_kernels(struct prose *prose, const struct fsr_group *group)
{
	char text[256] = "";
	size_t used = 0;

	for (const char *const *kernel = group->crash_kernels; kernel && *kernel && used < sizeof text;
		kernel++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", *kernel);
	if (*text)
		prose_add(prose, STYLE_DANGER, 0, "Kernels that crash on it: %s.", text);
}

/* What Linux does with a cache that fails at a step. */
static const char *outcome(const struct fsr_group *group)
{
	switch (group->verdict) {
	case FSR_VERDICT_NOT_LOADED:
		return "Linux does not ask for a cache here";
	case FSR_VERDICT_IGNORED:
		return group->has_cache ? "Linux ignores this cache and scans the extent tree"
					: "Linux finds no cache and scans the extent tree";
	case FSR_VERDICT_REFUSED:
		return "Linux refuses this cache and scans the extent tree";
	case FSR_VERDICT_CRASHES:
		return "Linux crashes or hangs on this cache";
	default:
		return "What Linux does with this cache is not known";
	}
}

static void add_verdict(struct prose *prose, const struct fsr_group *group)
{
	const char *rule = fsr_step_meaning(group->step),
		   *trusted = fsr_verdict_name(group->verdict_if_trusted);

	if (group->verdict == FSR_VERDICT_ACCEPTED)
		prose_add(prose, STYLE_PLAIN, 0,
			"Linux loads this cache: steps 1 to 21 pass. The one that ties it to the extent tree "
			"is step 20, "
			"and it compares totals only:");
	else if (rule)
		prose_add(prose, STYLE_PLAIN, 0, "%s. Step %d is not passed, which is: %s.", outcome(group),
			group->step, rule);
	else
		prose_add(prose, STYLE_PLAIN, 0, "%s.", outcome(group));
	add_kernels(prose, group);
	if (group->has_cache && group->verdict_if_trusted != group->verdict && trusted)
		prose_add(prose, STYLE_PLAIN, 0,
			group->step == 3 ? "After the next commit it would be trusted: %s."
					 : "Were it asked for: %s.",
			trusted);
}

/* ---- the numbers */

/* Step 20: the cache's sum, and what it must be. */
static void add_sums(struct prose *prose, const struct fsr_group *group)
{
	char text[128];

	if (!group->has_cache || !group->has_item || !group->cache.has_ranges)
		return;
	number_row(prose, "entries add up to", group->cache.declared_bytes);
	snprintf(text, sizeof text, "%" PRIu64 " = %" PRIu64 " − %" PRIu64 " − %" PRIu64,
		group->length - group->used - group->excluded_bytes, group->length, group->used,
		group->excluded_bytes);
	row(prose, NUMBERS, "length − used − super", STYLE_PLAIN, text);
}

static void add_recomputed(struct prose *prose, const struct record *record)
{
	uint64_t excess, missing;

	if (record->group.has_recomputed)
		number_row(prose, "free by the extent tree", record->group.recomputed_free_bytes);
	if (!record_differences(record, &excess, &missing))
		return;
	number_row(prose, "cached, but in use", excess);
	number_row(prose, "free, but not cached", missing);
}

/* Steps 3, 9 and 13 compare these. */
static void add_stamps(struct prose *prose, const struct tab *tab, const struct fsr_cache_facts *cache)
{
	const struct fsr_filesystem *fs = &tab->facts;
	char text[128];
	int n = snprintf(text, sizeof text, "header %" PRIu64, cache->generation);

	if (cache->has_inode_generation)
		n += snprintf(text + n, sizeof text - (size_t)n, ", inode %" PRIu64, cache->inode_generation);
	if (cache->has_page_generation)
		snprintf(text + n, sizeof text - (size_t)n, ", page 0 %" PRIu64, cache->page_generation);
	row(prose, NUMBERS, "generations of the cache", STYLE_PLAIN, text);
	if (!fs->generation)
		return; /* a report without it */
	n = snprintf(text, sizeof text, "%" PRIu64, fs->generation);
	if (fs->cache_generation != UINT64_MAX)
		snprintf(text + n, sizeof text - (size_t)n, ", cache_generation %" PRIu64,
			fs->cache_generation);
	row(prose, NUMBERS, "of the filesystem", STYLE_PLAIN, text);
}

/* ---- ranges */

static void add_holder(struct prose *prose, const struct fsr_holder *holder)
{
	const char *tree = fsr_objectid_name(holder->root);
	struct place place = {.screen = SCREEN_TREE,
		.target = TARGET_BLOCK,
		.group = holder->bytenr,
		.address = holder->bytenr,
		.block = holder->leaf,
		.slot = holder->slot};
	char text[200];

	snprintf(text, sizeof text, "%" PRIu64 "+%" PRIu64 "   extent tree %" PRIu64 ", item %u",
		holder->bytenr, holder->length, holder->leaf, holder->slot);
	row(prose, RANGES, "→ in use", STYLE_PLAIN, text);
	prose_place(prose, &place);
	if (holder->tree_block)
		snprintf(text, sizeof text, "a tree block of tree %" PRIu64 " %s, level %" PRIu64,
			holder->root, tree ? tree : "", holder->offset);
	else
		snprintf(text, sizeof text,
			"by inode %" PRIu64 " of tree %" PRIu64 " %s, at %" PRIu64 " of the file",
			holder->objectid, holder->root, tree ? tree : "", holder->offset);
	prose_add(prose, STYLE_PLAIN, RANGES, "%s", text);
}

static void add_cached(struct prose *prose, const struct why_range *range)
{
	const struct fsr_cache_entry *entry = &range->entry;
	struct place place = {.screen = SCREEN_BYTES,
		.target = TARGET_CACHE,
		.group = range->range.block_group,
		.address = range->range.block_group,
		.page = range->page,
		.byte = range->byte};
	char text[200];

	if (entry->bitmap_page)
		snprintf(text, sizeof text, "bitmap at %" PRIu64 "   entry %" PRIu64 ", page %u, byte 0x%x",
			entry->offset, range->number, range->page, range->byte);
	else
		snprintf(text, sizeof text,
			"%" PRIu64 "+%" PRIu64 "   entry %" PRIu64 ", page %u, 0x%x to 0x%x", entry->offset,
			entry->bytes, range->number, range->page, range->byte, range->byte + 16);
	row(prose, RANGES, "→ cached", STYLE_PLAIN, text);
	prose_place(prose, &place);
}

static void add_range(struct prose *prose, const struct tab *tab, const struct why_range *range)
{
	const struct fsr_diff_range *r = &range->range;
	struct place place = {.screen = tab_has_image(tab) ? SCREEN_MAP : SCREEN_DIFF,
		.group = r->block_group,
		.address = r->bytenr};

	char text[64];

	snprintf(text, sizeof text, "%" PRIu64 "+%" PRIu64, r->bytenr, r->length);
	row(prose, RANGES, r->excess ? "→ excess" : "→ missing", r->excess ? STYLE_DANGER : STYLE_WARNING,
		text);
	prose_place(prose, &place);
	if (range->cached)
		add_cached(prose, range);
	if (r->holder.present && tab_has_image(tab))
		add_holder(prose, &r->holder);
}

static void add_ranges(
	struct prose *prose, const struct tab *tab, const struct why_ranges *ranges, bool reading)
{
	size_t more;

	if (!ranges) {
		if (reading)
			prose_add(prose, STYLE_PENDING, LABEL, "… reading the ranges that differ");
		return;
	}
	for (size_t i = 0; i < ranges->nexcess && i < WHY_RANGES; i++)
		add_range(prose, tab, &ranges->excess[i]);
	for (size_t i = 0; i < ranges->nmissing && i < WHY_RANGES; i++)
		add_range(prose, tab, &ranges->missing[i]);
	more = (ranges->nexcess > WHY_RANGES ? ranges->nexcess - WHY_RANGES : 0) +
	       (ranges->nmissing > WHY_RANGES ? ranges->nmissing - WHY_RANGES : 0);
	if (more)
		prose_add(prose, STYLE_DIM, RANGES, "and %zu more: 5 shows all", more);
	if (ranges->nexcess && !ranges->excess[0].range.free_space_tree)
		prose_add(prose, STYLE_PLAIN, 0,
			"Linux may hand out %" PRIu64 "+%" PRIu64 " and overwrite what is there.",
			ranges->excess[0].range.bytenr, ranges->excess[0].range.length);
}

/* ---- where it lies */

static void place_row(struct prose *prose, const char *label, unsigned tag, const char *what, uint64_t number)
{
	char text[96];

	snprintf(text, sizeof text, "%s %" PRIu64, what, number);
	row(prose, RANGES, label, STYLE_PLAIN, text);
	prose_tag(prose, tag);
}

static void add_places(struct prose *prose, const struct tab *tab, const struct fsr_group *group)
{
	if (!tab_has_image(tab))
		return;
	blank(prose);
	if (group->has_cache) {
		place_row(prose, "→ header", WHY_HEADER, "root tree, header item of block group",
			group->bytenr);
		place_row(prose, "→ inode", WHY_INODE, "root tree, inode item", group->cache.inode);
		place_row(prose, "→ pages", WHY_PAGES, "bytes of the cache, pages:", group->cache.pages);
	}
	if (group->has_item)
		place_row(prose, "→ used", WHY_GROUP_ITEM, "block group item: used", group->used);
	place_row(prose, "→ map", WHY_MAP, "block group", group->bytenr);
}

/* ---- all of it */

void why_finding(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding, unsigned tag)
{
	char place[PLACE_TEXT];

	explain_finding(prose, tab, finding);
	if (*finding_place_text(tab, finding, place))
		prose_tag(prose, tag); /* its last paragraph says where */
}

static void add_state(struct prose *prose, const struct record *record)
{
	const struct fsr_group *group = &record->group;
	const char *meaning = fsr_state_meaning(group->state);

	if (group->pending)
		prose_add(prose, STYLE_PENDING, 0,
			"Not compared yet: what follows is what the root tree says.");
	else if (meaning)
		prose_add(prose, STYLE_PLAIN, 0, "%s: %s.", fsr_state_name(group->state), meaning);
}

/* What each finding means, once all that there are have been named. */
static void add_meanings(struct prose *prose, const struct tab *tab, const struct fsr_group *group)
{
	char place[PLACE_TEXT];

	for (size_t i = 0; i < group->nfindings && i < WHY_FINDINGS; i++) {
		const struct fsr_finding *finding = &group->findings[i];
		const struct fsr_finding_info *info = fsr_finding_info(finding->code);

		blank(prose);
		prose_add(prose, STYLE_HEAD, 0, "%s", info ? info->name : "a finding of a newer version");
		explain_rest(prose, tab, finding);
		if (*finding_place_text(tab, finding, place))
			prose_tag(prose, WHY_FINDING + (unsigned)i);
	}
}

void why_record(struct prose *prose, const struct tab *tab, const struct record *record,
	const struct why_ranges *ranges, bool reading)
{
	const struct fsr_group *group = &record->group;

	if (!group->pending)
		add_verdict(prose, group);
	add_sums(prose, group);
	if (group->has_cache)
		add_stamps(prose, tab, &group->cache);
	blank(prose);
	for (size_t i = 0; i < group->nfindings && i < WHY_FINDINGS; i++) {
		explain_head(prose, &group->findings[i]);
		explain_message(prose, &group->findings[i], false);
	}
	if (group->nfindings > WHY_FINDINGS)
		prose_add(prose, STYLE_DIM, INDENT, "and %zu findings more: 8 shows all",
			group->nfindings - WHY_FINDINGS);
	add_ranges(prose, tab, ranges, reading);
	add_recomputed(prose, record);
	add_state(prose, record);
	add_meanings(prose, tab, group);
	add_places(prose, tab, group);
}
