/* SPDX-License-Identifier: MIT */
/* What is known of one block group's cache: of a v1 cache or of the free space tree, by the same calls. */
#ifndef TUI_SCREENS_CACHE_MODEL_H
#define TUI_SCREENS_CACHE_MODEL_H

#include "cache_notes.h"
#include "cache_tree.h"

struct cache_model {
	struct fsr_fs *fs;
	uint64_t sector;
	struct fsr_cache *cache; /* also with v2: its record */
	struct cache_notes notes;
	bool v2; /* the free space tree is what is shown */
	struct cache_tree tree;
	unsigned copy;                    /* which copy of the cache was judged, where they differ */
	uint32_t *bitmap_entry;           /* of each page, the entry whose bitmap it holds, or UINT32_MAX */
	unsigned header_byte, inode_byte; /* where the two items' data begin in their leaves */
	/* a few runs of one bitmap */
	size_t run_entry, run_first, run_count;
	struct cache_run {
		uint64_t bytenr, length;
	} runs[128];
	/* how many runs there are in the bitmaps asked for last */
	struct {
		size_t entry, runs;
		uint64_t bytes;
		bool known;
	} counted[64];
};

/* An entry of a v1 cache; an extent or bitmap item of the free space tree. */
struct cache_space {
	uint64_t offset, bytes; /* as it says; of a v2 bitmap the set bits */
	uint64_t span;          /* of address space */
	bool bitmap, readable;
	uint8_t type;                      /* v1 */
	unsigned page, byte;               /* v1 */
	unsigned bitmap_page;              /* v1 */
	uint64_t leaf;                     /* v2 */
	unsigned slot;                     /* v2 */
	uint64_t excess;                   /* of it in use */
	const struct fsr_finding *finding; /* NULL: none */
	int severity;                      /* excess included; -1: nothing is wrong */
};

/* Reads and judges. v2: the free space tree is shown. Fails as fsr_cache_open(), or FSR_E_NOMEM. */
int cache_model_open(
	struct cache_model *model, struct fsr_fs *fs, uint64_t group, bool v2, struct fsr_error *err);
void cache_model_close(struct cache_model *model);
size_t cache_model_count(const struct cache_model *model);
/* Entry i; false: there is none. */
bool cache_model_space(struct cache_model *model, size_t i, struct cache_space *space);
/* How many runs entry i's bitmap has, and how many bytes they are; 0 for an extent. */
size_t cache_model_runs(struct cache_model *model, size_t i, uint64_t *bytes);
/* Run `run` of entry i's bitmap; false: there is none. */
bool cache_model_run(struct cache_model *model, size_t i, size_t run, struct cache_run *out);
/* The run that holds the address, or else the first one behind it. */
size_t cache_model_run_at(struct cache_model *model, size_t i, uint64_t address);
/* The entry that says what the address is; SIZE_MAX: none does. */
size_t cache_model_at(struct cache_model *model, uint64_t address);

#endif
