/* SPDX-License-Identifier: MIT */
#include "export.h"

json_t *export_header(void)
{
	return json_pack("{s:s, s:s}", "version", "1", "tool", "spacescope " FSR_VERSION);
}

static void open_document(
	struct json_stream *json, const char *command, json_t *image, const struct fsr_filesystem *facts)
{
	json_open(json, NULL, '{');
	json_put(json, "__header", export_header());
	json_put(json, "command", json_string(command));
	json_put(json, "image", image);
	json_put(json, "filesystem", facts ? report_filesystem(facts) : json_null());
}

void export_open(struct json_stream *json, const char *command, const struct fsr_fs *image, const char *path,
	const struct fsr_fs *fs)
{
	open_document(json, command, image ? report_image(image, path) : json_null(),
		fs ? fsr_filesystem(fs) : NULL);
}

void export_open_saved(struct json_stream *json, const char *command, const char *path, uint64_t size,
	const struct fsr_filesystem *facts)
{
	open_document(json, command,
		json_pack("{s:o, s:o, s:[]}", "path", path ? report_text(path) : json_null(), "size",
			report_maybe(size > 0, size), "devices"),
		facts);
}

void export_findings(struct json_stream *json, const struct fsr_finding *findings, size_t n)
{
	json_open(json, "findings", '[');
	for (size_t i = 0; i < n; i++)
		json_put(json, NULL, report_finding(&findings[i]));
	json_close(json, ']');
}

void export_close(struct json_stream *json, const struct fsr_error *err)
{
	if (err)
		json_put(json, "error", report_error(err));
	json_close(json, '}');
}

/* ---- diff */

void export_group_open(struct json_stream *json, const struct fsr_group *group)
{
	json_open(json, NULL, '{');
	json_put_members(json, report_group(group));
	json_open(json, "ranges", '[');
}

void export_group_close(struct json_stream *json)
{
	json_close(json, ']');
	json_close(json, '}');
}

/* ---- rewrite */

static json_t *outputs_json(const struct fsw_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; array && result && i < result->noutputs; i++) {
		if (json_array_append_new(array, report_text(result->outputs[i])) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static void put_rewritten(struct json_stream *json, const struct fsw_result *result)
{
	json_open(json, "block_groups", '[');
	for (size_t i = 0; result && i < result->ngroups; i++)
		json_put(json, NULL, report_rewritten(&result->groups[i]));
	json_close(json, ']');
	json_open(json, "removed", '[');
	for (size_t i = 0; result && i < result->nremoved; i++)
		json_put(json, NULL, report_removed(&result->removed[i]));
	json_close(json, ']');
}

void export_rewrite(
	struct json_stream *json, const struct fsw_result *result, const char *output, bool dry_run)
{
	json_put(json, "output", output ? report_text(output) : json_null());
	json_put(json, "outputs", outputs_json(result));
	json_put(json, "dry_run", json_boolean(dry_run));
	json_put(json, "committed", json_boolean(result && result->committed));
	json_put(json, "transaction", result ? report_transaction(result) : json_null());
	put_rewritten(json, result);
}
