/* SPDX-License-Identifier: MIT */
/* Rewrite: Choose › Plan › Confirm › Commit › Result. The plan is the real commit over an overlay in memory.
 */
#ifndef TUI_SCREENS_REWRITE_H
#define TUI_SCREENS_REWRITE_H

#include "../../libfswrite/fswrite.h"
#include "list.h"

enum rewrite_step { REWRITE_CHOOSE, REWRITE_PLAN, REWRITE_COMMIT, REWRITE_RESULT };

/* One block group on its way, by the engine's events. */
struct rewrite_row {
	uint64_t bytenr, flags;
	unsigned nstates; /* the last ones, at most REWRITE_STATES */
	enum fsr_state states[FSW_MAX_TRANSITIONS];
	char text[128]; /* of the last event that had one */
};

/* Longer names than PATH_MAX can't be opened. */
#define REWRITE_PATH (4096 + 32)

struct rewrite_work;

struct rewrite_view {
	struct view view;
	enum rewrite_step step;
	struct list list;
	/* choose */
	uint32_t *candidates; /* indices into tab->records */
	size_t ncandidates;
	size_t marked; /* block groups, when drawn last */
	unsigned version;
	/* what is asked for */
	bool to_copy;
	uint64_t chosen; /* the block group that the cursor was on in Choose */
	char undo[REWRITE_PATH], copy[REWRITE_PATH];
	/* the work at hand, and what has come of it so far */
	struct job *job;
	struct rewrite_work *work; /* the job's; belongs to it while it runs */
	bool stopping;
	bool confirming; /* the box is there that asks for the word */
	size_t nrows, room;
	struct rewrite_row *rows;
	enum fsw_phase phase;
	/* plan: NULL until it is made, or refused with `err` */
	struct fsw_result *plan;
	uint32_t *planned; /* indices into plan->groups: those that take part, selected ones first */
	size_t nplanned;
	uint64_t *old_bytenr; /* for each of plan->groups: where its cache lies now; 0: has none */
	struct fsr_error err;
	/* result */
	struct fsw_result *result;
	uint64_t old_generation;
	size_t before[FSR_SEVERITY_DANGER + 1]; /* findings before the commit */
	struct tab *fresh; /* the tab that validates what was written: this one, or the copy's */
};

/* The bytenr of the block group under the cursor; 0 for none, which no block group has. */
uint64_t rewrite_cursor(const struct rewrite_view *r);
/* To Choose, with the cursor on that block group. */
void rewrite_choose_at(struct rewrite_view *r, uint64_t bytenr);
bool rewrite_hold(struct view *view);

/* rewrite_keys.c */
bool rewrite_act(struct view *view, enum action action);
bool rewrite_click(struct view *view, int row, int col);
const struct key_hint *rewrite_hints(struct view *view);

/* rewrite_job.c */

/* Begins a dry run, or the commit itself. false: it can't be begun, which was said. */
bool rewrite_start(struct rewrite_view *r, bool dry_run);
/* Takes in events, and the end. true: something changed. */
bool rewrite_take(struct rewrite_view *r);
/* Drops plan, rows and result. A running job is stopped first, which may have to wait for a commit's end. */
void rewrite_forget(struct rewrite_view *r);
/* How many block groups are marked. */
size_t rewrite_marked(const struct rewrite_view *r);
/* Whether the files that were given can be changed themselves: none is compressed or an archive. */
bool rewrite_in_place(const struct rewrite_view *r);
/* A sentence of what went wrong, wrapped. Gives the rows it took. */
int rewrite_put_error(const struct rewrite_view *r, const struct area *area, int row);
/* Whether a commit is being written. */
bool rewrite_committing(const struct rewrite_view *r);

/* rewrite_choose.c, rewrite_plan.c, rewrite_commit.c: the body of each step below the line of steps. */
bool rewrite_collect(struct rewrite_view *r);
/* Where the addresses of this image end in a row. */
int rewrite_address_end(const struct rewrite_view *r);
void rewrite_draw_choose(struct rewrite_view *r, const struct area *area);
void rewrite_draw_plan(struct rewrite_view *r, const struct area *area);
void rewrite_draw_commit(struct rewrite_view *r, const struct area *area);
void rewrite_draw_result(struct rewrite_view *r, const struct area *area);
/* Indices of the block groups that take part in the plan. false: no memory. */
bool rewrite_order_plan(struct rewrite_view *r);
/* "CLEAR › SETUP › NEED_WRITE › (WRITTEN)": written in brackets until the new filesystem stands. */
int rewrite_put_states(
	const struct area *row, int col, const enum fsr_state *states, unsigned n, bool stands);

/* rewrite_confirm.c: asks for the word, and then begins; or for the name of the copy or of the undo file. */
void rewrite_confirm(struct rewrite_view *r);
void rewrite_ask_name(struct rewrite_view *r);

#endif
