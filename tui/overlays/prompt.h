/* SPDX-License-Identifier: MIT */
/* A line to type in, in place of the message line; its own key bar below. */
#ifndef TUI_OVERLAYS_PROMPT_H
#define TUI_OVERLAYS_PROMPT_H

#include "../ui.h"
#include "edit.h"
#include "recall.h"

struct prompt;

struct prompt_kind {
	const char *label;
	enum recall recall;
	const struct key_hint *hints;
	const char *tail; /* of the key bar, or NULL */
	/* The text is another one: acts on it at once, and sets the note. Also called when the tab changed.
	 */
	void (*changed)(struct prompt *prompt);
	/* Enter: true closes the prompt, and `leave` does what was asked for; else it stays open and the note
	 * becomes an error. */
	bool (*enter)(struct prompt *prompt);
	/* Just before it closes: kept by Enter, or dropped. NULL. */
	void (*leave)(struct prompt *prompt, bool kept);
	/* Tab. NULL. */
	void (*complete)(struct prompt *prompt);
};

/* First member of each prompt's own state. */
struct prompt {
	struct overlay overlay;
	const struct prompt_kind *kind;
	struct edit edit;
	size_t recalled; /* which older line is shown, 0: the one that was typed */
	char typed[EDIT_SIZE];
	bool kept;
	unsigned version;     /* of the tab, at the last `changed` */
	struct sentence note; /* at the right */
};

/* A prompt of that kind with `size` bytes of state, opened with a text; NULL: no memory, and it is said. */
struct prompt *prompt_open(struct ui *ui, const struct prompt_kind *kind, size_t size, const char *text);
/* Sets the note. The text may hold anything. */
void prompt_note(struct prompt *prompt, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "2 of 3", and that there is more to come while the tab is being judged. */
const char *prompt_still(const struct prompt *prompt);

#endif
