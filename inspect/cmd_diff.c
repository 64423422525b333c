/* SPDX-License-Identifier: MIT */
/* diff: every range that a cache or the free space tree has wrong, with what the extent tree holds there. */
#include "judged.h"
#include "message.h"
#include "output.h"
#include "report/export.h"
#include "text.h"

#include <inttypes.h>

struct diff {
	struct judged judged;          /* first: it is what the functions below get */
	const struct fsr_group *group; /* the one whose ranges come */
	uint64_t groups;               /* seen at all */
	uint64_t differing, ranges, excess, missing;
	bool failed;
};

static bool unequal(enum fsr_relation relation)
{
	return relation != FSR_RELATION_NULL && relation != FSR_RELATION_EQUAL;
}

static bool differs(const struct fsr_group *group)
{
	return unequal(group->relation) ||
	       (group->has_free_space_tree && unequal(group->free_space_tree.relation));
}

/* ---- text */

static void print_holder(const struct fsr_group *group, const struct fsr_diff_range *range)
{
	const struct fsr_holder *holder = &range->holder;
	const char *root = fsr_objectid_name(holder->root);
	char number[24];

	snprintf(number, sizeof number, "%" PRIu64, holder->root);
	printf("held by %s of root %s", holder->tree_block ? "a tree block" : "data", root ? root : number);
	if (holder->tree_block)
		printf(" level %" PRIu64, holder->offset);
	else
		printf(" inode %" PRIu64 " offset %" PRIu64, holder->objectid, holder->offset);
	printf(", extent %" PRIu64 " length %" PRIu64 " generation %" PRIu64, holder->bytenr, holder->length,
		holder->generation);
	if (!range->free_space_tree && group->has_cache)
		fputs(holder->generation > group->cache.generation ? ", newer than the cache"
								   : ", not newer than the cache",
			stdout);
}

static void print_range(const struct diff *diff, const struct fsr_diff_range *range)
{
	printf("  %-7s  %s  %" PRIu64 "  length %" PRIu64, range->excess ? "excess" : "missing",
		range->free_space_tree ? "v2" : "v1", range->bytenr, range->length);
	if (diff->judged.settings->units != UNITS_RAW) {
		fputs(" (", stdout);
		put_size(diff->judged.settings, range->length);
		putchar(')');
	}
	fputs("  ", stdout);
	if (range->holder.present)
		print_holder(diff->group, range);
	else
		fputs(range->excess ? "no extent here" : "free", stdout);
	putchar('\n');
}

static void print_relation(const struct diff *diff, const char *source, enum fsr_relation relation,
	uint64_t excess, uint64_t missing)
{
	const char *name = fsr_relation_name(relation);

	printf("  %s %s", source, name ? name : "not compared");
	if (name) {
		fputs(", excess ", stdout);
		put_size(diff->judged.settings, excess);
		fputs(", missing ", stdout);
		put_size(diff->judged.settings, missing);
	}
	putchar('\n');
}

static void print_group(const struct diff *diff, const struct fsr_group *group)
{
	const struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	char type[TYPE_TEXT];

	printf("block group %" PRIu64 "  %s %s  length ", group->bytenr, type_text(group->flags, type),
		word(fsr_profile_name(group->flags)));
	put_size(diff->judged.settings, group->length);
	printf("  state %s\n", word(fsr_state_name(group->state)));
	if (group->has_cache)
		print_relation(diff, "v1", group->relation, group->excess_bytes, group->missing_bytes);
	if (group->has_free_space_tree)
		print_relation(diff, "v2", tree->relation, tree->excess_bytes, tree->missing_bytes);
}

static void print_totals(struct judged *judged)
{
	const struct diff *diff = (const struct diff *)judged;

	printf("%" PRIu64 " of %" PRIu64 " block groups differ, %" PRIu64 " ranges, excess ", diff->differing,
		diff->groups, diff->ranges);
	put_size(judged->settings, diff->excess);
	fputs(", missing ", stdout);
	put_size(judged->settings, diff->missing);
	putchar('\n');
}

/* ---- the work */

static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct diff *diff = arg;

	diff->ranges++;
	if (range->excess)
		diff->excess += range->length;
	else
		diff->missing += range->length;
	if (diff->judged.settings->format == FORMAT_JSON)
		json_put(&diff->judged.json, NULL, report_diff_range(range));
	else
		print_range(diff, range);
	return output_stopped();
}

/* Streams the ranges of one block group; a failure costs this block group only. */
static void take_ranges(struct diff *diff, const struct fsr_group *group)
{
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};

	diff->group = group;
	if (!differs(group))
		return;
	diff->differing++;
	if (fsr_diff(diff->judged.fs, group->bytenr, take_range, diff, &err) == 0)
		return;
	diff->failed = true;
	complain_error(diff->judged.settings->operands[0], &err);
}

static void take_group(struct judged *judged, const struct fsr_group *group)
{
	struct diff *diff = (struct diff *)judged;
	const struct settings *settings = judged->settings;

	diff->groups++;
	diff->failed |= group->state == FSR_STATE_UNKNOWN;
	if (settings->format == FORMAT_JSON) {
		export_group_open(&judged->json, group);
		take_ranges(diff, group);
		export_group_close(&judged->json);
		return;
	}
	if (differs(group) || settings->verbosity == VERBOSITY_VERBOSE)
		print_group(diff, group);
	take_ranges(diff, group);
}

/* What was compared says 0 or 1; what could not be compared says 2. */
static int diff_status(const struct diff *diff)
{
	const struct settings *settings = diff->judged.settings;

	if (!diff->groups && settings->group.given) {
		complain("%s: no block group begins at %" PRIu64 "; 'spacescope groups' lists them",
			settings->operands[0], settings->group.value);
		return STATUS_TROUBLE;
	}
	if (diff->failed) {
		complain("%s: not every block group could be compared; the findings say why",
			settings->operands[0]);
		return STATUS_TROUBLE;
	}
	return diff->differing ? STATUS_FINDINGS : STATUS_CLEAN;
}

int cmd_diff(const struct settings *settings)
{
	struct diff diff = {.judged = {.settings = settings, .group = take_group, .end = print_totals}};
	int status = judged_run(&diff.judged);

	return status == STATUS_CLEAN ? diff_status(&diff) : status;
}
