/* SPDX-License-Identifier: MIT */
#include "report.h"

json_t *report_transaction(const struct fsw_result *result)
{
	const struct fsw_transaction *t = &result->transaction;

	if (!result->planned)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "generation", report_u64(t->generation), "blocks_written",
		report_u64(t->blocks_written), "cache_bytes_written", report_u64(t->cache_bytes_written),
		"flushes", report_u64(t->flushes));
}

static json_t *report_transitions(const struct fsw_group *group)
{
	json_t *array = json_array();

	for (unsigned i = 0; array && i < group->ntransitions && i < FSW_MAX_TRANSITIONS; i++) {
		if (json_array_append_new(array, report_word(fsr_state_name(group->transitions[i]))) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *report_new_cache(const struct fsw_group *group)
{
	if (!group->cache_bytes)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "bytenr", report_u64(group->cache_bytenr), "bytes",
		report_u64(group->cache_bytes), "entries", report_u64(group->entries), "bitmaps",
		report_u64(group->bitmaps));
}

json_t *report_rewritten(const struct fsw_group *group)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "bytenr",
		report_u64(group->bytenr), "length", report_u64(group->length), "type",
		report_types(group->flags), "profile", report_word(fsr_profile_name(group->flags)), "why",
		report_word(fsw_why_name(group->why)), "wants_cache", group->wants_cache, "state_before",
		report_word(fsr_state_name(group->before)), "state_after",
		report_word(fsr_state_name(group->after)), "transitions", report_transitions(group), "cache",
		report_new_cache(group), "problem",
		group->problem[0] ? report_text(group->problem) : json_null());
}

json_t *report_removed(const struct fsw_removed *removed)
{
	bool header = removed->kind == FSW_REMOVED_HEADER;

	return json_pack("{s:s, s:o, s:o}", "kind", header ? "header" : "inode", "block_group",
		report_maybe(header, removed->block_group), "inode", report_maybe(!header, removed->inode));
}

json_t *report_undone(const struct fsw_undone *undone)
{
	return json_pack("{s:o, s:o, s:b}", "generation", report_u64(undone->generation), "bytes",
		report_u64(undone->bytes), "was_there", undone->was_there);
}
