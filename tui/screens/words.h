/* SPDX-License-Identifier: MIT */
/* What several screens say in the same way about block groups, states and findings. */
#ifndef TUI_SCREENS_WORDS_H
#define TUI_SCREENS_WORDS_H

#include "../ui.h"

enum style state_style(enum fsr_state state);
enum style verdict_style(enum fsr_verdict verdict);
/* -1, no finding, is plain. */
enum style severity_style(int severity);
/* "D", "E", "W", "N"; " " for -1. */
const char *severity_letter(int severity);
/* "DATA", "META", "SYST", "D+M"; in full "DATA", "METADATA", "SYSTEM", "DATA|METADATA"; "?" where it is none.
 */
const char *type_short(uint64_t flags);
const char *type_long(uint64_t flags);
/* "single", "DUP"; "?" for bits that no profile has. */
const char *profile_word(uint64_t flags);
/* "…" while it is not decided. */
const char *state_word(const struct record *record);
const char *verdict_word(const struct record *record);
/* Excess and missing: of v1 where that is compared, else of the free space tree. false: nothing is compared.
 */
bool record_differences(const struct record *record, uint64_t *excess, uint64_t *missing);
/* The sentence on a block group: what decides its state and verdict. */
void group_sentence(const struct ui *ui, const struct record *record, struct sentence *out);
/* "137756672 DATA single 208.00 MiB NEED_WRITE accepted": the context line of screens about one block group.
 */
int put_group(const struct ui *ui, const struct record *record, const struct area *area, int row);
/* Marks the block group for Rewrite, or unmarks it; says so where there is nothing to mark. */
void toggle_mark(struct ui *ui, struct record *record);
/* The number behind a word (without regard to case), decimal or with 0x: "page 3"; false: it is something
 * else. */
bool word_number(const char *text, const char *word, uint64_t *value);
/* Makes text that may hold anything harmless, and no longer than the sentence. */
void sentence_set(struct sentence *out, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
