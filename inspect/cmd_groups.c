/* SPDX-License-Identifier: MIT */
/* groups: one row for each block group. */
#include "judged.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>

struct listing {
	struct judged judged; /* first: it is what the functions below get */
	uint64_t groups, by_state[FSR_STATE_COUNT];
	uint64_t length, used, recomputed, excess, missing;
};

/* ---- the table; a cell gets CELL bytes to write to */

#define CELL 48
#define NOTHING "-"

typedef void (*cell_fn)(const struct settings *settings, const struct fsr_group *group, char *out);

static void size_cell(const struct settings *settings, bool there, uint64_t bytes, char *out)
{
	if (there)
		size_text(settings, bytes, out);
	else
		snprintf(out, CELL, NOTHING);
}

static void bytenr_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	snprintf(out, CELL, "%" PRIu64, group->bytenr);
}

static void length_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	size_text(settings, group->length, out);
}

static void type_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	type_text(group->flags, out);
}

static void profile_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	snprintf(out, CELL, "%s", word(fsr_profile_name(group->flags)));
}

static void used_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	size_cell(settings, group->has_item, group->used, out);
}

static void state_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	snprintf(out, CELL, "%s", word(fsr_state_name(group->state)));
}

static void verdict_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	verdict_text(group, out);
}

static void count_cell(bool there, uint64_t count, char *out)
{
	if (there)
		snprintf(out, CELL, "%" PRIu64, count);
	else
		snprintf(out, CELL, NOTHING);
}

static void entries_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	count_cell(group->has_cache, group->cache.entries, out);
}

static void bitmaps_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	(void)settings;
	count_cell(group->has_cache, group->cache.bitmaps, out);
}

static void cached_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	size_cell(settings, group->has_cache && group->cache.has_ranges, group->cache.ranges_bytes, out);
}

static void recomputed_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	size_cell(settings, group->has_recomputed, group->recomputed_free_bytes, out);
}

/* Where v1 is not compared, the free space tree's comparison stands in the columns. */
static bool differences(const struct fsr_group *group, uint64_t *excess, uint64_t *missing)
{
	const struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	bool v1 = group->relation != FSR_RELATION_NULL;

	*excess = v1 ? group->excess_bytes : tree->excess_bytes;
	*missing = v1 ? group->missing_bytes : tree->missing_bytes;
	return v1 || (group->has_free_space_tree && tree->relation != FSR_RELATION_NULL);
}

static void excess_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	uint64_t excess, missing;
	bool there = differences(group, &excess, &missing);

	size_cell(settings, there, excess, out);
}

static void missing_cell(const struct settings *settings, const struct fsr_group *group, char *out)
{
	uint64_t excess, missing;
	bool there = differences(group, &excess, &missing);

	size_cell(settings, there, missing, out);
}

/* A negative width is left-aligned. Sizes need more room in bytes than in units. */
static const struct column {
	const char *title;
	int width;
	cell_fn cell;
} columns[] = {
	{"bytenr", 14, bytenr_cell},
	{"length", 11, length_cell},
	{"type", -13, type_cell},
	{"profile", -7, profile_cell},
	{"used", 11, used_cell},
	{"state", -10, state_cell},
	{"verdict", -13, verdict_cell},
	{"entries", 7, entries_cell},
	{"bitmaps", 7, bitmaps_cell},
	{"cached free", 15, cached_cell},
	{"recomputed free", 15, recomputed_cell},
	{"excess", 11, excess_cell},
	{"missing", 11, missing_cell},
};
#define COLUMN_COUNT (sizeof columns / sizeof *columns)

static void print_titles(struct judged *judged)
{
	(void)judged;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		printf("%*s%s", columns[i].width, columns[i].title, i + 1 < COLUMN_COUNT ? "  " : "\n");
}

static void print_row(const struct settings *settings, const struct fsr_group *group)
{
	char text[CELL];

	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		columns[i].cell(settings, group, text);
		printf("%*s%s", columns[i].width, text, i + 1 < COLUMN_COUNT ? "  " : "\n");
	}
}

/* ---- the whole */

static void add_totals(struct listing *listing, const struct fsr_group *group)
{
	uint64_t excess, missing;

	listing->groups++;
	listing->by_state[group->state]++;
	listing->length += group->length;
	listing->used += group->has_item ? group->used : 0;
	listing->recomputed += group->has_recomputed ? group->recomputed_free_bytes : 0;
	if (differences(group, &excess, &missing)) {
		listing->excess += excess;
		listing->missing += missing;
	}
}

static void list_group(struct judged *judged, const struct fsr_group *group)
{
	add_totals((struct listing *)judged, group);
	if (judged->settings->format == FORMAT_JSON)
		json_put(&judged->json, NULL, report_group(group));
	else
		print_row(judged->settings, group);
}

static void print_total(const struct settings *settings, const char *title, uint64_t bytes)
{
	printf("  %s ", title);
	put_size(settings, bytes);
}

static void print_totals(struct judged *judged)
{
	const struct listing *listing = (const struct listing *)judged;

	printf("%" PRIu64 " block group%s", listing->groups, listing->groups == 1 ? "" : "s");
	for (unsigned state = 0; state < FSR_STATE_COUNT; state++)
		if (listing->by_state[state])
			printf("  %s %" PRIu64, word(fsr_state_name(state)), listing->by_state[state]);
	print_total(judged->settings, "length", listing->length);
	print_total(judged->settings, "used", listing->used);
	print_total(judged->settings, "recomputed free", listing->recomputed);
	print_total(judged->settings, "excess", listing->excess);
	print_total(judged->settings, "missing", listing->missing);
	putchar('\n');
}

int cmd_groups(const struct settings *settings)
{
	struct listing listing = {.judged = {.settings = settings,
					  .group = list_group,
					  .begin = print_titles,
					  .end = print_totals}};

	return judged_run(&listing.judged);
}
