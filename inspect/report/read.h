/* SPDX-License-Identifier: MIT */
/*
 * Saved reports, which `spacescope --format json groups|diff|validate|cache IMAGE` printed (or validate with
 * ndjson), read back into records. A report may come from anywhere: whatever is wrong with it is an error in
 * a sentence that says what and where. Unknown keys are passed over, so that reports of newer versions can
 * be read as long as their __header.version is the same.
 */
#ifndef INSPECT_REPORT_READ_H
#define INSPECT_REPORT_READ_H

#include "../../libfsread/fsread.h"

struct report_pool;

/*
 * One image of a report. Texts are as the report has them, neither escaped nor bounded in what they hold,
 * but without a 0 inside; a label, message or detail too long for its field is cut between two characters.
 */
struct report_image {
	char *path;      /* as given when the report was made; NULL when the report doesn't say */
	char *command;   /* "groups", "diff", "validate", "cache" */
	char *error;     /* why the image, or the rest of it, could not be read; else NULL */
	uint64_t size;   /* of the image file, 0 unknown */
	bool has_ranges; /* made by diff: a block group without ranges has no differences */
	bool has_filesystem;
	/* Reports lack compat_flags, the roots other than log_root, their levels and generations: these are
	 * 0. */
	struct fsr_filesystem filesystem;
	/*
	 * Ascending by bytenr, none twice; index is the place in here. flags has the bits of type and profile
	 * alone. Findings are as fsr_judge() gives them. cache.format and recomputed_largest are 0
	 * where an old report lacks them.
	 */
	size_t ngroups;
	struct fsr_group *groups;
	/* Those that belong to no block group of the report: about the whole filesystem, mostly. */
	size_t nfindings;
	struct fsr_finding *findings;
	/* All: those of each block group, in their order, then `findings`. Both point into this. */
	size_t nall_findings;
	struct fsr_finding *all_findings;
	/*
	 * Ascending by block group; within one in the report's order, which is that of fsr_diff(). Of a
	 * holder there is what text shows: no key, leaf and slot; bytenr and length are 0 where an old report
	 * lacks them.
	 */
	size_t nranges;
	struct fsr_diff_range *ranges;
};

/*
 * A whole report. A finding, or the reason of a block group, whose code is not known here (a newer version's)
 * has FSR_FINDING_NONE.
 */
struct report {
	size_t nimages;
	struct report_image *images;
	bool cut;                 /* NDJSON without its last line: there was more to come */
	struct report_pool *pool; /* holds all texts */
};

/* True when it is a regular file whose first byte, blanks apart, is '{': it may be a report. */
bool report_is_one(const char *path);

/*
 * Reads a report of at most 1 GiB; memory in proportion to what is recorded, never more for what is passed
 * over. *out is to be given to report_free(). Fails with FSR_E_IO, FSR_E_NOMEM, FSR_E_LIMIT,
 * FSR_E_UNSUPPORTED (the version, or the document of another command) or FSR_E_CORRUPT.
 */
int report_load(const char *path, struct report **out, struct fsr_error *err);
void report_free(struct report *report);

#endif
