/* SPDX-License-Identifier: MIT */
/*
 * What a crash can leave of a commit: its writes and flushes are recorded, every state of the devices that a
 * crash could leave is made in memory, and each must be wholly the filesystem before or wholly the one after.
 *
 * A sector of 512 bytes is the least that a device writes at once. Trouble of the harness itself ends it:
 * die().
 */
#ifndef TESTS_CRASH_CRASH_H
#define TESTS_CRASH_CRASH_H

#include "../../libfsread/open.h"
#include "../../libfswrite/rewrite.h"

#include <stdio.h>

#define SECTOR 512u
#define PRIMARY_OFFSET 65536u
#define PRIMARY_SECTORS 8u
#define MAX_DISKS 8u

/* ---- main.c */

__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);
/* Never NULL. */
void *must_alloc(size_t n, size_t size);
void *must_grow(void *list, size_t n, size_t size);

/* ---- image.c: the files, as they lie on disk */

struct disk {
	const char *path;
	int fd;
	const uint8_t *bytes; /* all of the file, mapped: later writes to it are seen */
	uint64_t size;
};

struct image {
	size_t count;
	struct disk disks[MAX_DISKS];
	const char *paths[MAX_DISKS];
};

/* The paths stay the caller's. */
void image_open(struct image *image, const char *const *paths, size_t n);
void image_close(struct image *image);
/* Makes files of the same bytes and the same holes: DIR/NAME.1, DIR/NAME.2 ...; their names are from malloc.
 */
void image_copy(const struct image *image, const char *dir, const char *name, char *paths[MAX_DISKS]);
void image_remove(char *paths[MAX_DISKS], size_t n);
/* Copies all superblocks, mirrors too, from an image to the files of its copy. */
void image_put_supers(const struct image *from, const struct image *to);

/* ---- log.c: what was done to the devices, in order */

struct event {
	bool flush;
	unsigned disk;
	uint64_t offset;
	size_t length;
	uint8_t *data;
	/* filled by ground_make(): index of the place of its first sector, and one mark for each sector */
	size_t place;
	uint64_t *marks;
};

struct log {
	size_t count, room;
	struct event *events;
};

void log_write(struct log *log, unsigned disk, uint64_t offset, const void *data, size_t length);
void log_flush(struct log *log, unsigned disk);
void log_free(struct log *log);
bool event_is_primary(const struct event *event);
/* Copies that do what a good writer must not: leave out the flushes; write the primary superblocks first, or
 * last. */
void log_without_flushes(const struct log *log, struct log *out);
void log_primary_first(const struct log *log, struct log *out);
void log_primary_last(const struct log *log, struct log *out);
/* The log of somebody else's commit: what differs between two files, then the primary, then the mirrors. */
void log_of_difference(const struct image *before, const struct image *after, struct log *out);

/* ---- ground.c: states of the devices */

struct place {
	unsigned disk;
	uint64_t sector;
};

/* Every sector that a log writes. */
struct ground {
	const struct image *image;
	const struct log *log;
	size_t count;
	struct place *places;
	uint64_t *final_marks; /* of the state after the whole log */
};

/* The image, with other content in some of those sectors. */
struct state {
	const struct ground *ground;
	const uint8_t **content; /* NULL: as in the image */
	uint64_t *marks;         /* 0 exactly where the bytes are the image's */
	uint64_t hash;           /* of all marks: equal for equal bytes */
};

void ground_make(struct ground *ground, const struct image *image, struct log *log);
void ground_free(struct ground *ground);
void state_make(struct state *state, const struct ground *ground);
void state_free(struct state *state);
void state_reset(struct state *state);
void state_copy(struct state *to, const struct state *from);
/* Writes the sectors [from, to) of an event. */
void state_apply(struct state *state, const struct event *event, size_t from, size_t to);
/* Writes the whole log. */
void state_apply_all(struct state *state);
/* Puts what the state holds over bytes that were read from the image. */
void state_overlay(const struct state *state, unsigned disk, void *buffer, size_t length, uint64_t offset);

/* How far the primary superblocks got. */
enum primaries {
	PRIMARIES_OLD,   /* none written */
	PRIMARIES_MIXED, /* whole ones, of some devices */
	PRIMARIES_NEW,   /* all */
	PRIMARIES_TORN,  /* one is partly written */
};
enum primaries state_primaries(const struct state *state);
/* Sources for fs_open_sources(), *n of them, of all devices but those in the set `lost`; state is only lent.
 */
