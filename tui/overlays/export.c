/* SPDX-License-Identifier: MIT */
/* `e`: what, in which format, to which file. */
#include "export.h"

#include "box.h"
#include "edit.h"
#include "export_name.h"
#include "export_watch.h"
#include "save.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Columns of an exported list or text are at least so many. */
#define TEXT_COLS 80
#define LABEL_COLS 9

enum field { FIELD_WHAT, FIELD_FORMAT, FIELD_FILE, FIELDS };

struct export
{
	struct overlay overlay;
	struct view *view; /* NULL: of prose */
	struct prose prose;
	char name[64]; /* of what is exported, a part of the file's name */
	enum field field;
	bool all, json;
	bool named;   /* the file's name was typed, and stays */
	bool exists;  /* it is there: `y` replaces it */
	bool waiting; /* for judging */
	struct edit file;
};

static struct export *self(struct overlay *overlay)
{
	return (struct export *)overlay;
}

/* ---- fields */

/* All rows or those shown: only documents can have both. */
static bool has_field(const struct export *export, enum field field)
{
	switch (field) {
	case FIELD_WHAT:
		return export->view && export->view->screen->shown && export->json;
	case FIELD_FORMAT:
		return export->view && export->view->screen->export_json && export->view->screen->export_text;
	default:
		return true;
	}
}

static void next_field(struct export *export, int step)
{
	do
		export->field = (enum field)((export->field + FIELDS + (unsigned)step) % FIELDS);
	while (!has_field(export, export->field));
}

static void default_name(struct export *export)
{
	char name[EDIT_SIZE];

	if (export->named)
		return;
	export_name(tab_name(ui_tab(export->overlay.ui)), export->name, export->json, name, sizeof name);
	edit_set(&export->file, name);
}

static void change(struct export *export)
{
	if (export->field == FIELD_WHAT)
		export->all = !export->all;
	else
		export->json = !export->json;
	default_name(export);
}

/* ---- writing */

static int write_to(struct export *export, FILE *out)
{
	int cols = export->overlay.ui->canvas.cols;

	cols = cols > TEXT_COLS ? cols : TEXT_COLS;
	if (!export->view)
		return prose_write(&export->prose, out, cols, export->overlay.ui->canvas.ascii);
	if (export->json)
		return export->view->screen->export_json(export->view, out, export->all);
	return export->view->screen->export_text(export->view, out, cols);
}

static int write_out(void *arg, FILE *out)
{
	struct export_watch watch;
	FILE *stream = export_watch_begin(&watch, out);

	return stream ? export_watch_end(&watch, stream, write_to(arg, stream)) : -1;
}

static void write_file(struct export *export, bool replace)
{
	struct ui *ui = export->overlay.ui;
	char path[EDIT_SIZE], why[SENTENCE_SIZE] = "";
	uint64_t size = 0;

	snprintf(path, sizeof path, "%s", export->file.text);
	if (export_is_shown(ui, path)) {
		ui_say(ui, SAY_ERROR, "%s is what is shown here: choose another name", path);
		return;
	}
	ui_say(ui, SAY_INFORMATION, "writing %s: Esc stops", path);
	ui_draw(ui);
	switch (save_file(path, replace, write_out, export, &size, why, sizeof why)) {
	case SAVED:
		ui_overlay(ui, NULL);
		ui_say(ui, SAY_INFORMATION, "written: %s (%" PRIu64 " bytes)", path, size);
		break;
	case SAVE_EXISTS:
		export->exists = true;
		ui_say(ui, SAY_WARNING, "%s exists: y replaces it, else change the name", path);
		break;
	default:
		export->field = FIELD_FILE;
		ui_say(ui, SAY_ERROR, "%s", why);
	}
}

static bool is_judging(const struct export *export)
{
	const struct tab *tab = ui_tab(export->overlay.ui);

	return export->view && tab->kind == TAB_IMAGE && !tab->complete;
}

static void enter(struct export *export)
{
	if (!export->file.length) {
		export->field = FIELD_FILE;
		ui_say(export->overlay.ui, SAY_ERROR, "the file needs a name");
	} else if (is_judging(export)) {
		export->waiting = true;
	} else {
		write_file(export, false);
	}
}

static bool export_update(struct overlay *overlay)
{
	struct export *export = self(overlay);

	if (!export->waiting || is_judging(export))
		return false;
	export->waiting = false;
	write_file(export, false);
	return true;
}

/* ---- keys */

/* The file is there already. */
static void answer(struct export *export, int key)
{
	export->exists = false;
	export->field = FIELD_FILE;
	if (key == 'y')
		write_file(export, true);
}

static bool choice_key(struct export *export, int key)
{
	if (export->field == FIELD_FILE || (key != KEY_IS_LEFT && key != KEY_IS_RIGHT && key != ' '))
		return false;
	change(export);
	return true;
}

static bool export_key(struct overlay *overlay, const struct term_input *input)
{
	struct export *export = self(overlay);
	int key = input->key;

	if (export->exists && key != KEY_IS_ESCAPE) {
		answer(export, key);
		return true;
	}
	if (export->waiting) /* Esc gives up */
		return key != KEY_IS_ESCAPE && key != 3;
	if (key == KEY_IS_TAB || key == KEY_IS_DOWN || key == KEY_IS_BACKTAB || key == KEY_IS_UP) {
		next_field(export, key == KEY_IS_TAB || key == KEY_IS_DOWN ? 1 : -1);
		return true;
	}
	if (key == KEY_IS_ENTER) {
		enter(export);
		return true;
	}
	if (choice_key(export, key))
		return true;
	if (export->field == FIELD_FILE && edit_key(&export->file, key) == EDIT_CHANGED)
		export->named = true;
	return key >= ' ' &&
	       key < KEY_IS_UP; /* no letter closes the box: it may have been meant for the name */
}

