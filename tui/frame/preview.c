/* SPDX-License-Identifier: MIT */
#include "preview.h"

/* From this width on; the list keeps at least LIST_MIN, and a little more than half. */
#define WIDE 140
#define LIST_MIN 80
#define LIST_PERCENT 55

int preview_split(const struct ui *ui, int cols)
{
	int list = cols * LIST_PERCENT / 100 - 1;

	if (cols < WIDE || !screen_table[ui->screen]->has_preview || !tab_has_image(ui_tab(ui)))
		return cols;
	return list > LIST_MIN ? list : LIST_MIN;
}

void preview_forget(struct ui *ui)
{
	view_free(ui->preview);
	ui->preview = NULL;
}

/* Shown again only when it is another place: to show one may mean to read it. */
static void show(struct ui *ui, const struct place *place)
{
	const struct screen *screen = screen_table[place->screen];
	struct tab *tab = ui_tab(ui);

	if (ui->preview && (ui->preview->screen != screen || ui->preview->tab != tab))
		preview_forget(ui);
	if (!ui->preview) {
		ui->preview = view_new(ui, tab, screen);
		if (!ui->preview)
			return;
		ui->preview->preview = true;
	} else if (place_equal(&ui->preview_place, place)) {
		return;
	}
	ui->preview_place = *place;
	screen->show(ui->preview, place);
}

void preview_draw(struct ui *ui, const struct area *body, int split)
{
	struct view *view = ui_view(ui);
	struct area area = area_part(body, 0, split + 1, body->rows, body->cols - split - 1);
	struct place to = {0};

	for (int i = 0; i < body->rows; i++)
		put(body, i, split, STYLE_HEAD, "│");
	view->screen->here(view, &to);
	if (!(view->screen->beside ? view->screen->beside : view->screen->enter)(view, &to))
		return;
	show(ui, &to);
	if (!ui->preview)
		return;
	if (ui->preview->screen->update)
		ui->preview->screen->update(ui->preview);
	ui->preview->screen->draw(ui->preview, &area);
}
