/* SPDX-License-Identifier: MIT */
/* What a finding says, with its numbers filled in, and where its bytes lie. */
#ifndef TUI_SCREENS_EXPLAIN_H
#define TUI_SCREENS_EXPLAIN_H

#include "../model/tab.h"
#include "prose.h"

/*
 * Adds what is to be said of a finding: title and message, numbers, rule, what it means, what Linux does,
 * what to do, and as the last paragraph where it lies. Reads nothing: fit for each drawing.
 */
void explain_finding(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding);
/* Its title with the letter before it, and its message; and all the rest. */
void explain_head(struct prose *prose, const struct fsr_finding *finding);
void explain_message(struct prose *prose, const struct fsr_finding *finding, bool with_group);
void explain_rest(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding);
/* "rule: step 8, the inode's generation is not 0"; nothing for a step that there isn't. */
void explain_step(struct prose *prose, int indent, int step);
/* What Linux does, the block group and the generations filled in. */
void explain_linux(struct prose *prose, int indent, const struct fsr_finding *finding);

/* In words, where a finding's bytes lie: "root tree, inode item 257"; "" where there is no place to go to. */
#define PLACE_TEXT 96
const char *finding_place_text(
	const struct tab *tab, const struct fsr_finding *finding, char out[PLACE_TEXT]);
/*
 * That place, for Enter: a byte range in Bytes, an item in Tree, a range in Map, the superblock in Tree.
 * Reads from the image. *place comes in as where one is. false: there is none, or nothing can be read there.
 */
bool finding_place(const struct tab *tab, const struct fsr_finding *finding, struct place *place);
/* The detail of that name; false: the finding has none. */
bool finding_detail(const struct fsr_finding *finding, const char *name, uint64_t *value);

#endif