/* ---- drawing */

static void draw_choice(const struct area *row, int col, bool chosen, bool active, const char *text)
{
	int from = col, width = row->cols - col - 2;

	col = put(row, 0, col, STYLE_PLAIN, chosen ? "[" : " ");
	col = put_untrusted(row, 0, col, width > 0 ? width : 0, chosen ? STYLE_PLAIN : STYLE_DIM, text);
	col = put(row, 0, col, STYLE_PLAIN, chosen ? "]" : " ");
	if (chosen && active)
		put_marks(row, 0, from, col - from, MARK_CURSOR);
}

/* Both choices where there is room, else the one that is chosen. */
static void draw_choices(
	const struct area *row, const char *first, const char *second, bool is_second, bool active)
{
	int at = LABEL_COLS, second_at = at + text_width(row->canvas, first) + 3;
	bool both = second_at + text_width(row->canvas, second) + 2 <= row->cols;

	if (both || !is_second)
		draw_choice(row, at, !is_second, active, first);
	if (both || is_second)
		draw_choice(row, both ? second_at : at, is_second, active, second);
}

static void draw_what(struct export *export, const struct area *row)
{
	char shown[SENTENCE_SIZE] = "";

	put(row, 0, 0, STYLE_PLAIN, "what");
	export->view->screen->shown(export->view, shown, sizeof shown);
	draw_choices(row, shown, "all rows", export->all, export->field == FIELD_WHAT);
}

static void draw_format(struct export *export, const struct area *row)
{
	char json[64];

	put(row, 0, 0, STYLE_PLAIN, "format");
	snprintf(json, sizeof json, "JSON, as spacescope %s", export->view->screen->command);
	draw_choices(row, json, "text, as on screen", !export->json, export->field == FIELD_FORMAT);
}

static void draw_file(struct export *export, const struct area *row)
{
	struct area part = area_part(row, 0, LABEL_COLS, 1, row->cols - LABEL_COLS);
	int col;

	put(row, 0, 0, STYLE_PLAIN, "file");
	col = edit_draw(&export->file, &part, STYLE_PLAIN);
	if (export->field != FIELD_FILE || export->waiting)
		return;
	export->overlay.cursor_row = part.row;
	export->overlay.cursor_col = part.col + col;
}

static void draw_foot(const struct export *export, const struct area *box)
{
	static const struct box_key keys[] = {{"Enter", "write"}, {"Esc", "cancel"}, {"Tab", "next field"},
		{"Space", "change"}, {NULL, NULL}};
	static const struct box_key answers[] = {{"y", "replaces it"}, {"Esc", "cancels"}, {NULL, NULL}};

	if (export->waiting)
		put(box, box->rows - 1, 0, STYLE_PENDING, "waiting for judging   Esc gives up");
	else
		box_keys(box, export->exists ? answers : keys);
}

static void export_draw(struct overlay *overlay, const struct area *whole)
{
	struct export *export = self(overlay);
	int rows = 3 + has_field(export, FIELD_WHAT) + has_field(export, FIELD_FORMAT), at = 0;
	int cols = box_cols(whole, BOX_COLS);
	char title[80];
	struct area box, row;

	snprintf(title, sizeof title, "export: %s", export->view ? export->view->screen->name : export->name);
	box = box_draw(whole, title, rows, cols);
	for (int field = FIELD_WHAT; field < FIELDS; field++) {
		if (!has_field(export, (enum field)field))
			continue;
		row = area_part(&box, at++, 0, 1, box.cols);
		(field == FIELD_WHAT            ? draw_what
			: field == FIELD_FORMAT ? draw_format
						: draw_file)(export, &row);
	}
	if (box.rows > at)
		draw_foot(export, &box);
}

static void export_close(struct overlay *overlay)
{
	prose_free(&self(overlay)->prose);
}

static const struct overlay_ops export_ops = {
	.draw = export_draw,
	.key = export_key,
	.update = export_update,
	.close = export_close,
};

static struct export *open_box(struct ui *ui, const char *name)
{
	struct export *export = calloc(1, sizeof *export);

	if (!export) {
		ui_say(ui, SAY_ERROR, "memory ran out");
		return NULL;
	}
	export->overlay = (struct overlay){.ops = &export_ops, .ui = ui};
	export->field = FIELD_FILE;
	snprintf(export->name, sizeof export->name, "%s", name);
	return export;
}

void export_prose(struct ui *ui, const char *name, struct prose *prose)
{
	struct export *export = open_box(ui, name);

	if (!export) {
		prose_free(prose);
		return;
	}
	export->prose = *prose;
	*prose = (struct prose){0};
	default_name(export);
	ui_overlay(ui, &export->overlay);
}

void open_export(struct ui *ui)
{
	struct view *view = ui_view(ui);
	struct export *export;

	if (!view || (!view->screen->export_json && !view->screen->export_text)) {
		ui_say(ui, SAY_INFORMATION, "there is nothing to export on this screen");
		return;
	}
	export = open_box(ui, view->screen->command);
	if (!export)
		return;
	export->view = view;
	export->json = view->screen->export_json;
	default_name(export);
	ui_overlay(ui, &export->overlay);
}
