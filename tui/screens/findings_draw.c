/* SPDX-License-Identifier: MIT */
/* What Findings looks like: context line, list, and the pane below it that explains. */
#include "findings.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

/* Under so many rows the lower pane is shown on Tab only; it takes at most PANE_MAX. */
#define PANE_FROM 15
#define PANE_MAX 16

#define CODE_WIDTH 20
#define NARROW 60

static int address_width(const struct view *view)
{
	const struct tab *tab = view->tab;
	char text[24];
	int width = 11;

	if (!tab->ngroups)
		return width;
	snprintf(text, sizeof text, "%" PRIu64, tab->records[tab->ngroups - 1].group.bytenr);
	return (int)strlen(text) > width ? (int)strlen(text) : width;
}

void findings_draw_row(struct view *view, size_t i, const struct area *row)
{
	struct findings_view *f = (struct findings_view *)view;
	const struct fsr_finding *finding = findings_row(f, i);
	const struct record *record = findings_record(f, i);
	int code = row->cols < NARROW ? 16 : CODE_WIDTH, end = 4 + code + address_width(view);
	char address[24] = "filesystem";

	if (record && record->marked)
		put(row, 0, 0, STYLE_PLAIN, "*");
	put(row, 0, 1, severity_style((int)finding->severity), severity_letter((int)finding->severity));
	put_untrusted(row, 0, 3, code, STYLE_PLAIN, findings_code(finding));
	if (finding->block_group != FSR_NO_BYTENR)
		snprintf(address, sizeof address, "%" PRIu64, finding->block_group);
	put_right(row, 0, end, STYLE_PLAIN, address);
	put_untrusted(row, 0, end + 2, row->cols - end - 2, STYLE_PLAIN, finding->message);
}

void findings_draw_heads(struct view *view, const struct area *row)
{
	int code = row->cols < NARROW ? 16 : CODE_WIDTH, end = 4 + code + address_width(view);

	put(row, 0, 3, STYLE_HEAD, "code");
	put_right(row, 0, end, STYLE_HEAD, "block group");
	put(row, 0, end + 2, STYLE_HEAD, "what");
}

static void draw_context(const struct findings_view *f, const struct area *area)
{
	static const char *const words[] = {"note", "warning", "error", "danger"};
	const struct tab *tab = f->view.tab;
	size_t counts[FSR_SEVERITY_DANGER + 1], all = 0;
	int col;

	tab_count_findings(tab, counts);
	for (int s = 0; s <= FSR_SEVERITY_DANGER; s++)
		all += counts[s];
	if (*f->view.filtered_by) {
		col = put(area, 0, put(area, 0, 1, STYLE_PLAIN, "filter: "), STYLE_PLAIN, "");
		col = put_untrusted(area, 0, col, 60, STYLE_PLAIN, f->view.filtered_by);
		putf(area, 0, col, STYLE_PLAIN, "   %zu of %zu", f->list.count, all);
		return;
	}
	col = putf(area, 0, 1, STYLE_PLAIN, "%zu finding%s", all, all == 1 ? "" : "s");
	for (int s = FSR_SEVERITY_DANGER; s >= 0; s--)
		col = putf(area, 0, col + 2, counts[s] ? severity_style(s) : STYLE_PLAIN, "%s %zu", words[s],
			counts[s]);
	if (!tab->complete)
		put(area, 0, col + 3, STYLE_PENDING, "so far");
	else
		put(area, 0, col + 3, STYLE_PLAIN,
			counts[FSR_SEVERITY_DANGER] || counts[FSR_SEVERITY_ERROR] ? "validate fails"
										  : "validate passes");
}

/* "Nothing" is an answer too: what was looked at. */
static void draw_empty(const struct findings_view *f, const struct area *area)
{
	const struct tab *tab = f->view.tab;
	size_t counts[FSR_STATE_COUNT] = {0};
	int col;

	if (*f->view.filtered_by) {
		put_untrusted(area, 1, put(area, 1, 1, STYLE_PLAIN, "no finding matches: "), area->cols - 22,
			STYLE_PLAIN, f->view.filtered_by);
		return;
	}
	for (size_t i = 0; i < tab->ngroups; i++)
		counts[tab->records[i].group.state] += !tab->records[i].group.pending;
	col = put(area, 1, 1, STYLE_PLAIN, tab->complete ? "No findings: " : "No findings so far: ");
	col = putf(area, 1, col, STYLE_PLAIN, "%zu cache%s WRITTEN", counts[FSR_STATE_WRITTEN],
		counts[FSR_STATE_WRITTEN] == 1 ? "" : "s");
	if (counts[FSR_STATE_NONE])
		col = putf(area, 1, col, STYLE_PLAIN, ", %zu block group%s NONE", counts[FSR_STATE_NONE],
			counts[FSR_STATE_NONE] == 1 ? "" : "s");
	put(area, 1, col, STYLE_PLAIN, ".");
}

static void fill_pane(struct findings_view *f)
{
	const struct fsr_finding *finding = findings_cursor(f);

	prose_free(&f->prose);
	if (finding)
		explain_finding(&f->prose, f->view.tab, finding);
}

static void draw_pane(struct findings_view *f, const struct area *area)
{
	const struct fsr_finding *finding = findings_cursor(f);
	struct area text = area_part(area, 1, 0, area->rows - 1, area->cols);
	struct area none = area_part(&text, 0, 0, 0, text.cols);
	size_t lines;

	fill_pane(f);
	put_rule(area, 0, finding ? findings_code(finding) : "", f->pane);
	lines = prose_draw(&f->prose, &none, 0); /* how many there are at this width */
	f->pane_end = lines > (size_t)text.rows ? lines - (size_t)text.rows : 0;
	if (f->pane_top > f->pane_end)
		f->pane_top = f->pane_end;
	prose_draw(&f->prose, &text, f->pane_top);
}

static int pane_rows(const struct findings_view *f, int rows)
{
	int half = rows / 2 + 1;

	if (!f->list.count)
		return 0;
	if (rows < PANE_FROM)
		return f->pane ? rows - 1 : 0;
	return half > PANE_MAX ? PANE_MAX : half;
}

void findings_draw(struct view *view, const struct area *area)
{
	struct findings_view *f = (struct findings_view *)view;
	int pane = pane_rows(f, area->rows), rows = area->rows - pane;
	struct area heads = area_part(area, 1, 0, 1, area->cols);
	struct area list = area_part(area, 2, 0, rows - 2, area->cols);
	struct area lower = area_part(area, rows, 0, pane, area->cols);

	draw_context(f, area);
	f->pane_row = rows;
	if (!f->list.count) {
		draw_empty(f, &list);
		return;
	}
	if (list.rows > 0) {
		findings_draw_heads(view, &heads);
		list_draw(&f->list, view, &list, findings_draw_row, !view->preview);
	}
	if (pane > 0)
		draw_pane(f, &lower);
}
