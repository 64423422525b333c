/* SPDX-License-Identifier: MIT */
/* The lines at the top: header, stamps, inode and extent, the total as a sum; with v2 the info item instead.
 */
#include "../../inspect/report/report.h"
#include "cache.h"
#include "prose.h"

#include <inttypes.h>
#include <string.h>

/* The record as it was judged here, or as a saved report has it. */
static const struct fsr_group *group_of(const struct cache_view *c)
{
	const struct record *record = cache_record(c);

	return cache_there(c) ? &c->model.cache->group : record ? &record->group : NULL;
}

static int line_severity(const struct cache_view *c, size_t i)
{
	return cache_there(c) ? cache_note_severity(&c->model.notes, (enum cache_where)i, 0) : -1;
}

/* ---- header and stamps */

static int put_header(struct cache_view *c, const struct area *row, int col, enum style style)
{
	const struct fsr_cache *cache = c->model.cache;
	const struct fsr_group *group = group_of(c);
	char text[160];

	if (!cache_there(c)) {
		if (!group->has_cache)
			return put(row, 0, col, STYLE_DIM, "none");
		return putf(row, 0, col, style, "(FREE_SPACE UNTYPED %" PRIu64 ")  → inode %" PRIu64,
			group->bytenr, group->cache.inode);
	}
	if (!cache->has_header)
		return put(row, 0, col, style, "none");
	snprintf(text, sizeof text,
		"(FREE_SPACE UNTYPED %" PRIu64 ")  leaf %" PRIu64 "  item %u → inode %" PRIu64, group->bytenr,
		cache->header_leaf, cache->header_slot, cache->location.objectid);
	if (col + text_width(row->canvas, text) > row->cols)
		snprintf(text, sizeof text,
			"(FREE_SPACE UNTYPED %" PRIu64 ") %" PRIu64 ":%u → inode %" PRIu64, group->bytenr,
			cache->header_leaf, cache->header_slot, cache->location.objectid);
	return put(row, 0, col, style, text);
}

/* A stamp that is not like the header's has the style of what is wrong. */
static int put_stamp(const struct area *row, int col, const char *name, bool there, uint64_t value,
	const uint64_t *like, enum style wrong)
{
	bool differs = like && (!there || value != *like);
	enum style style = differs ? wrong : STYLE_GENERATION;

	if (like)
		col = put(row, 0, col, STYLE_PLAIN, differs ? " but " : " = ");
	col = putf(row, 0, col, STYLE_PLAIN, "%s ", name);
	return there ? putf(row, 0, col, style, "%" PRIu64, value) : put(row, 0, col, style, "none");
}

static int put_entry_counts(const struct fsr_cache_facts *facts, const struct area *row, int col)
{
	return putf(row, 0, col, STYLE_PLAIN, "   entries %" PRIu64 "   bitmaps %" PRIu64, facts->entries,
		facts->bitmaps);
}

static int put_stamps(struct cache_view *c, const struct area *row, int col, enum style wrong)
{
	const struct fsr_group *group = group_of(c);
	const struct fsr_cache_facts *facts = &group->cache;
	const struct fsr_filesystem *fs = &c->view.tab->facts;

	if (!group->has_cache)
		return put(row, 0, col, STYLE_DIM, "none");
	col = put_stamp(row, col, "header", true, facts->generation, NULL, wrong);
	col = put_stamp(row, col, "inode", facts->has_inode_generation, facts->inode_generation,
		&facts->generation, wrong);
	if (facts->has_page_generation || facts->pages)
		col = put_stamp(row, col, "page 0", facts->has_page_generation, facts->page_generation,
			facts->has_inode_generation ? &facts->inode_generation : &facts->generation, wrong);
	/* what keeps the cache from being loaded is worth more than what the entries' head says too */
	if (fs->space_cache == FSR_SPACE_CACHE_V1 && fs->cache_generation != fs->generation &&
		fs->cache_generation != UINT64_MAX)
		col = putf(
			row, 0, col, STYLE_WARNING, "   W cache_generation %" PRIu64, fs->cache_generation);
	else
		col = put_entry_counts(facts, row, col);
	return putf(row, 0, col, STYLE_PLAIN, "   super %" PRIu64, fs->generation);
}

/* ---- inode and extent */

struct inode {
	uint64_t size, flags;
};

static int take_field(void *arg, const struct fsr_field *field)
{
	struct inode *inode = arg;

	if (strcmp(field->name, "size") == 0)
		inode->size = field->value;
	else if (strcmp(field->name, "flags") == 0)
		inode->flags = field->value;
	return 0;
}

static const char *extent_type(uint8_t type)
{
	return type == 0 ? "inline" : type == 1 ? "regular" : type == 2 ? "prealloc" : "of an unknown type";
}

static int put_extents(const struct fsr_cache *cache, const struct area *row, int col, enum style style)
{
	const struct fsr_cache_extent *extent = cache->extents;

	if (!cache->nextents)
		return put(row, 0, col, style, "   no extent");
	if (extent->type == 0)
		return put(row, 0, col, style, "   extent inline");
	col = putf(row, 0, col, style, "   extent %" PRIu64 "+%" PRIu64 " %s", extent->disk_bytenr,
		extent->disk_num_bytes, extent_type(extent->type));
	if (cache->nextents > 1)
		col = putf(row, 0, col, STYLE_ERROR, ", %zu more", cache->nextents - 1);
	return col;
}

