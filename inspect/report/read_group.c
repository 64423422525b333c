/* SPDX-License-Identifier: MIT */
#include "read_records.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* ---- type and profile as flags */

static const char *type_name(unsigned bit)
{
	return fsr_type_name(UINT64_C(1) << bit);
}

/* Bits that are no profile are "single", as no bit at all is: that name is none of a bit. */
static const char *profile_name(unsigned bit)
{
	const char *name = fsr_profile_name(UINT64_C(1) << bit);

	return name && strcmp(name, fsr_profile_name(0)) != 0 ? name : NULL;
}

/* Two profiles at once have no name: any two stand for them. */
static uint64_t nameless_profile(void)
{
	uint64_t flags = 0;

	for (unsigned bit = 0; bit < 64 && fsr_profile_name(flags); bit++)
		if (profile_name(bit))
			flags |= UINT64_C(1) << bit;
	return flags;
}

static uint64_t read_flags(const struct fields *fields)
{
	uint64_t flags = field_flags_words(fields, "type", type_name);
	const char *profile = field_maybe_text(fields, "profile");

	if (!profile)
		return flags | nameless_profile();
	if (strcmp(profile, fsr_profile_name(0)) == 0)
		return flags;
	return flags | UINT64_C(1) << field_word(fields, "profile", profile_name);
}

/* ---- parts */

/* A step of F-A6, 0 for null. */
static int read_step(const struct fields *fields)
{
	uint64_t step = 0;

	if (!field_maybe(fields, "step", INT_MAX, &step) || fsr_step_meaning((int)step))
		return (int)step;
	trouble_say(fields->trouble, FSR_E_CORRUPT, "'%sstep' is %" PRIu64 ", which is no step", fields->name,
		step);
	return 0;
}

/* A code of a newer version is none of ours. */
static enum fsr_finding_code read_reason(const struct fields *fields)
{
	const char *name = field_maybe_text(fields, "reason");
	const struct fsr_finding_info *info = name ? fsr_finding_by_name(name) : NULL;

	return info ? info->code : FSR_FINDING_NONE;
}

static void read_kernels(const struct fields *fields, struct fsr_group *group, struct report_pool **pool)
{
	const json_t *array = field_array(fields, "crash_kernels");
	size_t n = json_array_size(array);
	const char **kernels = n ? pool_take(pool, (n + 1) * sizeof *kernels) : NULL;

	if (n && !kernels)
		trouble_memory(fields->trouble);
	for (size_t i = 0; kernels && i < n; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		kernels[i] = text ? pool_text(pool, text) : "";
		if (!text)
			trouble_say(fields->trouble, FSR_E_CORRUPT, "'crash_kernels' holds what is no text");
		else if (!kernels[i])
			trouble_memory(fields->trouble);
	}
	if (kernels)
		kernels[n] = NULL;
	group->crash_kernels = kernels;
}

/* One letter; 0 for null, and for an old report, which lacks it. */
static char read_format(const struct fields *fields)
{
	const char *text =
		json_object_get(fields->object, "format") ? field_maybe_text(fields, "format") : NULL;

	if (text && strlen(text) != 1)
		trouble_say(fields->trouble, FSR_E_CORRUPT, "'cache.format' is not one letter");
	return text ? text[0] : 0;
}

static void read_cache(const struct fields *fields, struct fsr_group *group)
{
	struct fsr_cache_facts *cache = &group->cache;
	struct fields f;

	group->has_cache = field_object(fields, "cache", "cache.", &f);
	if (!group->has_cache)
		return;
	cache->generation = field_number(&f, "generation", UINT64_MAX);
	cache->has_inode_generation =
		field_maybe(&f, "inode_generation", UINT64_MAX, &cache->inode_generation);
	cache->has_page_generation = field_maybe(&f, "page_generation", UINT64_MAX, &cache->page_generation);
	cache->inode = field_number(&f, "inode", UINT64_MAX);
	cache->entries = field_number(&f, "entries", UINT64_MAX);
	cache->bitmaps = field_number(&f, "bitmaps", UINT64_MAX);
	cache->pages = field_number(&f, "pages", UINT64_MAX);
	cache->has_ranges = field_maybe(&f, "declared_bytes", UINT64_MAX, &cache->declared_bytes);
	if (cache->has_ranges)
		cache->ranges_bytes = field_number(&f, "ranges_bytes", UINT64_MAX);
	else
		field_unused(&f, "ranges_bytes");
	cache->format = read_format(&f);
}

