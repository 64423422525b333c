/* SPDX-License-Identifier: MIT */
/*
 * libfswrite: have the free space caches of an unmounted btrfs rewritten by one copy-on-write commit.
 *
 * A commit is all or nothing: whatever stops it, the image holds the old filesystem or the new one, both
 * whole. Calls return 0 or a negative enum fsr_code and then fill the caller's struct fsr_error. The
 * library never prints, exits or aborts. Addresses, lengths and sizes are in bytes.
 */
#ifndef FSWRITE_H
#define FSWRITE_H

#include "../libfsread/fsread.h"

#define FSW_API __attribute__((visibility("default")))

/* Why a block group takes part in a commit. */
enum fsw_why {
	FSW_WHY_NONE,     /* it does not */
	FSW_WHY_SELECTED, /* the caller asked for it, or its cache is not WRITTEN */
	FSW_WHY_TRUSTED,  /* its wrong cache would become trusted by this commit */
	FSW_WHY_TOUCHED,  /* the commit allocates or frees space in it */
};
FSW_API const char *fsw_why_name(enum fsw_why why); /* "none", "selected", "trusted", "touched" */

/* Something that no block group claims and that the commit takes away. */
enum fsw_removed_kind {
	FSW_REMOVED_HEADER, /* of a block group that does not exist, or keeps no cache */
	FSW_REMOVED_INODE,  /* a cache inode that no header names */
};
struct fsw_removed {
	enum fsw_removed_kind kind;
	uint64_t block_group; /* FSW_REMOVED_HEADER: what the header spoke for */
	uint64_t inode;       /* FSW_REMOVED_INODE: its number */
};

/*
 * What a commit does, in this order. It ends after the first where nothing is worth a commit. The undo file
 * is made before FSW_PHASE_WRITE.
 */
enum fsw_phase {
	FSW_PHASE_ALLOCATE,    /* tree blocks, references and cache extents get their place, in memory */
	FSW_PHASE_SERIALISE,   /* the caches' pages are made */
	FSW_PHASE_CHECK,       /* the new filesystem is read back in memory and judged */
	FSW_PHASE_WRITE,       /* caches and tree blocks go to disk; a dry run ends before */
	FSW_PHASE_FLUSH,       /* and are flushed */
	FSW_PHASE_SUPER,       /* the primary superblocks; once it has begun nothing stops any more */
	FSW_PHASE_FLUSH_SUPER, /* from its end on the new filesystem stands */
	FSW_PHASE_MIRRORS,     /* the other superblocks */
	FSW_PHASE_FLUSH_MIRRORS,
	FSW_PHASE_COUNT
};
FSW_API const char *fsw_phase_name(enum fsw_phase phase); /* "allocate", "flush super"; NULL: none */

/* The engine's own events, as they happen. `text` is a sentence or empty, valid during the call. */
enum fsw_event_kind {
	FSW_EVENT_STATE,   /* a block group's cache went to `state` */
	FSW_EVENT_REMOVED, /* `removed` */
	FSW_EVENT_PHASE,   /* `phase` begins */
};
struct fsw_event {
	enum fsw_event_kind kind;
	uint64_t block_group, length, flags; /* FSW_EVENT_STATE */
	enum fsr_state state;
	struct fsw_removed removed;
	enum fsw_phase phase;
	const char *text;
};
/*
 * A non-zero answer stops the work (FSR_E_STOPPED) as long as no superblock is being written: the last to be
 * heard is the one to FSW_PHASE_SUPER, what comes after it is ignored.
 */
typedef int (*fsw_event_fn)(void *arg, const struct fsw_event *event);

/* All zero: rewrite in place every eligible cache that is not WRITTEN. */
struct fsw_options {
	const struct fsr_open_options *open; /* may be NULL; its progress is used for all long work */
	const uint64_t *groups;              /* only these block groups, by bytenr */
	size_t ngroups;
	bool all;           /* WRITTEN caches too */
	bool invalidate;    /* write no caches: mark them invalid */
	bool enable_v1;     /* allow it where caches are off (cache_generation 0) */
	bool dry_run;       /* plan, check, write nothing */
	const char *undo;   /* file to be created, or NULL */
	const char *output; /* file to be created and worked on instead of the image, or NULL */
	unsigned threads;   /* 0: one per processor, at most 8 */
	fsw_event_fn event; /* may be NULL */
	void *event_arg;
};

#define FSW_MAX_TRANSITIONS 56

/* What became of one block group. */
struct fsw_group {
	uint64_t bytenr, length, flags;
	enum fsw_why why;
	bool wants_cache; /* eligible, and neither full nor empty after the commit */
	enum fsr_state before, after;
	unsigned ntransitions;
	enum fsr_state transitions[FSW_MAX_TRANSITIONS]; /* in the order of the events */
	uint64_t cache_bytenr, cache_bytes;              /* where the new cache lies; 0 without one */
	uint64_t entries, bitmaps;
	char problem[256]; /* why it has no WRITTEN cache in the end; empty if it has, or wants none */
};

struct fsw_transaction {
	uint64_t generation;          /* of the commit */
	uint64_t blocks_written;      /* tree blocks, each counted once whatever its copies */
	uint64_t cache_bytes_written; /* the same */
	uint64_t flushes;             /* of all devices together */
};

struct fsw_result {
	bool committed; /* false: there was nothing to do, or it was a dry run */
	bool planned;   /* there was something to do */
	/*
	 * Bytes of the devices that are overwritten in place, all copies counted: what an undo file holds,
	 * made or not. The same after a dry run; 0 unless planned.
	 */
	uint64_t undo_bytes;
	struct fsw_transaction transaction;
	size_t ngroups; /* every block group, by address */
	struct fsw_group *groups;
	size_t nremoved;
	struct fsw_removed *removed;
	size_t unwritten; /* asked for (without a list: all), wanting a cache, and not WRITTEN in the end */
	size_t noutputs;  /* files made for `output`, in the order of the devices */
	char **outputs;
};

/*
 * Rewrites caches of the filesystem on the n files (first the image, then its other devices) in one
 * commit. *out, to be given to fsw_result_free(), is set on success only. FSR_E_REFUSED, FSR_E_BUSY
 * and FSR_E_UNSUPPORTED: it can't be done safely, err says why, nothing was written.
 */
FSW_API int fsw_rewrite(struct fsw_result **out, const char *const *paths, size_t n,
	const struct fsw_options *options, struct fsr_error *err);
FSW_API void fsw_result_free(struct fsw_result *result);

/* What an undo put back. */
struct fsw_undone {
	uint64_t generation; /* of the filesystem that is there again */
	uint64_t bytes;      /* that the undo file holds */
	bool was_there;      /* every byte was already as before */
};

/*
 * Puts back, byte for byte, what the rewrite that made the undo file changed. FSR_E_REFUSED when the
 * image holds neither what was there before nor what the rewrite wrote. Can be repeated when it was
 * interrupted.
 */
FSW_API int fsw_undo(struct fsw_undone *out, const char *const *paths, size_t n, const char *undo,
	const struct fsr_open_options *open, struct fsr_error *err);

#endif
