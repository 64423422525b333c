/* SPDX-License-Identifier: MIT */
#include "report.h"

json_t *report_types(uint64_t flags)
{
	json_t *types = json_array();

	for (unsigned bit = 0; types && bit < 3; bit++) {
		uint64_t flag = UINT64_C(1) << bit;
		if (!(flags & flag) || json_array_append_new(types, report_word(fsr_type_name(flag))) == 0)
			continue;
		json_decref(types);
		return NULL;
	}
	return types;
}

static json_t *report_kernels(const char *const *versions)
{
	json_t *array = json_array();

	for (; array && versions && *versions; versions++) {
		if (json_array_append_new(array, json_string(*versions)) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *report_copies(const struct fsr_group *group)
{
	json_t *array = json_array();

	for (unsigned i = 0; array && i < group->ncopies && i < FSR_MAX_COPIES; i++) {
		const struct fsr_copy_verdict *copy = &group->copies[i];
		json_t *value = json_pack("{s:o, s:o, s:o}", "devid", report_u64(copy->devid), "verdict",
			report_word(fsr_verdict_name(copy->verdict)), "step",
			report_maybe(copy->step > 0, (uint64_t)copy->step));
		if (json_array_append_new(array, value) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

json_t *report_cache_format(const struct fsr_group *group)
{
	const char format[2] = {group->has_cache ? group->cache.format : 0, 0};

	return report_word(format[0] ? format : NULL);
}

static json_t *report_cache_facts(const struct fsr_group *group)
{
	const struct fsr_cache_facts *c = &group->cache;

	if (!group->has_cache)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "generation",
		report_u64(c->generation), "inode_generation",
		report_maybe(c->has_inode_generation, c->inode_generation), "page_generation",
		report_maybe(c->has_page_generation, c->page_generation), "inode", report_u64(c->inode),
		"entries", report_u64(c->entries), "bitmaps", report_u64(c->bitmaps), "pages",
		report_u64(c->pages), "declared_bytes", report_maybe(c->has_ranges, c->declared_bytes),
		"ranges_bytes", report_maybe(c->has_ranges, c->ranges_bytes), "format",
		report_cache_format(group));
}

static json_t *report_recomputed(const struct fsr_group *group)
{
	if (!group->has_recomputed)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "free_bytes", report_u64(group->recomputed_free_bytes), "ranges",
		report_u64(group->recomputed_ranges), "largest", report_u64(group->recomputed_largest));
}

static json_t *report_compare(const struct fsr_group *group)
{
	bool compared = group->relation != FSR_RELATION_NULL;

	return json_pack("{s:o, s:o, s:o}", "relation", report_word(fsr_relation_name(group->relation)),
		"excess_bytes", report_maybe(compared, group->excess_bytes), "missing_bytes",
		report_maybe(compared, group->missing_bytes));
}

static json_t *report_free_space_tree(const struct fsr_group *group)
{
	const struct fsr_free_space_tree_facts *t = &group->free_space_tree;
	bool compared = t->relation != FSR_RELATION_NULL;

	if (!group->has_free_space_tree)
		return json_null();
	return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o}", "valid", t->valid, "relation",
		report_word(fsr_relation_name(t->relation)), "excess_bytes",
		report_maybe(compared, t->excess_bytes), "missing_bytes",
		report_maybe(compared, t->missing_bytes), "extent_count", report_u64(t->extent_count),
		"flags", report_u64(t->flags));
}

json_t *report_group(const struct fsr_group *group)
{
	const struct fsr_finding_info *reason = fsr_finding_info(group->reason);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"bytenr", report_u64(group->bytenr), "length", report_u64(group->length), "used",
		report_maybe(group->has_item, group->used), "excluded_bytes",
		report_u64(group->excluded_bytes), "type", report_types(group->flags), "profile",
		report_word(fsr_profile_name(group->flags)), "state",
		report_word(fsr_state_name(group->state)), "verdict",
		report_word(fsr_verdict_name(group->verdict)), "verdict_if_trusted",
		report_word(fsr_verdict_name(group->verdict_if_trusted)), "step",
		report_maybe(group->step > 0, (uint64_t)group->step), "reason",
		report_word(reason ? reason->name : NULL), "crash_kernels",
		report_kernels(group->crash_kernels), "cache", report_cache_facts(group), "copies",
		report_copies(group), "recomputed", report_recomputed(group), "compare",
		report_compare(group), "free_space_tree", report_free_space_tree(group));
}
