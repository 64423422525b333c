/* SPDX-License-Identifier: MIT */
/* Where one is, and the way there and back. */
#ifndef TUI_MODEL_HISTORY_H
#define TUI_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum screen_id {
	SCREEN_OVERVIEW,
	SCREEN_MAP,
	SCREEN_CACHE,
	SCREEN_BYTES,
	SCREEN_DIFF,
	SCREEN_TREE,
	SCREEN_REWRITE,
	SCREEN_FINDINGS,
	SCREEN_COUNT
};

/* What a place is beyond its block group and address. */
enum target {
	TARGET_NONE,  /* nothing more: each screen shows the address in its own way */
	TARGET_CACHE, /* page and byte of the block group's cache */
	TARGET_BLOCK, /* byte of the tree block `block`, or in Tree its item or pointer `slot` */
	TARGET_TREES, /* the list of all trees; `slot` is the row */
	TARGET_SUPER, /* the superblock */
};

/*
 * One place, which eight screens show in eight ways. group is the bytenr of the block group in focus; address
 * lies in it, unless the target is elsewhere.
 */
struct place {
	enum screen_id screen;
	uint64_t group, address;
	enum target target;
	uint64_t block;
	unsigned page, byte, slot, copy;
	uint64_t detail; /* a screen's own: zoom of Map, row of Findings */
};

#define HISTORY_MAX 256u

struct history {
	struct place places[HISTORY_MAX];
	size_t count, at; /* places[at] is the current one, those behind it are forward */
};

bool place_equal(const struct place *a, const struct place *b);
/* Remembers `from` as what was left and `to` as the current place; what was forward is forgotten, at the
 * limit the oldest too. */
void history_go(struct history *history, const struct place *from, const struct place *to);
/* Steps back (-1) or forward (1), keeping `from` for the way back; NULL: there is nothing there. */
const struct place *history_step(struct history *history, const struct place *from, int step);

#endif
