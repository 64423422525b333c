/* SPDX-License-Identifier: MIT */
/* The browser as a whole: tabs, what is shown, and what screens may ask of it. */
#ifndef TUI_UI_H
#define TUI_UI_H

#include "screens/screen.h"
#include "term/term.h"

struct overlay;

/* Where one is asked something, or something is shown over a screen: prompt, box, help. */
struct overlay_ops {
	void (*draw)(struct overlay *overlay, const struct area *whole);
	/* A key, before the action table is asked; false: not wanted. */
	bool (*key)(struct overlay *overlay, const struct term_input *input);
	/* An action of the table ('+' rows); `cancel` and `quit` close it when they are not taken. */
	bool (*act)(struct overlay *overlay, enum action action);
	/* Before drawing, when something may have changed: tabs, jobs of its own. NULL. true: something is to
	 * be drawn. It may close the overlay. */
	bool (*update)(struct overlay *overlay);
	/* Called on closing, by whatever way. */
	void (*close)(struct overlay *overlay);
	/* Takes message line and key bar only: the screen above goes on. */
	bool is_prompt;
};
/* First member of each overlay's own state, which is malloc()ed. */
struct overlay {
	const struct overlay_ops *ops;
	struct ui *ui;
	int cursor_row, cursor_col; /* set by draw where text is typed, else -1 */
};

struct ui_options {
	struct tab_options tab;
	struct term_options term;
	bool write; /* rewriting is allowed */
};

enum say { SAY_INFORMATION, SAY_WARNING, SAY_ERROR };

#define SEARCH_SIZE 512

struct ui {
	const struct ui_options *options;
	size_t ntabs, current;
	struct tab **tabs;
	struct canvas canvas;
	struct overlay *overlay;
	enum screen_id screen;
	bool raw;    /* bytes and numbers instead of units and names */
	bool ending; /* was asked to end, as soon as nothing holds it any more */
	bool quit;   /* leave the main loop */
	enum say note_kind;
	char note[SENTENCE_SIZE]; /* until the next key */
	char search[SEARCH_SIZE]; /* last searched for; "" none */
	bool search_on;           /* its hits are shown */
	struct area body;         /* of the screen, as last drawn */
	struct view *preview;     /* beside it, see frame/preview.h */
	struct place preview_place;
};

struct tab *ui_tab(const struct ui *ui);
struct view *ui_view(const struct ui *ui);

/* Goes to a place and remembers the one that is left. A screen that needs the image says so for a report. */
void ui_go(struct ui *ui, const struct place *place);
/* Another screen at the same place. */
void ui_switch(struct ui *ui, enum screen_id screen);
void ui_back(struct ui *ui);
void ui_forward(struct ui *ui);
/* To the next (1) or previous (-1) image, each of which keeps its screen and place. */
void ui_image(struct ui *ui, int step);
/* A message until the next key. The text may hold anything: it is escaped. */
void ui_say(struct ui *ui, enum say kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Puts an overlay over what is there; closes the one before it. NULL closes. */
void ui_overlay(struct ui *ui, struct overlay *overlay);
/* What one key does. */
void ui_key(struct ui *ui, const struct term_input *input);
void ui_act(struct ui *ui, enum action action);
/* Draws everything into ui->canvas and shows it. */
void ui_draw(struct ui *ui);
/* Sizes: "8.00M" in at most five columns, or raw bytes with ui->raw. Gives out. */
#define SIZE_SHORT 24
const char *ui_size(const struct ui *ui, uint64_t bytes, char out[SIZE_SHORT]);
/* "8.00 MiB", or raw bytes. */
const char *ui_size_long(const struct ui *ui, uint64_t bytes, char out[SIZE_SHORT]);
/* The loop. Returns the exit status. */
int ui_run(struct ui *ui);

/* Puts a tab behind the others. false: tab is NULL or there is no memory, it was closed then. */
bool ui_take_tab(struct ui *ui, struct tab *tab);
/* Adds a tab for an image on these files and judges it in the background; NULL: no memory. */
struct tab *ui_add_tab(struct ui *ui, char *const *paths, size_t npaths);
/* Reads the current tab's image anew, after it was rewritten; all its views but `keep` are forgotten. */
void ui_reopen(struct ui *ui, struct view *keep);

/* Overlays made elsewhere; each answers an action. */
void open_search(struct ui *ui);
/* To the next (1) or previous (-1) match of what was searched for last. */
void search_again(struct ui *ui, int direction);
void open_go(struct ui *ui);
void open_filter(struct ui *ui);
void open_help(struct ui *ui);
void open_why(struct ui *ui);
void open_export(struct ui *ui);

#endif
