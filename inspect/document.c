/* SPDX-License-Identifier: MIT */
#include "document.h"

#include "message.h"
#include "output.h"

static bool stopped(void *arg)
{
	(void)arg;
	return output_stopped();
}

void document_begin(struct json_stream *json)
{
	*json = (struct json_stream){.out = stdout, .stopped = stopped};
}

void document_open(struct json_stream *json, const struct settings *settings, const struct fsr_fs *fs)
{
	document_open_two(json, settings, fs, fs);
}

void document_open_two(struct json_stream *json, const struct settings *settings, const struct fsr_fs *image,
	const struct fsr_fs *fs)
{
	document_begin(json);
	export_open(json, settings->command->name, image, image ? settings->operands[0] : NULL, fs);
}

void document_findings(struct json_stream *json, const struct finding_list *findings)
{
	export_findings(json, findings->list, findings->count);
}

void document_close(struct json_stream *json, const struct fsr_error *err)
{
	export_close(json, err);
	document_end(json);
}

void document_end(const struct json_stream *json)
{
	if (json_failed(json))
		out_of_memory();
}
