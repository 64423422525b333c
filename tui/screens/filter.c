/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <stdio.h>
#include <string.h>

#define BITS_OF_WORD 64u
#define TYPES UINT64_C(7)

_Static_assert(FSR_FINDING_COUNT <= 2 * BITS_OF_WORD, "more findings than a filter has bits");

/* Indexed by the type bits of a block group's flags: DATA 1, SYSTEM 2, METADATA 4. */
static const char *type_word(unsigned i)
{
	static const char *const words[TYPES + 1] = {
		[1] = "data", [2] = "system", [4] = "metadata", [5] = "mixed"};

	return words[i];
}

static const char *code_word(unsigned i)
{
	const struct fsr_finding_info *info = fsr_finding_info((enum fsr_finding_code)i);

	return info ? info->name : NULL;
}

static const char *state_word_at(unsigned i)
{
	return fsr_state_name((enum fsr_state)i);
}

static const char *verdict_word_at(unsigned i)
{
	return fsr_verdict_name((enum fsr_verdict)i);
}

static const char *severity_word(unsigned i)
{
	return fsr_severity_name((enum fsr_severity)i);
}

enum { DIFFERENCE_EXCESS, DIFFERENCE_MISSING, DIFFERENCES };

static const char *difference_word(unsigned i)
{
	return i == DIFFERENCE_EXCESS ? "excess" : "missing";
}

static const char *marked_word(unsigned i)
{
	return i ? NULL : "marked";
}

/* The words of each kind, in the order of enum filter_kind; a number without a word has NULL. */
static const struct {
	const char *(*word)(unsigned i);
	unsigned count;
} kind_table[FILTER_KINDS] = {
	{state_word_at, FSR_STATE_COUNT},
	{verdict_word_at, FSR_VERDICT_COUNT},
	{severity_word, FSR_SEVERITY_DANGER + 1},
	{type_word, TYPES + 1},
	{code_word, FSR_FINDING_COUNT},
	{difference_word, DIFFERENCES},
	{marked_word, 1},
};

static void set_bit(struct filter_bits *bits, unsigned i)
{
	bits->bits[i / BITS_OF_WORD] |= UINT64_C(1) << i % BITS_OF_WORD;
}

static bool is_empty(const struct filter_bits *bits)
{
	return !bits->bits[0] && !bits->bits[1];
}

static bool share_bits(const struct filter_bits *a, const struct filter_bits *b)
{
	return (a->bits[0] & b->bits[0]) || (a->bits[1] & b->bits[1]);
}

/* ---- words */

/* How well a word of the table fits what was typed; the best that there is counts. */
enum fit { FIT_NONE, FIT_BEGINS, FIT_BEGINS_SAME_CASE, FIT_IS, FIT_IS_SAME_CASE };

static enum fit fit(const char *word, const char *typed, size_t n)
{
	bool whole = strlen(word) == n;

	if (!n || strncasecmp(word, typed, n) != 0)
		return FIT_NONE;
	if (strncmp(word, typed, n) != 0)
		return whole ? FIT_IS : FIT_BEGINS;
	return whole ? FIT_IS_SAME_CASE : FIT_BEGINS_SAME_CASE;
}

struct match {
	enum fit fit;
	size_t count;     /* words that fit so well */
	unsigned kind, i; /* of the first of them */
	const char *first, *second;
	size_t common; /* length of the beginning that all have in common */
};

static void take(struct match *match, enum fit better, unsigned kind, unsigned i, const char *word)
{
	if (better > match->fit)
		*match = (struct match){
			.fit = better, .kind = kind, .i = i, .first = word, .common = strlen(word)};
	else if (match->count == 1)
		match->second = word;
	match->count++;
	while (strncasecmp(word, match->first, match->common) != 0)
		match->common--;
}

static struct match look_up(const char *typed, size_t n, unsigned kinds)
{
	struct match match = {.fit = FIT_NONE};

	for (unsigned kind = 0; kind < FILTER_KINDS; kind++)
		for (unsigned i = 0; i < kind_table[kind].count && kinds & 1u << kind; i++) {
			const char *word = kind_table[kind].word(i);
			enum fit how = word ? fit(word, typed, n) : FIT_NONE;

			if (how != FIT_NONE && how >= match.fit)
				take(&match, how, kind, i, word);
		}
	return match;
}

/* The next word behind *words; 0: there is none. *words is left at its beginning. */
static size_t next_word(const char **words)
{
	*words += strspn(*words, " ");
	return strcspn(*words, " ");
}

