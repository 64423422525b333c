/* SPDX-License-Identifier: MIT */
/*
 * What Diff computes in a thread of its own, one thing at a time: the ranges of a block group, or the picture
 * around one of them. What is asked for and what comes back are the same piece of memory, which belongs to
 * the job until it is handed over.
 */
#include "diff.h"

#include <stdlib.h>

struct diff_request {
	struct fsr_fs *fs;
	uint64_t group;
	uint32_t sectorsize;
	unsigned serial; /* of the filter that was asked for */
	bool is_scale;
	struct collector collector;
	size_t n;
	struct diff_row *rows;
	struct scale scale;
	int ret;
	struct fsr_error err;
};

static void free_request(void *item)
{
	struct diff_request *request = item;

	if (!request)
		return;
	free(request->collector.ring);
	free(request->rows);
	free(request);
}

/* ---- in the job */

struct work {
	struct job *job;
	struct diff_request *request;
};

static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct work *work = arg;

	collect_range(&work->request->collector, range);
	return job_stopped(work->job);
}

static void compute_ranges(struct work *work)
{
	struct diff_request *r = work->request;

	if (!collect_begin(&r->collector)) {
		r->ret = FSR_E_NOMEM;
		return;
	}
	r->ret = fsr_diff(r->fs, r->group, take_range, work, &r->err);
	collect_end(&r->collector);
	r->rows = collect_take(&r->collector);
	r->n = r->rows ? r->collector.kept : 0;
	if (!job_stopped(work->job))
		says_fill(r->fs, r->group, r->sectorsize, r->rows, r->n);
}

static void run(struct job *job, void *arg)
{
	struct work work = {job, arg};

	if (work.request->is_scale)
		work.request->ret = scale_fill(work.request->fs, &work.request->scale, &work.request->err);
	else
		compute_ranges(&work);
	job_post(job, work.request);
}

static void start(struct diff *d, const struct diff_request *what)
{
	struct diff_request *request = malloc(sizeof *request);

	if (!request)
		return;
	*request = *what;
	request->fs = d->view.tab->fs;
	request->sectorsize = d->view.tab->facts.sectorsize;
	request->serial = d->serial;
	d->job = job_start(run, request, free_request);
	if (!d->job)
		free_request(request);
	else if (!request->is_scale)
		d->reading = true;
}

void diff_stop(struct diff *d)
{
	job_end(d->job);
	d->job = NULL;
	d->reading = false;
}

/* ---- what is needed */

static void set_filter(const struct diff *d, const struct heading *heading, struct collector *c)
{
	for (int kind = 0; kind < DIFF_KINDS; kind++)
		c->wanted[kind] = diff_passes(d, diff_record(d, heading), kind);
}

static void want_ranges(struct diff *d, const struct heading *heading, uint64_t row, bool by_address)
{
	struct diff_request request = {.group = diff_record(d, heading)->group.bytenr};

	set_filter(d, heading, &request.collector);
	request.collector.row = row;
	request.collector.by_address = by_address;
	request.collector.address = d->want_address;
	start(d, &request);
}

/* Of the rows on the screen the first that is not there. false: all are. */
static bool missing_rows(const struct diff *d, struct heading **heading, uint64_t *row)
{
	int rows = d->list.rows > 0 ? d->list.rows : 1;

	for (int i = 0; i < rows && d->list.top + (size_t)i < d->list.count; i++) {
		int64_t number;

		*heading = diff_heading(d, d->list.top + (size_t)i, &number);
		if (!*heading || (*heading)->failed)
			continue;
		*row = number < 0 ? 0 : (uint64_t)number;
		if (!(*heading)->counted || (number >= 0 && !diff_row(*heading, number)))
			return true;
	}
	return false;
}

/* The ranges among which the cursor is to be found. */
static struct heading *wanted_heading(const struct diff *d)
{
	for (size_t i = 0; d->want && i < d->nheadings; i++)
		if (diff_record(d, &d->headings[i])->group.bytenr == d->want_group)
			return &d->headings[i];
	return NULL;
}

/* ---- what came */

/* Those farthest from the heading give way. */
static void bound_memory(struct diff *d, const struct heading *keep)
{
	size_t held = 0;

	for (size_t i = 0; i < d->nheadings; i++)
		held += d->headings[i].held;
	for (size_t i = 0, n = d->nheadings; held > DIFF_HELD && i < n; i++) {
		size_t at = (size_t)(keep - d->headings);
		/* from both ends towards the heading */
		size_t far = at > n - 1 - at ? i : n - 1 - i;

		if (&d->headings[far] == keep)
			continue;
		held -= d->headings[far].held;
		diff_forget(&d->headings[far]);
	}
}

static void keep_counts(struct heading *heading, const struct collector *c)
{
	if (!heading->counted)
		heading->folded = c->rows > DIFF_FOLD;
	heading->counted = true;
	heading->rows = c->rows;
	for (int kind = 0; kind < DIFF_KINDS; kind++)
		heading->runs[kind] = c->runs[kind];
}