static void read_copies(const struct fields *fields, struct fsr_group *group)
{
	const json_t *array = field_array(fields, "copies");
	size_t n = json_array_size(array);

	if (n > FSR_MAX_COPIES) {
		trouble_say(fields->trouble, FSR_E_CORRUPT, "'copies' are %zu, more than can be", n);
		return;
	}
	for (group->ncopies = 0; group->ncopies < n; group->ncopies++) {
		struct fsr_copy_verdict *copy = &group->copies[group->ncopies];
		struct fields f = {fields->trouble, json_array_get(array, group->ncopies), "copies."};
		copy->devid = field_number(&f, "devid", UINT64_MAX);
		copy->verdict = field_word(&f, "verdict", fsr_verdict_name);
		copy->step = read_step(&f);
	}
}

static void read_recomputed(const struct fields *fields, struct fsr_group *group)
{
	struct fields f;

	group->has_recomputed = field_object(fields, "recomputed", "recomputed.", &f);
	if (!group->has_recomputed)
		return;
	group->recomputed_free_bytes = field_number(&f, "free_bytes", UINT64_MAX);
	group->recomputed_ranges = field_number(&f, "ranges", UINT64_MAX);
	if (json_object_get(f.object, "largest")) /* old reports lack it */
		group->recomputed_largest = field_number(&f, "largest", UINT64_MAX);
}

static enum fsr_relation read_relation(const struct fields *fields, uint64_t *excess, uint64_t *missing)
{
	enum fsr_relation relation =
		field_maybe_word(fields, "relation", fsr_relation_name, FSR_RELATION_NULL);

	if (relation != FSR_RELATION_NULL) {
		*excess = field_number(fields, "excess_bytes", UINT64_MAX);
		*missing = field_number(fields, "missing_bytes", UINT64_MAX);
	} else {
		field_unused(fields, "excess_bytes");
		field_unused(fields, "missing_bytes");
	}
	return relation;
}

static void read_compare(const struct fields *fields, struct fsr_group *group)
{
	struct fields f;

	if (field_object(fields, "compare", "compare.", &f))
		group->relation = read_relation(&f, &group->excess_bytes, &group->missing_bytes);
}

static void read_free_space_tree(const struct fields *fields, struct fsr_group *group)
{
	struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	struct fields f;

	group->has_free_space_tree = field_object(fields, "free_space_tree", "free_space_tree.", &f);
	if (!group->has_free_space_tree)
		return;
	tree->valid = field_bool(&f, "valid");
	tree->relation = read_relation(&f, &tree->excess_bytes, &tree->missing_bytes);
	tree->extent_count = field_number(&f, "extent_count", UINT64_MAX);
	tree->flags = (uint32_t)field_number(&f, "flags", UINT32_MAX);
}

/* ---- the whole */

/* Where it lies: what adds addresses must not wrap. */
static void read_place(const struct fields *fields, size_t index, struct fsr_group *group)
{
	struct trouble *trouble = fields->trouble;

	group->bytenr = field_number(fields, "bytenr", UINT64_MAX);
	if (!trouble->failed)
		snprintf(trouble->record, sizeof trouble->record, "block_groups[%zu] (%" PRIu64 ")", index,
			group->bytenr);
	group->length = field_number(fields, "length", UINT64_MAX - group->bytenr);
}

bool read_group(const json_t *object, size_t index, struct fsr_group *group, struct report_pool **pool,
	struct trouble *trouble)
{
	const struct fields f = {trouble, object, ""};

	*group = (struct fsr_group){.index = index};
	read_place(&f, index, group);
	group->has_item = field_maybe(&f, "used", UINT64_MAX, &group->used);
	group->excluded_bytes = field_number(&f, "excluded_bytes", UINT64_MAX);
	group->flags = read_flags(&f);
	group->state = field_word(&f, "state", fsr_state_name);
	group->verdict = field_word(&f, "verdict", fsr_verdict_name);
	group->verdict_if_trusted = field_word(&f, "verdict_if_trusted", fsr_verdict_name);
	group->step = read_step(&f);
	group->reason = read_reason(&f);
	read_kernels(&f, group, pool);
	read_cache(&f, group);
	read_copies(&f, group);
	read_recomputed(&f, group);
	read_compare(&f, group);
	read_free_space_tree(&f, group);
	return !trouble->failed;
}
