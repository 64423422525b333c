/* SPDX-License-Identifier: MIT */
/*
 * Filters: words of states, verdicts, severities, types, finding codes. Words of one kind are or-ed, kinds
 * and-ed,
 * "!word" negates; a beginning that only one word has is enough. Case tells apart what differs in nothing
 * else: ERROR is a state, error a severity. What isn't known yet of a block group passes no filter that asks
 * for it.
 */
#ifndef TUI_SCREENS_FILTER_H
#define TUI_SCREENS_FILTER_H

#include "../model/tab.h"

/* Kinds of words; a set of them says which words a screen knows. */
enum filter_kind {
	FILTER_STATE = 1,
	FILTER_VERDICT = 2,
	FILTER_SEVERITY = 4,    /* of a block group: its worst */
	FILTER_TYPE = 8,        /* data, metadata, system, mixed */
	FILTER_CODE = 16,       /* names of findings */
	FILTER_DIFFERENCE = 32, /* excess, missing */
	FILTER_MARKED = 64,     /* for Rewrite */
	FILTER_ALL = 127,
};
#define FILTER_KINDS 7

/* One bit for each word of a kind, in the order of its table. */
struct filter_bits {
	uint64_t bits[2];
};
struct filter {
	struct filter_bits wanted[FILTER_KINDS], unwanted[FILTER_KINDS];
};

/*
 * Words between blanks into a filter; "" lets everything pass. false: a word is not known, or begins several
 * words; err, which may hold bytes of `words`, says so in a sentence.
 */
bool filter_parse(struct filter *filter, const char *words, unsigned kinds, char *err, size_t size);
bool filter_is_empty(const struct filter *filter);

bool filter_record(const struct filter *filter, const struct record *record);
/* `record`: of the finding's block group, NULL for one about the whole filesystem. */
bool filter_finding(
	const struct filter *filter, const struct fsr_finding *finding, const struct record *record);
/* A range that differs, of `record`. */
bool filter_range(const struct filter *filter, bool excess, const struct record *record);

/*
 * Completes the last of the words as far as the words that begin with it agree, and with a blank behind it
 * where there is but one. Returns how many there are; 0 leaves `words` as they are, as does a lack of room.
 */
size_t filter_complete(char *words, size_t size, unsigned kinds);

#endif
