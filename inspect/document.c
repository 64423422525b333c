/* SPDX-License-Identifier: MIT */
#include "document.h"

#include "report/report.h"

json_t *document_header(void)
{
	return json_pack("{s:s, s:s}", "version", "1", "tool", "spacescope " FSR_VERSION);
}

void document_open(struct json_stream *json, const struct settings *settings, const struct fsr_fs *fs)
{
	document_open_two(json, settings, fs, fs);
}

void document_open_two(struct json_stream *json, const struct settings *settings, const struct fsr_fs *image,
	const struct fsr_fs *fs)
{
	*json = (struct json_stream){0};
	json_open(json, NULL, '{');
	json_put(json, "__header", document_header());
	json_put(json, "command", json_string(settings->command->name));
	json_put(json, "image", image ? report_image(image, settings->operands[0]) : json_null());
	json_put(json, "filesystem", fs ? report_filesystem(fsr_filesystem(fs)) : json_null());
}

void document_findings(struct json_stream *json, const struct finding_list *findings)
{
	json_open(json, "findings", '[');
	for (size_t i = 0; i < findings->count; i++)
		json_put(json, NULL, report_finding(&findings->list[i]));
	json_close(json, ']');
}

void document_close(struct json_stream *json, const struct fsr_error *err)
{
	if (err)
		json_put(json, "error", report_error(err));
	json_close(json, '}');
}