/* Where the want leads within these ranges: a row below the heading, 1 and up. */
static uint64_t wanted_row(const struct diff *d, const struct collector *c)
{
	if (!c->rows || d->want == WANT_FIRST)
		return c->rows ? 1 : 0;
	return d->want == WANT_ADDRESS && c->found ? c->row + 1 : c->rows;
}

/* The rows become the heading's; `rows` may be NULL. */
static void adopt(
	struct diff *d, struct heading *heading, const struct collector *c, struct diff_row *rows, size_t n)
{
	int64_t number = -1;
	struct heading *under = diff_heading(d, d->list.cursor, &number);
	size_t at = under ? (size_t)(under - d->headings) : 0;
	uint64_t row = (uint64_t)(number + 1);

	diff_forget(heading);
	keep_counts(heading, c);
	heading->first = c->first;
	heading->window = rows;
	heading->held = n;
	if (d->want && diff_record(d, heading)->group.bytenr == d->want_group) {
		at = (size_t)(heading - d->headings);
		row = wanted_row(d, c);
		heading->folded &= !row;
		d->want = WANT_NONE;
	}
	diff_relay(d, at, row);
	bound_memory(d, heading);
}

static struct heading *heading_of(const struct diff *d, uint64_t group)
{
	for (size_t i = 0; i < d->nheadings; i++)
		if (diff_record(d, &d->headings[i])->group.bytenr == group)
			return &d->headings[i];
	return NULL;
}

static void take_ranges(struct diff *d, struct diff_request *r)
{
	struct heading *heading = heading_of(d, r->group);

	if (!heading || r->serial != d->serial)
		return;
	heading->failed = r->ret != 0;
	heading->err = r->err;
	adopt(d, heading, &r->collector, r->rows, r->n);
	r->rows = NULL;
}

static void take_scale(struct diff *d, const struct diff_request *r)
{
	if (!d->scale)
		d->scale = malloc(sizeof *d->scale);
	if (!d->scale)
		return;
	*d->scale = r->scale;
	d->scale->unknown |= r->ret != 0;
	d->scale->filled = true;
}

bool diff_take(struct diff *d)
{
	struct diff_request *request = d->job ? job_take(d->job) : NULL;

	if (request && request->is_scale)
		take_scale(d, request);
	else if (request)
		take_ranges(d, request);
	free_request(request);
	if (d->job && job_done(d->job))
		diff_stop(d);
	return request != NULL;
}

/* ---- saved reports */

static size_t first_range(const struct report_image *image, uint64_t group)
{
	size_t low = 0, high = image->nranges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->ranges[middle].block_group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int diff_ranges(const struct tab *tab, uint64_t group, fsr_diff_fn fn, void *arg, struct fsr_error *err)
{
	const struct report_image *image = tab->image;
	int ret = 0;

	if (tab_has_image(tab))
		return fsr_diff(tab->fs, group, fn, arg, err);
	for (size_t i = first_range(image, group); !ret && i < image->nranges; i++) {
		if (image->ranges[i].block_group != group)
			break;
		ret = fn(arg, &image->ranges[i]) ? FSR_E_STOPPED : 0;
	}
	return ret;
}

static int collect(void *arg, const struct fsr_diff_range *range)
{
	collect_range(arg, range);
	return 0;
}

static void from_report(struct diff *d, struct heading *heading, uint64_t row)
{
	struct collector c = {.row = row, .by_address = d->want == WANT_ADDRESS, .address = d->want_address};
	struct diff_row *rows;

	if (!collect_begin(&c))
		return;
	set_filter(d, heading, &c);
	diff_ranges(d->view.tab, diff_record(d, heading)->group.bytenr, collect, &c, NULL);
	collect_end(&c);
	rows = collect_take(&c);
	adopt(d, heading, &c, rows, rows ? c.kept : 0);
	free(c.ring);
}

/* All at once: they are in memory. Each turn makes at least one row's ranges known. */
bool diff_take_report(struct diff *d)
{
	struct heading *heading = wanted_heading(d);
	bool taken = false;
	uint64_t row;

	if (!d->view.tab->image || !d->view.tab->image->has_ranges)
		return false;
	if (heading) {
		from_report(d, heading, d->want == WANT_LAST ? UINT64_MAX / 2 : 0);
		taken = true;
	}
	for (int i = 0; i <= d->list.rows && missing_rows(d, &heading, &row); i++) {
		from_report(d, heading, row);
		taken = true;
	}
	return taken;
}

void diff_want(struct diff *d)
{
	struct heading *heading = wanted_heading(d);
	struct diff_request request = {.is_scale = true};
	uint64_t row = 0;

	if (d->job || !tab_has_image(d->view.tab))
		return;
	if (heading && !heading->failed) {
		want_ranges(d, heading, d->want == WANT_LAST ? UINT64_MAX / 2 : 0, d->want == WANT_ADDRESS);
		return;
	}
	if (missing_rows(d, &heading, &row)) {
		want_ranges(d, heading, row, false);
		return;
	}
	if (scale_wanted(d, &request.scale))
		start(d, &request);
}