static int put_inode(struct cache_view *c, const struct area *row, int col, enum style style)
{
	const struct fsr_cache *cache = c->model.cache;
	struct inode inode = {0};

	if (!cache_there(c)) {
		const struct fsr_group *group = group_of(c);

		if (!group->has_cache)
			return put(row, 0, col, STYLE_DIM, "none");
		return putf(row, 0, col, style, "%" PRIu64 "   pages %" PRIu64, group->cache.inode,
			group->cache.pages);
	}
	if (!cache->has_header)
		return put(row, 0, col, style, "none");
	if (!cache->has_inode)
		return putf(row, 0, col, STYLE_ERROR, "inode %" PRIu64 " %s", cache->location.objectid,
			group_of(c)->cache.has_inode_generation ? "can't be read any more"
								: "does not exist");
	struct fsr_item item = cache_inode_item(cache);
	fsr_item_fields(&item, take_field, &inode);
	col = putf(row, 0, col, style, "size %" PRIu64 "  flags 0x%" PRIx64, inode.size, inode.flags);
	return put_extents(cache, row, col, style);
}

/* ---- the total */

#define STEP "  (step 20)"

/* What the entries add up to, as Linux does it, beside what it must be. */
static int put_total(struct cache_view *c, const struct area *row, int col, enum style style)
{
	const struct fsr_group *group = group_of(c);
	uint64_t want = group->length - group->used - group->excluded_bytes, have;
	bool known = c->model.v2 ? true : group->has_cache && group->cache.has_ranges;
	const char *word = c->model.v2 ? "in the tree" : "cached";

	if (!group->has_item)
		return put(row, 0, col, STYLE_UNKNOWN, "the block group item is missing: used is not known");
	have = c->model.v2 ? c->model.tree.bytes : group->cache.declared_bytes;
	if (!known)
		col = putf(row, 0, col, STYLE_PLAIN, "%" PRIu64, want);
	else if (have == want)
		col = putf(row, 0, col, style, "%" PRIu64 " %s", have, word);
	else
		col = putf(row, 0, col, STYLE_ERROR, "%" PRIu64 " %s, not %" PRIu64, have, word, want);
	col = putf(row, 0, col, STYLE_PLAIN, " = %" PRIu64 " length − %" PRIu64 " used", group->length,
		group->used);
	if (!known || have == want || group->excluded_bytes) /* the line is long enough */
		col = putf(row, 0, col, STYLE_PLAIN, " − %" PRIu64 " super", group->excluded_bytes);
	if (!known || have != want || c->model.v2 || col + (int)strlen(STEP) > row->cols)
		return col;
	return put(row, 0, col, STYLE_PLAIN, STEP);
}

/* ---- v2 */

static int put_info(struct cache_view *c, const struct area *row, int col, enum style style)
{
	const struct cache_tree *tree = &c->model.tree;

	if (!tree->has_info)
		return put(row, 0, col, STYLE_ERROR, "no FREE_SPACE_INFO item");
	return putf(row, 0, col, style,
		"(%" PRIu64 " FREE_SPACE_INFO %" PRIu64 ")  leaf %" PRIu64 "  item %u",
		tree->info.key.objectid, tree->info.key.offset, tree->info.leaf, tree->info.slot);
}

/* The info item counts ranges: where there are bitmaps those that the bitmaps hold. */
static int put_counts(struct cache_view *c, const struct area *row, int col, enum style style)
{
	const struct cache_tree *tree = &c->model.tree;

	return putf(row, 0, col, style, "extent count %" PRIu32 "   flags %" PRIu32 "%s", tree->extent_count,
		tree->flags, tree->flags & 1 ? " (USING_BITMAPS)" : "");
}

static int put_valid(struct cache_view *c, const struct area *row, int col)
{
	const struct fsr_group *group = group_of(c);

	col = group->free_space_tree.valid ? put(row, 0, col, STYLE_OK, "items are well formed")
					   : put(row, 0, col, STYLE_ERROR, "items are not well formed");
	if (group->has_cache)
		col = putf(row, 0, col, STYLE_DIM, "   a v1 header is left over: inode %" PRIu64,
			group->cache.inode);
	return col;
}

/* ---- lines */

void cache_line(struct view *view, size_t i, const struct area *row)
{
	static const char *const names[2][CACHE_LINES] = {
		{"header", "stamps", "inode", "total"}, {"info", "counts", "tree", "total"}};
	struct cache_view *c = (struct cache_view *)view;
	int severity = line_severity(c, i);
	enum style style = severity_style(severity);
	bool v2 = c->model.v2 && cache_there(c);

	if (!group_of(c))
		return;
	put(row, 0, 0, style, severity_letter(severity));
	put(row, 0, 1, STYLE_HEAD, names[v2][i]);
	switch (i) {
	case CACHE_AT_HEADER:
		(v2 ? put_info : put_header)(c, row, 9, style);
		break;
	case CACHE_AT_STAMPS:
		if (v2)
			put_counts(c, row, 9, style);
		else
			put_stamps(c, row, 9, severity < 0 ? STYLE_ERROR : style);
		break;
	case CACHE_AT_INODE:
		if (v2)
			put_valid(c, row, 9);
		else
			put_inode(c, row, 9, style);
		break;
	default:
		put_total(c, row, 9, style);
	}
}

