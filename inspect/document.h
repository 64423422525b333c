/* SPDX-License-Identifier: MIT */
/* JSON documents on stdout: report/export.h with what the settings say. */
#ifndef INSPECT_DOCUMENT_H
#define INSPECT_DOCUMENT_H

#include "finding_list.h"
#include "report/export.h"

/* Makes *json one to stdout, with nothing in it yet. */
void document_begin(struct json_stream *json);

/* Begins and opens the document: __header, command, and image and filesystem (null without fs). */
void document_open(struct json_stream *json, const struct settings *settings, const struct fsr_fs *fs);

/* The same where image and filesystem are those of two openings, each possibly NULL. */
void document_open_two(struct json_stream *json, const struct settings *settings, const struct fsr_fs *image,
	const struct fsr_fs *fs);

void document_findings(struct json_stream *json, const struct finding_list *findings);

/* Adds "error" when err is not NULL, closes the document, and ends it. */
void document_close(struct json_stream *json, const struct fsr_error *err);

/* Ends the program if memory ran out on the way. */
void document_end(const struct json_stream *json);

#endif
