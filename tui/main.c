/* SPDX-License-Identifier: MIT */
/* spacescope-tui: opens the images, then the terminal. */
#include "../inspect/report/escape.h"
#include "frame/preview.h"
#include "options.h"
#include "term/signals.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line on stderr about one of the paths, which sentences of the library name already. */
static void complain(const char *path, const char *text)
{
	fputs("spacescope-tui: ", stderr);
	if (!strstr(text, path)) {
		put_escaped(stderr, path, strlen(path));
		fputs(": ", stderr);
	}
	put_escaped(stderr, text, strlen(text));
	fputc('\n', stderr);
}

/* The reports whose tabs are open; they outlive them. */
struct reports {
	size_t count;
	struct report **list;
};

static bool add_report(struct ui *ui, struct reports *reports, const char *path)
{
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	struct report *report;
	bool ok = true;

	if (report_load(path, &report, &err)) {
		struct tab *failed = calloc(1, sizeof *failed);

		if (failed)
			*failed = (struct tab){.kind = TAB_FAILED, .path = path, .error = err};
		return ui_take_tab(ui, failed);
	}
	reports->list[reports->count++] = report;
	for (size_t i = 0; i < report->nimages && ok; i++)
		ok = ui_take_tab(ui, tab_open_report(report, &report->images[i], path));
	return ok;
}

/* Says on stderr what can't be read; the number of tabs that can. */
static size_t check_readable(const struct ui *ui)
{
	size_t readable = 0;

	for (size_t i = 0; i < ui->ntabs; i++) {
		if (ui->tabs[i]->kind == TAB_FAILED)
			complain(ui->tabs[i]->path, ui->tabs[i]->error.text);
		else
			readable++;
	}
	return readable;
}

/* While an archive is unpacked, before there is a screen; `arg` holds the percentage last shown. */
static int show_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	/* the total is what an archive says of itself */
	uint64_t most = done < total ? done : total;
	unsigned *shown = arg, percent = total ? (unsigned)((double)most / (double)total * 100) : 0;

	if (percent == *shown)
		return 0;
	*shown = percent;
	fputs("\r\033[K", stderr);
	put_escaped(stderr, what, strlen(what));
	fprintf(stderr, " %u %%", percent);
	return 0;
}

/* Opens with progress shown where somebody can see it. */
static struct tab *open_image(const char *path, const struct tab_options *given)
{
	struct tab_options options = *given;
	unsigned shown = 0;
	struct tab *tab;

	if (isatty(STDERR_FILENO)) {
		options.open.progress = show_progress;
		options.open.progress_arg = &shown;
	}
	tab = tab_open(path, &options);
	if (shown)
		fputs("\r\033[K", stderr);
	return tab;
}

static bool open_all(struct ui *ui, struct reports *reports, const struct options *options)
{
	reports->list = calloc(options->npaths + 1, sizeof(struct report *));
	for (size_t i = 0; i < options->npaths; i++) {
		const char *path = options->paths[i];
		bool ok = reports->list &&
			  (report_is_one(path) ? add_report(ui, reports, path)
					       : ui_take_tab(ui, open_image(path, &options->ui.tab)));

		if (!ok) {
			complain(path, "memory ran out");
			return false;
		}
	}
	return true;
}

static void close_all(struct ui *ui, struct reports *reports)
{
	ui_overlay(ui, NULL);
	preview_forget(ui);
	for (size_t i = 0; i < ui->ntabs; i++) {
		for (int k = 0; k < SCREEN_COUNT; k++)
			view_free(ui->tabs[i]->views[k]);
		tab_close(ui->tabs[i]);
	}
	for (size_t i = 0; i < reports->count; i++)
		report_free(reports->list[i]);
	free(ui->tabs);
	free(reports->list);
	canvas_free(&ui->canvas);
}

static int browse(struct ui *ui)
{
	const char *why = term_open(&ui->options->term);
	int ended_by;

	if (why) {
		fprintf(stderr, "spacescope-tui: %s\n", why);
		return 2;
	}
	ui->canvas.ascii = term_ascii();
	ui_run(ui);
	ended_by = signals_ended_by();
	term_close();
	if (term_lost()) {
		fputs("spacescope-tui: memory ran out\n", stderr);
		return 2;
	}
	return ended_by ? 128 + ended_by : 0;
}

/* Opens and browses: the exit status. */
static int work(struct ui *ui, struct reports *reports, const struct options *options)
{
	size_t readable, asked_for;
	int status;

	if (!open_all(ui, reports, options))
		return 2;
	asked_for = ui->ntabs; /* copies that are made later have tabs too */
	readable = check_readable(ui);
	if (!readable)
		return 2;
	status = browse(ui);
	return status ? status : readable < asked_for ? 2 : 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct reports reports = {0};
	struct ui ui = {.options = &options.ui};
	int status = options_parse(&options, argc, argv);

	setlocale(LC_ALL, "");
	if (status < 0)
		status = work(&ui, &reports, &options);
	close_all(&ui, &reports);
	options_free(&options);
	return status;
}
