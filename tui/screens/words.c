/* SPDX-License-Identifier: MIT */
#include "words.h"

#include "../../inspect/report/escape.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum style state_style(enum fsr_state state)
{
	static const enum style styles[FSR_STATE_COUNT] = {
		[FSR_STATE_NONE] = STYLE_NONE,
		[FSR_STATE_CLEAR] = STYLE_SETUP,
		[FSR_STATE_SETUP] = STYLE_SETUP,
		[FSR_STATE_NEED_WRITE] = STYLE_NEED_WRITE,
		[FSR_STATE_ERROR] = STYLE_ERROR,
		[FSR_STATE_WRITTEN] = STYLE_OK,
		[FSR_STATE_UNKNOWN] = STYLE_UNKNOWN,
	};

	return (unsigned)state < FSR_STATE_COUNT ? styles[state] : STYLE_PLAIN;
}

enum style verdict_style(enum fsr_verdict verdict)
{
	static const enum style styles[FSR_VERDICT_COUNT] = {
		[FSR_VERDICT_NOT_LOADED] = STYLE_NONE,
		[FSR_VERDICT_IGNORED] = STYLE_PLAIN,
		[FSR_VERDICT_REFUSED] = STYLE_ERROR,
		[FSR_VERDICT_ACCEPTED] = STYLE_OK,
		[FSR_VERDICT_CRASHES] = STYLE_DANGER,
		[FSR_VERDICT_UNKNOWN] = STYLE_UNKNOWN,
	};

	return (unsigned)verdict < FSR_VERDICT_COUNT ? styles[verdict] : STYLE_PLAIN;
}

enum style severity_style(int severity)
{
	static const enum style styles[] = {
		[FSR_SEVERITY_NOTE] = STYLE_NOTE,
		[FSR_SEVERITY_WARNING] = STYLE_WARNING,
		[FSR_SEVERITY_ERROR] = STYLE_ERROR,
		[FSR_SEVERITY_DANGER] = STYLE_DANGER,
	};

	return severity >= 0 && severity <= FSR_SEVERITY_DANGER ? styles[severity] : STYLE_PLAIN;
}

const char *severity_letter(int severity)
{
	static const char *const letters[] = {"N", "W", "E", "D"};

	return severity >= 0 && severity <= FSR_SEVERITY_DANGER ? letters[severity] : " ";
}

/* The three type bits of a block group, by their place in its flags. */
#define TYPE_BITS 7u

const char *type_short(uint64_t flags)
{
	static const char *const names[TYPE_BITS + 1] = {"?", "DATA", "SYST", "?", "META", "D+M", "?", "?"};

	return names[flags & TYPE_BITS];
}

const char *type_long(uint64_t flags)
{
	static const char *const names[TYPE_BITS + 1] = {
		"?", "DATA", "SYSTEM", "?", "METADATA", "DATA|METADATA", "?", "?"};

	return names[flags & TYPE_BITS];
}

const char *profile_word(uint64_t flags)
{
	const char *name = fsr_profile_name(flags);

	return name ? name : "?";
}

const char *state_word(const struct record *record)
{
	const char *name = fsr_state_name(record->group.state);

	return record->group.pending ? "…" : name ? name : "?";
}

const char *verdict_word(const struct record *record)
{
	const char *name = fsr_verdict_name(record->group.verdict);

	return record->group.pending ? "…" : name ? name : "?";
}

bool record_differences(const struct record *record, uint64_t *excess, uint64_t *missing)
{
	const struct fsr_group *group = &record->group;
	const struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	bool v1 = group->relation != FSR_RELATION_NULL;

	*excess = v1 ? group->excess_bytes : tree->excess_bytes;
	*missing = v1 ? group->missing_bytes : tree->missing_bytes;
	return v1 || (group->has_free_space_tree && tree->relation != FSR_RELATION_NULL);
}

void toggle_mark(struct ui *ui, struct record *record)
{
	if (!record->marked && !record->group.pending && record->group.state == FSR_STATE_NONE)
		ui_say(ui, SAY_INFORMATION, "no cache is kept for this block group: nothing to rewrite");
	else
		record->marked = !record->marked;
}

void sentence_set(struct sentence *out, enum style style, const char *format, ...)
{
	char raw[SENTENCE_SIZE], *safe;
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	out->style = style;
	safe = escaped(raw, strlen(raw));
	snprintf(out->text, sizeof out->text, "%s", safe ? safe : "memory ran out");
	free(safe);
}

/* Where nothing is wrong: what there is to be said of it. */
static void lawful_sentence(const struct ui *ui, const struct record *record, struct sentence *out)
{
	const struct fsr_group *group = &record->group;
	char size[SIZE_SHORT];

	if (group->pending && !ui_tab(ui)->complete)
		sentence_set(out, STYLE_PLAIN, "not compared yet");
	else if (group->state == FSR_STATE_WRITTEN)
		sentence_set(out, STYLE_PLAIN,
			"%" PRIu64 " entr%s, %" PRIu64 " bitmap%s: %s free, as recomputed",
			group->cache.entries, group->cache.entries == 1 ? "y" : "ies", group->cache.bitmaps,
			group->cache.bitmaps == 1 ? "" : "s",
			ui_size_long(ui, group->recomputed_free_bytes, size));
	else if (group->state == FSR_STATE_NONE && !group->has_cache && group->length < UINT64_C(100) << 20)
		sentence_set(out, STYLE_PLAIN, "under 100 MiB: Linux keeps no cache for it");
	else
		sentence_set(out, STYLE_PLAIN, "%s: %s", state_word(record), fsr_state_meaning(group->state));
}

void group_sentence(const struct ui *ui, const struct record *record, struct sentence *out)
{
	const struct fsr_group *group = &record->group;

	if (group->nfindings)
		sentence_set(out, STYLE_PLAIN, "%s%s", group->findings[0].message,
			group->nfindings > 1 ? " (x: all)" : "");
	else
		lawful_sentence(ui, record, out);
}

int put_group(const struct ui *ui, const struct record *record, const struct area *area, int row)
{
	const struct fsr_group *group = &record->group;
	const char *profile = profile_word(group->flags);
	char size[SIZE_SHORT], about[128];
	int room = area->cols - text_width(area->canvas, state_word(record)) -
		   text_width(area->canvas, verdict_word(record)) - 2,
	    col;

	/* state and verdict are worth more than what else is known of it */
	snprintf(about, sizeof about, " block group %" PRIu64 "  %s %s  %s   ", group->bytenr,
		type_long(group->flags), profile, ui_size_long(ui, group->length, size));
	if ((int)strlen(about) > room)
		snprintf(about, sizeof about, " %" PRIu64 "  %s %s  ", group->bytenr,
			type_short(group->flags), profile);
	if ((int)strlen(about) > room)
		snprintf(about, sizeof about, " %" PRIu64 "  ", group->bytenr);
	col = put(area, row, 0, STYLE_PLAIN, about);
	col = put(area, row, col, group->pending ? STYLE_PENDING : state_style(group->state),
		state_word(record));
	return put(area, row, col + 2, group->pending ? STYLE_PENDING : verdict_style(group->verdict),
		verdict_word(record));
}

bool word_number(const char *text, const char *word, uint64_t *value)
{
	size_t n = strlen(word);
	char *end;

	if (strncasecmp(text, word, n) != 0)
		return false;
	for (text += n; isblank((unsigned char)*text);)
		text++;
	if (!isdigit((unsigned char)*text))
		return false;
	*value = strtoull(text, &end, strncasecmp(text, "0x", 2) == 0 ? 16 : 10);
	return !*end;
}