bool filter_parse(struct filter *filter, const char *words, unsigned kinds, char *err, size_t size)
{
	struct filter parsed = {0};
	size_t n;

	for (; (n = next_word(&words)) != 0; words += n) {
		size_t not = *words == '!';
		struct match match = look_up(words + not, n - not, kinds);

		if (match.count > 1)
			snprintf(err, size, "'%.*s' begins %zu words: %s, %s%s", (int)(n - not ), words + not,
				match.count, match.first, match.second, match.count > 2 ? ", ..." : "");
		else if (!match.count)
			snprintf(err, size, "'%.*s' is no word to filter by", (int)(n - not ), words + not );
		if (match.count != 1)
			return false;
		set_bit(not ? &parsed.unwanted[match.kind] : &parsed.wanted[match.kind], match.i);
	}
	*filter = parsed;
	return true;
}

size_t filter_complete(char *words, size_t size, unsigned kinds)
{
	char *blank = strrchr(words, ' '), *word = blank ? blank + 1 : words;
	struct match match;

	word += *word == '!';
	match = look_up(word, strlen(word), kinds);
	if (!match.count || (size_t)(word - words) + match.common + 2 > size)
		return match.count;
	if (match.count == 1 || match.common > strlen(word))
		snprintf(word, size - (size_t)(word - words), "%.*s%s", (int)match.common, match.first,
			match.count == 1 ? " " : "");
	return match.count;
}

/* ---- what passes */

bool filter_is_empty(const struct filter *filter)
{
	for (unsigned kind = 0; kind < FILTER_KINDS; kind++)
		if (!is_empty(&filter->wanted[kind]) || !is_empty(&filter->unwanted[kind]))
			return false;
	return true;
}

/* What a thing is, of each kind; and the kinds of which it is not known yet what else it may be. */
struct nature {
	struct filter_bits is[FILTER_KINDS];
	unsigned open;
};

static void is(struct nature *nature, enum filter_kind kind, unsigned i)
{
	unsigned k = (unsigned)__builtin_ctz(kind);

	if (i < kind_table[k].count)
		set_bit(&nature->is[k], i);
}

static bool passes(const struct filter *filter, const struct nature *nature)
{
	for (unsigned kind = 0; kind < FILTER_KINDS; kind++) {
		const struct filter_bits *wanted = &filter->wanted[kind], *unwanted = &filter->unwanted[kind];

		if (!is_empty(wanted) && !share_bits(wanted, &nature->is[kind]))
			return false;
		if (!is_empty(unwanted) &&
			(share_bits(unwanted, &nature->is[kind]) || nature->open & 1u << kind))
			return false;
	}
	return true;
}

/* What every thing has from the block group in which it lies. */
static void add_group(struct nature *nature, const struct record *record)
{
	const struct fsr_group *group = &record->group;

	is(nature, FILTER_TYPE, group->flags & TYPES);
	if (record->marked)
		is(nature, FILTER_MARKED, 0);
	if (group->pending) {
		nature->open |= FILTER_STATE | FILTER_VERDICT;
		return;
	}
	is(nature, FILTER_STATE, group->state);
	is(nature, FILTER_VERDICT, group->verdict);
}

/* Of the v1 cache where that is compared, else of the free space tree. */
static void add_differences(struct nature *nature, const struct fsr_group *group)
{
	bool v1 = group->relation != FSR_RELATION_NULL;
	const struct fsr_free_space_tree_facts *v2 = &group->free_space_tree;

	if (v1 ? group->excess_bytes : group->has_free_space_tree && v2->excess_bytes)
		is(nature, FILTER_DIFFERENCE, DIFFERENCE_EXCESS);
	if (v1 ? group->missing_bytes : group->has_free_space_tree && v2->missing_bytes)
		is(nature, FILTER_DIFFERENCE, DIFFERENCE_MISSING);
}

bool filter_record(const struct filter *filter, const struct record *record)
{
	struct nature nature = {0};
	int severity = record_severity(record);

	add_group(&nature, record);
	add_differences(&nature, &record->group);
	if (severity >= 0)
		is(&nature, FILTER_SEVERITY, (unsigned)severity);
	for (size_t i = 0; i < record->group.nfindings; i++)
		is(&nature, FILTER_CODE, record->group.findings[i].code);
	if (!record->judged)
		nature.open |= FILTER_SEVERITY | FILTER_CODE | FILTER_DIFFERENCE;
	return passes(filter, &nature);
}

bool filter_finding(
	const struct filter *filter, const struct fsr_finding *finding, const struct record *record)
{
	struct nature nature = {0};

	if (record) {
		add_group(&nature, record);
		add_differences(&nature, &record->group);
	}
	is(&nature, FILTER_SEVERITY, finding->severity);
	is(&nature, FILTER_CODE, finding->code);
	return passes(filter, &nature);
}

bool filter_range(const struct filter *filter, bool excess, const struct record *record)
{
	struct nature nature = {0};

	add_group(&nature, record);
	is(&nature, FILTER_DIFFERENCE, excess ? DIFFERENCE_EXCESS : DIFFERENCE_MISSING);
	return passes(filter, &nature);
}
