/* SPDX-License-Identifier: MIT */
/* The main loop: waits for keys, signals and work, and draws what changed. */
#include "frame/frame.h"
#include "frame/preview.h"
#include "term/clock.h"
#include "term/signals.h"
#include "ui.h"

/* While work comes in, the screen is drawn at most this often. */
#define FRAME_MS 50

static void draw_failed(const struct tab *tab, const struct area *body)
{
	put(body, 1, 1, STYLE_ERROR, "E");
	put_untrusted(body, 1, 3, body->cols - 4, STYLE_PLAIN, tab->error.text);
	put(body, 3, 3, STYLE_PLAIN, "This image can't be read; the others can: < and > go to them.");
}

static void draw_screen(struct ui *ui, const struct area *body)
{
	struct view *view = ui_view(ui);
	int split = preview_split(ui, body->cols);

	ui->body = area_part(body, 0, 0, body->rows, split);
	if (body->rows <= 0)
		return;
	if (view)
		view->screen->draw(view, &ui->body);
	else if (ui_tab(ui)->kind == TAB_FAILED)
		draw_failed(ui_tab(ui), &ui->body);
	if (view && split < body->cols)
		preview_draw(ui, body, split);
}

void ui_draw(struct ui *ui)
{
	struct area whole, body;
	int rows, cols;

	term_size(&rows, &cols);
	if (!canvas_resize(&ui->canvas, rows, cols))
		return;
	whole = canvas_area(&ui->canvas);
	body = frame_body(&whole);
	draw_screen(ui, &body);
	frame_draw(ui, &whole);
	if (ui->overlay) {
		ui->overlay->cursor_row = ui->overlay->cursor_col = -1;
		ui->overlay->ops->draw(ui->overlay, &whole);
	}
	term_show(&ui->canvas, ui->overlay ? ui->overlay->cursor_row : -1,
		ui->overlay ? ui->overlay->cursor_col : -1);
}

/* One image at a time is judged, the one in front first. */
static void judge_next(struct ui *ui)
{
	for (size_t i = 0; i < ui->ntabs; i++)
		if (ui->tabs[i]->judging)
			return;
	for (size_t i = 0; i < ui->ntabs; i++) {
		struct tab *tab = ui->tabs[(ui->current + i) % ui->ntabs];

		tab_judge(tab, &ui->options->tab);
		if (tab->judging)
			return;
	}
}

/* Takes in what was judged; true when there was something. */
static bool take_records(struct ui *ui)
{
	bool changed = false;

	for (size_t i = 0; i < ui->ntabs; i++)
		changed |= tab_update(ui->tabs[i]);
	judge_next(ui);
	return changed;
}

static void update_view(struct view *view)
{
	if (view && view->screen->update)
		view->screen->update(view);
}

/*
 * Lets all that is shown follow the records and its own jobs. Always done before something is drawn or a key
 * is answered, and no more often: with many block groups it takes its time.
 */
static void update_views(struct ui *ui)
{
	for (int i = 0; i < SCREEN_COUNT; i++) /* also those not shown: they may have jobs to take in */
		update_view(ui_tab(ui)->views[i]);
	if (ui->overlay && ui->overlay->ops->update)
		ui->overlay->ops->update(ui->overlay);
	update_view(ui->preview);
}

/* All keys that are waiting. A worked-on screen takes in what the key before has begun. */
static void take_keys(struct ui *ui)
{
	struct term_input input;

	while (!ui->quit && (input = term_read()).key != KEY_IS_NONE) {
		take_records(ui);
		update_views(ui);
		ui_key(ui, &input);
	}
}

/* Asked to end: at once, or when what must not be broken off has ended. */
static void end_asked(struct ui *ui)
{
	bool held = false;

	for (size_t i = 0; i < ui->ntabs; i++)
		for (int k = 0; k < SCREEN_COUNT; k++) {
			struct view *view = ui->tabs[i]->views[k];

			held |= view && view->screen->hold && view->screen->hold(view);
		}
	ui->ending = true;
	ui->quit = !held;
}

static void handle(struct ui *ui, unsigned wake)
{
	if (wake & WAKE_QUIT)
		end_asked(ui);
	if (wake & WAKE_SUSPEND)
		term_suspend();
	if (wake & WAKE_KEY)
		take_keys(ui);
}

int ui_run(struct ui *ui)
{
	long long drawn = 0;
	bool changed = true, complete = false;

	take_records(ui); /* judging begins beside the first screen */
	while (!ui->quit) {
		long long wait = drawn + FRAME_MS - clock_ms();
		unsigned wake;

		if (changed && wait <= 0) {
			update_views(ui);
			ui_draw(ui);
			drawn = clock_ms();
			changed = take_records(ui); /* a view may have opened an image */
		}
		wake = signals_wait(!changed ? -1 : wait > 0 ? (int)wait : 0);
		handle(ui, wake);
		changed |= take_records(ui) || wake & WAKE_WORK;
		if (ui->ending) {
			update_views(ui);
			end_asked(ui);
		}
		/* a key is answered at once, and so is the end of judging */
		if ((wake & ~(unsigned)WAKE_WORK) || complete != ui_tab(ui)->complete) {
			changed = true;
			drawn = 0;
		}
		complete = ui_tab(ui)->complete;
	}
	return 0;
}
