/* SPDX-License-Identifier: MIT */
/* One image or saved report: its records, as they are known so far. Owned by the main thread. */
#ifndef TUI_MODEL_TAB_H
#define TUI_MODEL_TAB_H

#include "../../inspect/report/read.h"
#include "../../libfsread/fsread.h"
#include "history.h"
#include "job.h"

struct view;

/* One block group. group.findings is this record's own memory. */
struct record {
	struct fsr_group group;
	bool judged; /* final; else as fsr_outline() gave it */
	bool marked; /* for Rewrite */
};

enum tab_kind { TAB_IMAGE, TAB_REPORT, TAB_FAILED };

struct tab_options {
	struct fsr_open_options open;
	const char *const *devices; /* more devices of the one image */
	size_t ndevices;
	unsigned threads;
};

struct tab {
	enum tab_kind kind;
	const char *path;            /* as given */
	char **own_paths;            /* of a tab that was added later: path and its devices, ended by NULL */
	struct fsr_error error;      /* TAB_FAILED */
	struct fsr_fs *fs;           /* TAB_IMAGE */
	struct fsr_filesystem facts; /* of the superblock; all 0 where a report has none */
	struct report *report;       /* TAB_REPORT: what `image` is a part of, shared between its tabs */
	const struct report_image *image;
	size_t ngroups;
	struct record *records; /* ascending bytenr */
	size_t njudged;
	size_t nfindings; /* about the whole filesystem, worst first; complete when judged */
	struct fsr_finding *findings;
	unsigned version; /* grows whenever a record or finding changes */
	struct job *judging;
	bool complete;            /* everything is judged: nothing will change any more */
	struct fsr_error trouble; /* why judging ended early; code 0: it did not */
	struct history history;
	struct place focus;    /* the last place within a block group or its cache */
	struct view *views[8]; /* made when first shown */
};

/* Opens an image; what can't be opened becomes a tab of kind TAB_FAILED. NULL: no memory. */
struct tab *tab_open(const char *path, const struct tab_options *options);
/* The same for files that a rewrite made: the names are copied. */
struct tab *tab_open_made(char *const *paths, size_t npaths, const struct tab_options *options);
/* A tab for one image of a report, which must live as long as the tab. */
struct tab *tab_open_report(struct report *report, const struct report_image *image, const char *path);
/* The options to open it with: those given, or for files that a rewrite made their own. */
struct tab_options tab_own_options(const struct tab *tab, const struct tab_options *options);
/* Forgets everything and reads the image again, after a rewrite. false: it can't be read any more
 * (TAB_FAILED). */
bool tab_reopen(struct tab *tab, const struct tab_options *options);
void tab_close(struct tab *tab);

/* Takes over the findings about the whole filesystem as they are now; false: no memory, they stay as they
 * were. */
bool tab_take_findings(struct tab *tab);
/* Starts judging, if that was not done. */
void tab_judge(struct tab *tab, const struct tab_options *options);
/* Takes in what was judged meanwhile; true when something changed. */
bool tab_update(struct tab *tab);

/* The record of the block group that holds the address; NULL: none does. */
struct record *tab_record(const struct tab *tab, uint64_t address);
/* Index of it, or of the next one behind the address; ngroups: none. */
size_t tab_index(const struct tab *tab, uint64_t address);
/* The worst severity of a record's findings, -1 for none. */
int record_severity(const struct record *record);
/* How many findings there are of each severity, those of the filesystem and of all records. */
void tab_count_findings(const struct tab *tab, size_t counts[FSR_SEVERITY_DANGER + 1]);
/* Whether the image can be read beyond its records: not a report, not failed. */
static inline bool tab_has_image(const struct tab *tab)
{
	return tab->kind == TAB_IMAGE;
}

/* What a text or image name is shown as: the part behind the last '/'. */
const char *tab_name(const struct tab *tab);

#endif
