/* SPDX-License-Identifier: MIT */
/* The line over Diff's list, and what stands there when it is empty. */
#include "diff.h"
#include "words.h"

#include <inttypes.h>

/* Bytes, and in how many ranges: those of all headings where they are all counted. */
static int put_sum(const struct diff *d, const struct area *area, int col, int kind)
{
	static const char *const words[DIFF_KINDS] = {"excess", "missing"};
	uint64_t sum = 0, runs = 0, bytes[DIFF_KINDS];
	size_t groups = 0, uncounted = 0;

	for (size_t i = 0; i < d->nheadings; i++) {
		record_differs(diff_record(d, &d->headings[i]), bytes);
		if (!diff_passes(d, diff_record(d, &d->headings[i]), kind))
			continue;
		sum += bytes[kind];
		groups += bytes[kind] > 0;
		runs += d->headings[i].runs[kind];
		uncounted += !d->headings[i].counted;
	}
	if (!sum && *d->filter_words)
		return col; /* left out by it, or none: the rows say which */
	if (!sum)
		return putf(area, 0, col, STYLE_PLAIN, "%s 0   ", words[kind]);
	if (uncounted)
		return putf(area, 0, col, STYLE_PLAIN, "%s %" PRIu64 " in %zu group%s   ", words[kind], sum,
			groups, groups == 1 ? "" : "s");
	return putf(area, 0, col, STYLE_PLAIN, "%s %" PRIu64 " in %" PRIu64 " range%s   ", words[kind], sum,
		runs, runs == 1 ? "" : "s");
}

int diff_head(struct diff *d, const struct area *area)
{
	struct area line = area_part(area, 0, 0, 1, area->cols);
	int col = 1;

	if (*d->filter_words) {
		col = put(&line, 0, col, STYLE_PLAIN, "filter: ");
		col = put_untrusted(&line, 0, col, 32, STYLE_PLAIN, d->filter_words) + 3;
	} else if (area->cols >= 60) {
		col = put(&line, 0, col, STYLE_PLAIN, "all block groups   ");
	}
	col = put_sum(d, &line, col, DIFF_EXCESS);
	col = put_sum(d, &line, col, DIFF_MISSING);
	if (!d->view.tab->complete)
		put(&line, 0, col, STYLE_PLAIN, "so far");
	return 1;
}

/* What was compared and found equal, so that "nothing" is seen to be an answer. */
static void put_totals(const struct diff *d, const struct area *area)
{
	size_t caches = 0, trees = 0, nothing = 0, unknown = 0;
	int col = 1;

	for (size_t i = 0; i < d->view.tab->ngroups; i++) {
		const struct fsr_group *group = &d->view.tab->records[i].group;
		bool tree =
			group->has_free_space_tree && group->free_space_tree.relation == FSR_RELATION_EQUAL;

		caches += group->relation == FSR_RELATION_EQUAL;
		trees += tree;
		nothing += group->relation == FSR_RELATION_NULL && !tree;
		unknown += group->state == FSR_STATE_UNKNOWN && !group->pending;
	}
	col = put(area, 1, col, STYLE_PLAIN,
		d->view.tab->complete ? "No differences: " : "No differences so far: ");
	if (trees)
		col = putf(area, 1, col, STYLE_PLAIN, "%zu block group%s of the free space tree and ", trees,
			trees == 1 ? "" : "s");
	putf(area, 1, col, STYLE_PLAIN, "%zu cache%s equal%s the recomputed free space;", caches,
		caches == 1 ? "" : "s", caches == 1 && !trees ? "s" : "");
	col = putf(area, 2, 1, STYLE_PLAIN, "%zu block group%s ha%s nothing to compare.", nothing,
		nothing == 1 ? "" : "s", nothing == 1 ? "s" : "ve");
	if (unknown)
		putf(area, 2, col, STYLE_UNKNOWN, " UNKNOWN: %zu", unknown);
}

void diff_draw_empty(struct diff *d, const struct area *area)
{
	if (!*d->filter_words) {
		put_totals(d, area);
		return;
	}
	put_untrusted(area, 1, put(area, 1, 1, STYLE_PLAIN, "no difference matches: "), area->cols - 25,
		STYLE_PLAIN, d->filter_words);
}
