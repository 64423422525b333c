/* SPDX-License-Identifier: MIT */
/*
 * The JSON documents of version 1, for any file: what stands around their arrays, and the arrays that take
 * more than a report_*() each. A document is
 *
 *	export_open(), the members of its command, export_findings(), export_close()
 *
 * with, for the commands that give records one by one,
 *
 *	groups  json_open(json, "block_groups", '['), json_put(json, NULL, report_group()) each,
 *json_close(json, ']') diff    the same, but for each export_group_open(), json_put(json, NULL,
 *report_diff_range()) for each range, export_group_close() tree    json_open(json, "items", '['),
 *json_put(json, NULL, report_item()) each, json_close(json, ']') cache   export_cache() rewrite
 *export_rewrite(), and no findings
 *
 * and validate's is export_validate_open(), export_image_open() and export_image_close() around each image's
 * block groups, export_validate_close().
 */
#ifndef INSPECT_REPORT_EXPORT_H
#define INSPECT_REPORT_EXPORT_H

#include "json_stream.h"
#include "report.h"

/* ---- export.c */

/* {"version": "1", "tool": "spacescope ..."} */
json_t *export_header(void);
/*
 * Opens the document of a command other than validate: __header, command, image (with the path of its first
 * file as given) and filesystem, both null for NULL. They are of one opening, unless the command changed it.
 */
void export_open(struct json_stream *json, const char *command, const struct fsr_fs *image, const char *path,
	const struct fsr_fs *fs);
/* The same for what a report told of an image: path and facts may be NULL, size 0 where it did not say. */
void export_open_saved(struct json_stream *json, const char *command, const char *path, uint64_t size,
	const struct fsr_filesystem *facts);
void export_findings(struct json_stream *json, const struct fsr_finding *findings, size_t n);
/* Adds "error" when err is not NULL, and closes the document. */
void export_close(struct json_stream *json, const struct fsr_error *err);

/* A block group of diff, around its ranges. */
void export_group_open(struct json_stream *json, const struct fsr_group *group);
void export_group_close(struct json_stream *json);

/* What rewrite did or, for a dry run, would do; result is NULL when it failed. output: a copy's path, or
 * NULL. */
void export_rewrite(
	struct json_stream *json, const struct fsw_result *result, const char *output, bool dry_run);

/* ---- export_cache.c */

/*
 * A cache in full; hex: with the bytes of its pages and their labels; copies: with every copy of each page.
 * Asks json_stopped() at each page.
 */
void export_cache(struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache, bool hex,
	bool copies);

/* ---- export_validate.c */

enum export_result { EXPORT_CLEAN, EXPORT_FINDINGS, EXPORT_UNREADABLE, EXPORT_RESULT_COUNT };
const char *export_result_name(enum export_result result);

/* What there is: in one image, or in all of them. */
struct export_counts {
	uint64_t images[EXPORT_RESULT_COUNT]; /* of all of them only */
	uint64_t groups;
	size_t by_severity[FSR_SEVERITY_DANGER + 1];
};

/* The summary over all images. */
json_t *export_summary(const struct export_counts *counts);
/* An image without its path and arrays. facts is NULL when it can't be opened; err counts when it is
 * unreadable. copies is NULL when they were not all to be read.
 */
json_t *export_judged(enum export_result result, const struct fsr_error *err,
	const struct fsr_filesystem *facts, const struct export_counts *counts,
	const struct fsr_copy_counts *copies);

void export_validate_open(struct json_stream *json);
/* Opens an image; its block groups are to follow, elements of the open array. */
void export_image_open(struct json_stream *json, const char *path);
/* Takes what export_judged() gave. */
void export_image_close(
	struct json_stream *json, const struct fsr_finding *findings, size_t n, json_t *judged);
void export_validate_close(struct json_stream *json, const struct export_counts *counts);

#endif