void cache_line_sentence(struct cache_view *c, size_t i, struct sentence *out)
{
	static const char *const words[2][CACHE_LINES] = {
		{
			"the header item says where the cache is: Enter goes to it in the root tree",
			"Linux takes a cache only where header, inode and page 0 have one generation",
			"the file that holds the cache: Enter goes to its inode item",
			"Linux compares these sums, nothing else ties a cache to what is in use: Enter, Diff",
		},
		{
			"the item that says how the rest is to be read: Enter goes to it",
			"how many free ranges there are, and whether the items are bitmaps",
			"the free space tree, as far as it is about this block group",
			"what its items add up to: Enter, Diff",
		}};
	const struct fsr_finding *finding =
		cache_there(c) ? cache_note_at(&c->model.notes, (enum cache_where)i, 0) : NULL;

	if (finding)
		sentence_set(out, severity_style((int)finding->severity), "%s %s",
			severity_letter((int)finding->severity), finding->message);
	else if (cache_record(c) &&
		 ((!group_of(c)->has_cache && !c->model.v2) || !tab_has_image(c->view.tab)))
		group_sentence(c->view.ui, cache_record(c), out);
	else
		sentence_set(out, STYLE_PLAIN, "%s", words[c->model.v2 && cache_there(c)][i]);
}

/* ---- where there is nothing to list */

static int put_findings(const struct fsr_group *group, const struct area *area)
{
	int row = 0;

	for (size_t i = 0; i < group->nfindings && row < area->rows; i++, row++) {
		int severity = (int)group->findings[i].severity;
		int col = put(area, row, 0, severity_style(severity), severity_letter(severity));

		put_untrusted(area, row, col + 1, area->cols - col - 1, severity_style(severity),
			group->findings[i].message);
	}
	if (!group->crash_kernels || !group->crash_kernels[0])
		return row;
	int col = put(area, row, 0, STYLE_DANGER, "D this crashes kernels ");
	for (const char *const *kernel = group->crash_kernels; *kernel; kernel++)
		col = put_untrusted(area, row,
			put(area, row, col, STYLE_DANGER, kernel == group->crash_kernels ? "" : ", "),
			area->cols - col, STYLE_DANGER, *kernel);
	return row + 1;
}

static bool too_small(const struct fsr_group *group)
{
	return group->length < UINT64_C(100) << 20 && group->state == FSR_STATE_NONE && !group->has_cache;
}

/* What the state means, on as many lines as it takes. */
static int put_state(const struct fsr_group *group, const struct area *area)
{
	struct prose prose = {0};
	size_t lines;

	prose_add(&prose, STYLE_PLAIN, 1, "%s: %s.", fsr_state_name(group->state),
		fsr_state_meaning(group->state));
	lines = prose_draw(&prose, area, 0);
	prose_free(&prose);
	return (int)lines;
}

static int put_no_cache(const struct cache_view *c, const struct fsr_group *group, const struct area *area)
{
	char size[SIZE_SHORT];

	if (c->view.tab->facts.space_cache == FSR_SPACE_CACHE_V2)
		putf(area, 0, 1, STYLE_PLAIN,
			"No items: the free space tree says nothing about block group %" PRIu64 ".",
			group->bytenr);
	else if (too_small(group))
		putf(area, 0, 1, STYLE_PLAIN,
			"No cache: block group %" PRIu64 " is %s, Linux keeps none under 100 MiB.",
			group->bytenr, ui_size_long(c->view.ui, group->length, size));
	else if (!group->has_cache && group->state == FSR_STATE_CLEAR)
		put(area, 0, 1, STYLE_PLAIN, "CLEAR: eligible, but no header.");
	else
		return put_state(group, area);
	return 1;
}

int cache_put_reasons(struct cache_view *c, const struct area *area)
{
	const struct fsr_group *group = group_of(c);
	int row = 1;
	struct area rest;

	if (!group) {
		put(area, 0, 1, STYLE_PLAIN, "There is no block group here.");
		return 1;
	}
	if (c->error.code) {
		put_untrusted(area, row, 1, area->cols - 1, STYLE_ERROR, c->error.text);
		row++;
	}
	rest = area_part(area, row, 0, area->rows - row, area->cols);
	if (!cache_model_count(&c->model))
		row += put_no_cache(c, group, &rest);
	rest = area_part(area, row, 0, area->rows - row, area->cols);
	row += put_findings(group, &rest);
	if (!tab_has_image(c->view.tab))
		put(area, row++, 1, STYLE_DIM, "Pages and entries need the image: this is a saved report.");
	return row;
}
