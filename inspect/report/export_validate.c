/* SPDX-License-Identifier: MIT */
#include "export.h"

const char *export_result_name(enum export_result result)
{
	static const char *const names[EXPORT_RESULT_COUNT] = {
		[EXPORT_CLEAN] = "clean",
		[EXPORT_FINDINGS] = "findings",
		[EXPORT_UNREADABLE] = "unreadable",
	};

	return (unsigned)result < EXPORT_RESULT_COUNT ? names[result] : NULL;
}

/* Block groups and findings by severity. */
static json_t *counts_json(const struct export_counts *counts)
{
	const size_t *by_severity = counts->by_severity;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "block_groups", report_u64(counts->groups), "danger",
		report_u64(by_severity[FSR_SEVERITY_DANGER]), "error",
		report_u64(by_severity[FSR_SEVERITY_ERROR]), "warning",
		report_u64(by_severity[FSR_SEVERITY_WARNING]), "note",
		report_u64(by_severity[FSR_SEVERITY_NOTE]));
}

static json_t *copies_json(const struct fsr_copy_counts *copies)
{
	return json_pack("{s:o, s:o, s:o}", "read", report_u64(copies->read), "differing",
		report_u64(copies->differing), "failing", report_u64(copies->failing));
}

json_t *export_summary(const struct export_counts *counts)
{
	const uint64_t *images = counts->images;
	json_t *all = json_pack("{s:o, s:o, s:o, s:o}", "images",
		report_u64(images[EXPORT_CLEAN] + images[EXPORT_FINDINGS] + images[EXPORT_UNREADABLE]),
		"clean", report_u64(images[EXPORT_CLEAN]), "findings", report_u64(images[EXPORT_FINDINGS]),
		"unreadable", report_u64(images[EXPORT_UNREADABLE]));

	if (all && json_object_update_new(all, counts_json(counts)) == 0)
		return all;
	json_decref(all);
	return NULL;
}

json_t *export_judged(enum export_result result, const struct fsr_error *err,
	const struct fsr_filesystem *facts, const struct export_counts *counts,
	const struct fsr_copy_counts *copies)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "result", report_word(export_result_name(result)),
		"error", result == EXPORT_UNREADABLE ? report_error(err) : json_null(), "filesystem",
		facts ? report_filesystem(facts) : json_null(), "copies",
		copies ? copies_json(copies) : json_null(), "summary", counts_json(counts));
}

void export_validate_open(struct json_stream *json)
{
	json_open(json, NULL, '{');
	json_put(json, "__header", export_header());
	json_put(json, "command", json_string("validate"));
	json_open(json, "images", '[');
}

void export_image_open(struct json_stream *json, const char *path)
{
	json_open(json, NULL, '{');
	json_put(json, "path", report_text(path));
	json_open(json, "block_groups", '[');
}

void export_image_close(
	struct json_stream *json, const struct fsr_finding *findings, size_t n, json_t *judged)
{
	json_close(json, ']');
	export_findings(json, findings, n);
	json_put_members(json, judged);
	json_close(json, '}');
}

void export_validate_close(struct json_stream *json, const struct export_counts *counts)
{
	json_close(json, ']');
	json_put(json, "summary", export_summary(counts));
	json_close(json, '}');
}
