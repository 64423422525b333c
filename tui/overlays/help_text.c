/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "../screens/words.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_AT 3
#define NAME_AT 17
#define TEXT_AT 35

static void heading(struct prose *prose, const char *text)
{
	if (prose->count)
		prose_add(prose, STYLE_PLAIN, 0, "%s", "");
	prose_add(prose, STYLE_HEAD, 1, "%s", text);
}

static void word(struct prose *prose, enum style style, const char *mark, const char *meaning)
{
	prose_add(prose, STYLE_PLAIN, NAME_AT, "%s", meaning);
	prose_mark(prose, KEYS_AT, style, mark);
}

/* ---- keys */

static void add_action(struct prose *prose, const struct action_row *row, bool narrow)
{
	prose_add(prose, STYLE_PLAIN, narrow ? NAME_AT : TEXT_AT, "%s", row->help);
	prose_mark(prose, KEYS_AT, STYLE_KEY, row->keys);
	if (!narrow)
		prose_mark(prose, NAME_AT, STYLE_PLAIN, row->name);
}

/* Where an action is: on this screen alone with some others, everywhere, or elsewhere. */
enum where { HERE, EVERYWHERE, ELSEWHERE };

static enum where where(const struct action_row *row, char letter)
{
	return *row->screens == '*' ? EVERYWHERE : strchr(row->screens, letter) ? HERE : ELSEWHERE;
}

static void add_keys(struct prose *prose, const struct screen *screen, bool narrow)
{
	static const char *const headings[] = {[EVERYWHERE] = "everywhere", [ELSEWHERE] = "on other screens"};
	char text[64];

	for (int part = HERE; part <= ELSEWHERE; part++) {
		snprintf(text, sizeof text, "on this screen (%s)", screen->name);
		heading(prose, part == HERE ? text : headings[part]);
		for (const struct action_row *row = action_table; row->name; row++)
			if ((int)where(row, screen->letter) == part)
				add_action(prose, row, narrow);
	}
}

/* ---- words */

/* What Linux does that gives a cache this verdict. */
static const char *verdict_meaning(enum fsr_verdict verdict)
{
	static const char *const meanings[FSR_VERDICT_COUNT] = {
		[FSR_VERDICT_NOT_LOADED] = "Linux does not ask for a cache here",
		[FSR_VERDICT_IGNORED] = "Linux passes it over and scans the extent tree",
		[FSR_VERDICT_REFUSED] = "Linux begins to load it, drops it, and scans the extent tree",
		[FSR_VERDICT_ACCEPTED] = "Linux loads it and hands out what it lists",
		[FSR_VERDICT_CRASHES] = "some kernels crash or hang when they load it",
		[FSR_VERDICT_UNKNOWN] = "can't be said: what it takes can't be read",
	};

	return meanings[verdict];
}

static const char *severity_meaning(enum fsr_severity severity)
{
	static const char *const meanings[] = {
		[FSR_SEVERITY_NOTE] = "note: worth knowing",
		[FSR_SEVERITY_WARNING] = "warning: not usable at present, but lawful",
		[FSR_SEVERITY_ERROR] = "error: broken or refused",
		[FSR_SEVERITY_DANGER] = "danger: Linux takes it, now or after a later commit, and it is "
					"wrong; or it harms the kernel",
	};

	return meanings[severity];
}

static void add_words(struct prose *prose)
{
	heading(prose, "states of a block group's cache");
	for (int i = 0; i < FSR_STATE_COUNT; i++)
		word(prose, state_style((enum fsr_state)i), fsr_state_name((enum fsr_state)i),
			fsr_state_meaning((enum fsr_state)i));
	heading(prose, "verdicts: what Linux does with it");
	for (int i = 0; i < FSR_VERDICT_COUNT; i++)
		word(prose, verdict_style((enum fsr_verdict)i), fsr_verdict_name((enum fsr_verdict)i),
			verdict_meaning((enum fsr_verdict)i));
	heading(prose, "severities of findings");
	for (int i = FSR_SEVERITY_DANGER; i >= 0; i--)
		word(prose, severity_style(i), severity_letter(i), severity_meaning((enum fsr_severity)i));
}

static void add_marks(struct prose *prose)
{
	static const struct {
		const char *mark, *meaning;
		enum style style;
	} marks[] = {
		{"*", "marked for Rewrite (Space, a, u)", STYLE_PLAIN},
		{"…", "not judged yet", STYLE_PENDING},
		{"-", "there is nothing to compare", STYLE_PLAIN},
		{"0", "compared, and it agrees", STYLE_PLAIN},
		{"excess", "bytes that the cache lists as free and that are not", STYLE_DANGER},
		{"missing", "free bytes that the cache does not list", STYLE_WARNING},
		{"!", "map: excess in this cell", STYLE_DANGER},
		{"?", "map: can't be derived, a finding says why", STYLE_UNKNOWN},
		{"m", "map: missing in this cell", STYLE_WARNING},
		{"n s c e -", "map: first cell of a block group: NEED_WRITE, SETUP, CLEAR, ERROR, NONE",
			STYLE_NEED_WRITE},
		{"+", "map: a stripe that superblock copies keep from use", STYLE_SUPER},
		{"· ░ ▒ ▓ █", "map: nothing used, up to a third, two thirds, more, all", STYLE_USED},
	};

	heading(prose, "marks");
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		word(prose, marks[i].style, marks[i].mark, marks[i].meaning);
}

/* The rule that a verdict's step number names. */
static void add_steps(struct prose *prose)
{
	char number[24];

	heading(prose, "steps: how Linux loads a cache; the first that is not passed decides");
	for (int step = 1; fsr_step_meaning(step); step++) {
		snprintf(number, sizeof number, "step %d", step);
		word(prose, STYLE_PLAIN, number, fsr_step_meaning(step));
	}
}

void help_text(struct prose *prose, const struct screen *screen, bool narrow)
{
	add_keys(prose, screen, narrow);
	add_words(prose);
	add_marks(prose);
	add_steps(prose);
}
