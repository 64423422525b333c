/* SPDX-License-Identifier: MIT */
/* The lines over Overview's list: the filesystem, and the totals. */
#include "../../inspect/report/report.h"
#include "overview.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define NARROW 64
/* Columns of a label, and of the words around it. */
#define LABEL_LEAST 6
#define LABEL_MOST 32
#define LABEL_WORDS 10

/* cache_generation is another: v1 caches are ignored at present. */
static bool is_apart(const struct fsr_filesystem *f)
{
	return f->space_cache == FSR_SPACE_CACHE_V1 && f->cache_generation != f->generation;
}

static int put_generation(const struct fsr_filesystem *f, const struct area *area, int col, bool narrow)
{
	col = putf(area, 0, col, STYLE_PLAIN, "  generation %" PRIu64, f->generation);
	if (narrow)
		return col;
	if (f->space_cache == FSR_SPACE_CACHE_NONE)
		return put(area, 0, col, STYLE_PLAIN, "  no cache (cache_generation 0)");
	if (f->cache_generation == UINT64_MAX)
		return put(area, 0, col, STYLE_WARNING, " cache_generation not set");
	if (is_apart(f))
		return putf(area, 0, col, STYLE_WARNING, " cache_generation %" PRIu64 ", %s %" PRIu64,
			f->cache_generation, f->cache_generation < f->generation ? "behind" : "ahead of",
			f->generation);
	return putf(area, 0, col, STYLE_PLAIN, " cache_generation %" PRIu64, f->cache_generation);
}

/* Devices are missing: what lies on them alone can't be judged. */
static bool is_incomplete(const struct tab *tab)
{
	return tab->fs && fsr_device_count(tab->fs) < tab->facts.num_devices;
}

static int put_devices(const struct tab *tab, const struct area *area, int col)
{
	if (is_incomplete(tab))
		col = putf(area, 0, col, STYLE_WARNING, "  %zu of %" PRIu64 " devices",
			fsr_device_count(tab->fs), tab->facts.num_devices);
	return col;
}

static void put_filesystem(const struct overview *o, const struct area *area)
{
	const struct ui *ui = o->view.ui;
	const struct fsr_filesystem *f = &o->view.tab->facts;
	bool narrow = area->cols < NARROW, crowded = is_apart(f) || is_incomplete(o->view.tab);
	char uuid[UUID_TEXT_SIZE], size[SIZE_SHORT], used[SIZE_SHORT], label[200];
	int col = 0, room;

	words_uuid(f->fsid, uuid);
	if (area->cols >= (crowded ? 90 : 78)) /* what is not as it should be is worth more */
		col = putf(area, 0, col, STYLE_PLAIN, " fsid %.*s", area->cols >= 120 ? 36 : 8, uuid);
	col = putf(area, 0, col, STYLE_PLAIN, " %s", ui_size_long(ui, f->total_bytes, size));
	if (area->cols >= (crowded ? 74 : NARROW))
		col = putf(area, 0, col, STYLE_PLAIN, " used %s", ui_size_long(ui, f->bytes_used, used));
	col = put_generation(f, area, col, narrow);
	if (f->space_cache != FSR_SPACE_CACHE_NONE)
		col = putf(area, 0, col, STYLE_PLAIN, "  %s", fsr_space_cache_name(f->space_cache));
	col = put_devices(o->view.tab, area, col);
	room = area->cols - col - LABEL_WORDS;
	if (!*f->label || room < LABEL_LEAST)
		return;
	clip_untrusted(
		area->canvas, f->label, room < LABEL_MOST ? room : LABEL_MOST, false, label, sizeof label);
	putf(area, 0, col, STYLE_PLAIN, "  label '%s'", label);
}

static int put_states(const struct overview *o, const struct area *area, int col)
{
	const struct tab *tab = o->view.tab;
	size_t counts[FSR_STATE_COUNT] = {0}, pending = 0;
	/* in the order in which one looks for them */
	static const enum fsr_state order[] = {FSR_STATE_ERROR, FSR_STATE_NEED_WRITE, FSR_STATE_WRITTEN,
		FSR_STATE_SETUP, FSR_STATE_CLEAR, FSR_STATE_NONE, FSR_STATE_UNKNOWN};

	for (size_t i = 0; i < tab->ngroups; i++) {
		if (tab->records[i].group.pending)
			pending++;
		else
			counts[tab->records[i].group.state]++;
	}
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (counts[order[i]])
			col = putf(area, 1, col, state_style(order[i]), "%s %zu  ", fsr_state_name(order[i]),
				counts[order[i]]);
	return pending ? putf(area, 1, col, STYLE_PENDING, "… %zu  ", pending) : col;
}

/* At the right end, as much as there is room for. */
static void put_severities(const struct overview *o, const struct area *area, int from)
{
	static const char *const words[] = {"note", "warning", "error", "danger"};
	size_t counts[FSR_SEVERITY_DANGER + 1];
	char text[4][32];
	int width = area->cols, col, gap;

	tab_count_findings(o->view.tab, counts);
	for (gap = 2; gap && from + width + 1 > area->cols; gap--) {
		width = 0;
		for (int s = FSR_SEVERITY_DANGER; s >= FSR_SEVERITY_WARNING; s--) {
			snprintf(text[s], sizeof text[s], gap == 1 ? "%s%zu" : "%s %zu",
				gap == 1 ? severity_letter(s) : words[s], counts[s]);
			width += (int)strlen(text[s]) + gap;
		}
	}
	gap++;
	col = area->cols - width - 1;
	if (col < from)
		col = from;
	for (int s = FSR_SEVERITY_DANGER; s >= FSR_SEVERITY_WARNING; s--)
		col = put(area, 1, col + gap, counts[s] ? severity_style(s) : STYLE_PLAIN, text[s]);
}

int overview_head(struct overview *o, const struct area *area)
{
	const struct tab *tab = o->view.tab;
	int col;

	put_filesystem(o, area);
	if (*o->view.filtered_by) {
		col = put(area, 1, 1, STYLE_PLAIN, "filter: ");
		col = put_untrusted(area, 1, col, 60, STYLE_PLAIN, o->view.filtered_by);
		putf(area, 1, col, STYLE_PLAIN, "   %zu of %zu", o->list.count, tab->ngroups);
		return 2;
	}
	col = 1;
	if (area->cols >= NARROW)
		col = putf(
			area, 1, 1, STYLE_PLAIN, "%zu group%s  ", tab->ngroups, tab->ngroups == 1 ? "" : "s");
	put_severities(o, area, put_states(o, area, col));
	return 2;
}