struct source **state_sources(const struct state *state, unsigned lost, size_t *n);
/* Has the files hold the state, and the image's bytes again. */
void state_to_files(const struct state *state, const struct image *files);
void state_from_files(const struct state *state, const struct image *files);

/* ---- recorder.c: between the engine and the files */

struct recorder {
	struct log log;
	const struct state *start; /* what the devices hold at first; NULL: what the files do */
	struct device_hooks hooks;
};

/* Writes end in the log, not in the files; reads see them. */
void recorder_start(struct recorder *recorder, const struct state *start);
/* Whether the devices, after what was recorded, hold the same bytes as the image; fills at with the first
 * that differs. */
bool recorder_equals(const struct recorder *recorder, const struct ground *ground, const struct image *want,
	struct place *at);

/* ---- facts.c: a filesystem, with everything that can be said of it */

struct facts {
	char *text; /* the superblock's facts, block groups, findings, all items of all trees */
	enum fsr_severity
		mirror; /* the worst finding about superblocks that differ; these are not in the text */
};

void facts_take(struct facts *facts, struct source **sources, size_t n);
void facts_free(struct facts *facts);
/* The first line in which they differ, from both. */
void facts_difference(const struct facts *have, const struct facts *want, char *out, size_t room);

/* ---- blocks.c */

/* A line for each copy of a tree block that is not like the first. */
void blocks_write(FILE *out, struct fsr_fs *fs);

/* ---- enumerate.c: the states that a crash can leave */

enum origin_kind {
	ORIGIN_PREFIX,   /* every write up to one */
	ORIGIN_LOST,     /* of the writes that no flush covers all but one */
	ORIGIN_TORN,     /* one written in part, those behind it not */
	ORIGIN_TORN_ALL, /* one written in part, the others that no flush covers wholly */
	ORIGIN_SHUFFLED, /* any of them, in any order, in part */
	ORIGIN_COUNT
};
const char *origin_name(enum origin_kind kind);

struct origin {
	enum origin_kind kind;
	size_t position; /* the crash is before this event of the log */
	size_t event, sectors;
};

struct enumeration {
	uint64_t seed;
	unsigned shuffles; /* for each interval */
	size_t max_tears;  /* of one write, that is no superblock's */
};

/* A non-zero answer ends it. */
typedef int (*state_fn)(void *arg, const struct state *state, const struct origin *origin);
/* Each distinct state once. */
int enumerate(const struct ground *ground, const struct enumeration *how, state_fn fn, void *arg);

/* ---- progs.c: btrfs-progs */

struct output {
	int status;
	char *text;
};

/* Runs the command; text is what it says, on both streams. False when there is no such program. */
bool run_command(const char *const *argv, struct output *out);

/* What `btrfs check` says of these files: its exit status and its words, from malloc; NULL without the
 * program. */
char *progs_check(const struct image *files);
/* `btrfs rescue super-recover -y` on one device; false, and what it said in *text (from malloc), when it
 * failed. */
bool progs_recover(const char *path, char **text);

/* ---- judge.c: every state against the two filesystems that it may be */

/* Kinds of work that cost more than looking at a state: done for so many states of a trial, evenly chosen. */
struct effort {
	size_t checks;   /* btrfs check */
	size_t recovers; /* btrfs rescue super-recover, of torn primaries */
	size_t undos;    /* an undo that begins with the state */
	size_t losses;   /* devices that are lost on top of the crash */
	size_t kept;     /* files for the kernel */
};

struct counts {
	size_t points, torn, checks, recovers, undos, losses, kept, faults;
};

struct trial {
	const char *name;
	const struct ground *ground;
	struct facts before, after;
	bool only_count_faults; /* a log that is bad by intent: says nothing, and stops at some faults */
	struct effort effort;
	const char *undo_file;    /* for effort.undos */
	const struct image *want; /* what an undo must lead to */
	const char *scratch;      /* a folder for working copies */
	const char *keep;         /* a folder for the states that are kept */
	/* out */
	struct counts counts, failed;
};

/* Judges all states. Words about what is wrong go to stdout, a few of them. */
void trial_run(struct trial *trial, const struct enumeration *how);
/* facts of the ground before and after its whole log */
void trial_facts(struct trial *trial);

/* ---- report.c: lines of results, and sums for whoever runs several of these */

void report(bool good, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool report_all_good(void);
void report_counts(const char *kind, const struct counts *counts);

#endif
