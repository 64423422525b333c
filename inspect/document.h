/* SPDX-License-Identifier: MIT */
/* What every JSON document has around its own arrays. */
#ifndef INSPECT_DOCUMENT_H
#define INSPECT_DOCUMENT_H

#include "finding_list.h"
#include "json_stream.h"

/* {"version": "1", "tool": "spacescope ..."} */
json_t *document_header(void);

/* Opens the document: __header, command, and image and filesystem (null without fs). */
void document_open(struct json_stream *json, const struct settings *settings, const struct fsr_fs *fs);

/* The same where image and filesystem are those of two openings, each possibly NULL. */
void document_open_two(struct json_stream *json, const struct settings *settings, const struct fsr_fs *image,
	const struct fsr_fs *fs);

void document_findings(struct json_stream *json, const struct finding_list *findings);

/* Adds "error" when err is not NULL, and closes the document. */
void document_close(struct json_stream *json, const struct fsr_error *err);

#endif
