/* SPDX-License-Identifier: MIT */
/*
 * What a screen is: one table of functions. A screen draws the records of a tab; it knows nothing of the
 * terminal, of other screens, or of threads. Adding one is a file with a table, and a row in screens.c.
 */
#ifndef TUI_SCREENS_SCREEN_H
#define TUI_SCREENS_SCREEN_H

#include "../actions.h"
#include "../model/tab.h"
#include "../term/canvas.h"

struct ui;
struct screen;

#define FILTER_WORDS 128

/* One screen of one tab: the first member of each screen's own state. */
struct view {
	struct ui *ui;
	struct tab *tab;
	const struct screen *screen;
	bool preview;                   /* beside a list, for looking only */
	char filtered_by[FILTER_WORDS]; /* what the filter prompt gave the screen last */
};

/* An action in the key bar, in the order of importance, and the word for it here. Ends with ACTION_NONE. */
struct key_hint {
	enum action action;
	const char *word;
};

/* What is searched for: text, without regard to case, or an address where the text is a number. */
struct needle {
	const char *text;
	bool is_address;
	uint64_t address;
};

/* A sentence with the style it is to have; `text` is harmless and at most one line. */
#define SENTENCE_SIZE 400
struct sentence {
	enum style style;
	char text[SENTENCE_SIZE];
};

/* Functions that may be NULL are marked so. `view` is the screen's own state. */
struct screen {
	enum screen_id id;
	char letter; /* as in actions.def */
	const char *name;
	const char *command; /* of spacescope, which writes the same as JSON */
	size_t size;         /* of the state, which begins zeroed */
	const struct key_hint *hints;
	/* Those that fit where it is now. NULL: always `hints`. */
	const struct key_hint *(*hints_now)(struct view *view);
	bool has_preview; /* a list: where there is room, what Enter would open is shown beside it */
	bool needs_image; /* can't be shown for a saved report */
	bool of_groups;   /* its places are block groups: where one was within the group stays as it was */

	bool (*open)(struct view *view); /* NULL: nothing to do. false: memory ran out */
	void (*close)(struct view *view);
	/* Goes to a place (of any screen): the cursor there, or as near as can be. */
	void (*show)(struct view *view, const struct place *place);
	/* Where the cursor is: what the other screens show, and what Backspace comes back to. */
	void (*here)(const struct view *view, struct place *place);
	/* Before drawing, when something may have changed: takes in records (tab->version) and jobs of its
	 * own. NULL. true: something is to be drawn. */
	bool (*update)(struct view *view);
	/* Everything between title and message line: context lines, then the body. */
	void (*draw)(struct view *view, const struct area *area);
	/* What Enter would open. false: nothing. */
	bool (*enter)(struct view *view, struct place *place);
	/* What the preview shows, where that is not what Enter would open. NULL. */
	bool (*beside)(struct view *view, struct place *place);
	/* Everything else; false: not this screen's. Moves too. */
	bool (*act)(struct view *view, enum action action);
	/* The finding under the cursor, whose reason `x` gives; NULL function or answer: the block group's.
	 */
	const struct fsr_finding *(*finding)(const struct view *view);
	/* The sentence on what is under the cursor. */
	void (*sentence)(struct view *view, struct sentence *out);
	/* "4/170", and before it the work in progress ("judged 12/170"; empty: the screen is still). */
	void (*position)(struct view *view, char *out, size_t size);
	/* "judging", "planning"... NULL function or NULL answer: what the tab itself is doing. */
	const char *(*working)(struct view *view);
	/* The program is asked to end: stops what can be stopped. true: something must be ended first. NULL.
	 */
	bool (*hold)(struct view *view);
	/* A click at row, col of the area last drawn: moves the cursor there. true: it was there already (as
	 * Enter). */
	bool (*click)(struct view *view, int row, int col);
	/* The wheel, down if positive. NULL: three rows. */
	void (*wheel)(struct view *view, int direction);
	/* To the next (1) or previous (-1) match behind the cursor, or with 0 the first from the cursor on;
	 * wraps. false: no match, the cursor stays. *number and *count: "2 of 3", 0 where they are not
	 * counted. NULL. */
	bool (*find)(
		struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);
	/* What `:` means here beyond addresses, screens and trees: "page 3", "+0x48". false: not understood.
	 * NULL. */
	bool (*go)(struct view *view, const char *text, struct place *place);
	unsigned filter_kinds; /* the words that it knows, enum filter_kind; 0: all of them */
	/* Filter by words (all of them shown again for ""); false: a word is not known, named in *err. NULL.
	 */
	bool (*filter)(
		struct view *view, const char *words, struct sentence *err, size_t *shown, size_t *all);
	/* The one line that says what is exported of how much: "rows shown: 1 of 4, filter danger". NULL. */
	void (*shown)(struct view *view, char *out, size_t size);
	/* The document that `command` writes, with the rows shown or all. 0, or -1 with errno set. NULL: text
	 * only. */
	int (*export_json)(struct view *view, FILE *out, bool all);
	/* The whole list or picture as text, `cols` wide. 0, or -1 with errno set. */
	int (*export_text)(struct view *view, FILE *out, int cols);
};

/* screens.c */
extern const struct screen *const screen_table[SCREEN_COUNT];

/* The view of a screen in a tab, made when there is none yet; NULL: no memory. */
struct view *view_get(struct ui *ui, struct tab *tab, enum screen_id id);
struct view *view_new(struct ui *ui, struct tab *tab, const struct screen *screen);
void view_free(struct view *view);

#endif
