/* SPDX-License-Identifier: MIT */
/* Looking for the next wrong place, in the background; and searching among block groups. */
#include "list.h"
#include "map.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A part of a block group in which to look. */
struct part {
	uint64_t group, low, high;
};

/* The job's own; parts in the order of looking. */
struct looking {
	struct fsr_fs *fs;
	const struct job *job;
	int direction;
	size_t nparts;
	struct part *parts;
	const struct part *part;
	bool found;
	uint64_t address;
};

struct answer {
	bool found;
	uint64_t address;
};

/* ---- in the job */

/* A place where something wrong begins: the nearest one counts. */
static void consider(struct looking *looking, uint64_t at)
{
	const struct part *part = looking->part;
	bool forward = looking->direction > 0;

	if (at < part->low || at >= part->high)
		return;
	if (!looking->found || forward == (at < looking->address))
		looking->address = at;
	looking->found = true;
}

static int take_span(void *arg, const struct fsr_span *span)
{
	struct looking *looking = arg;

	if (span->kind != FSR_SPAN_USED && span->kind != FSR_SPAN_SUPER)
		consider(looking, span->bytenr);
	return job_stopped(looking->job) ? -1 : 0;
}

static void look(struct job *job, void *arg)
{
	struct looking *looking = arg;
	struct answer *answer = calloc(1, sizeof *answer);

	looking->job = job;
	for (size_t i = 0; i < looking->nparts && !looking->found && !job_stopped(job); i++) {
		const struct part *part = looking->part = &looking->parts[i];
		struct fsr_error err;

		if (fsr_spans(looking->fs, part->group, NULL, take_span, looking, &err))
			consider(looking, part->group); /* not known: that is wrong as well */
	}
	if (answer) {
		*answer = (struct answer){looking->found, looking->address};
		job_post(job, answer);
	}
	free(looking->parts);
	free(looking);
}

/* ---- in the main thread */

/* Whether a block group may have something wrong, as far as it is known. */
static bool suspect(const struct record *record)
{
	uint64_t excess, missing;

	if (!record->judged || !record->group.has_item || !record->group.has_recomputed)
		return true;
	return record_differences(record, &excess, &missing) && (excess || missing);
}

static void add_part(struct looking *looking, const struct record *record, uint64_t low, uint64_t high)
{
	if (low < high && suspect(record))
		looking->parts[looking->nparts++] = (struct part){record->group.bytenr, low, high};
}

/* From behind the cell under the cursor all the way round to in front of it. */
static void add_parts(struct looking *looking, const struct map *map)
{
	const struct tab *tab = map->view.tab;
	struct map_piece cell = map_shape_piece(&map->shape, map_cursor(map));
	size_t n = tab->ngroups, at = tab_index(tab, cell.bytenr);
	const struct record *here = &tab->records[at];
	uint64_t begin = here->group.bytenr, end = begin + here->group.length;
	bool forward = looking->direction > 0;

	if (forward)
		add_part(looking, here, cell.bytenr + cell.length, end);
	else
		add_part(looking, here, begin, cell.bytenr);
	for (size_t i = 1; i < n; i++) {
		const struct record *record = &tab->records[(forward ? at + i : at + n - i) % n];

		add_part(looking, record, record->group.bytenr, record->group.bytenr + record->group.length);
	}
	if (forward)
		add_part(looking, here, begin, cell.bytenr + cell.length);
	else
		add_part(looking, here, cell.bytenr, end);
}

static void begin(struct map *map, int direction)
{
	const struct tab *tab = map->view.tab;
	struct looking *looking = calloc(1, sizeof *looking);

	if (looking)
		looking->parts = calloc(tab->ngroups + 1, sizeof *looking->parts);
	if (!looking || !looking->parts || !tab_has_image(tab)) {
		free(looking ? looking->parts : NULL);
		free(looking);
		return;
	}
	looking->fs = tab->fs;
	looking->direction = map->search.direction = direction;
	add_parts(looking, map);
	map->search.job = job_start(look, looking, free);
	if (map->search.job)
		return;
	free(looking->parts);
	free(looking);
}

void map_next_wrong(struct map *map, int direction)
{
	if (map->search.job && map->search.direction == direction) {
		map->search.more++;
		return;
	}
	map_search_drop(map);
	begin(map, direction);
}

void map_search_drop(struct map *map)
{
	job_end(map->search.dropped);
	map->search.dropped = map->search.job;
	job_stop(map->search.dropped);
	map->search.job = NULL;
	map->search.more = 0;
}

/* Records may know of more: of what a cache lists outside its block group, which is on no cell of it. */
static void say_none(const struct map *map)
{
	const struct tab *tab = map->view.tab;
	uint64_t excess, missing;
	bool outside = false;

	for (size_t i = 0; i < tab->ngroups && !outside; i++)
		outside = record_differences(&tab->records[i], &excess, &missing) && excess;
	ui_say(map->view.ui, SAY_INFORMATION, "%s",
		outside ? "all excess lies outside its block group: see 5 Diff"
			: "no excess, nothing missing, nothing unknown");
}

static void take_answer(struct map *map, const struct answer *answer)
{
	struct ui *ui = map->view.ui;
	uint64_t before = map->address, cell = map_cursor(map);

	if (!answer->found) {
		say_none(map);
		map->search.more = 0;
		return;
	}
	map_to(map, answer->address);
	map_settle(map);
	if (map_cursor(map) == cell)
		ui_say(ui, SAY_INFORMATION, "nothing is wrong in any other cell");
	else if ((map->address > before) != (map->search.direction > 0))
		ui_say(ui, SAY_INFORMATION,
			map->search.direction > 0 ? "from the beginning again" : "from the end again");
}

static void bury_dropped(struct map *map)
{
	void *item;

	if (!map->search.dropped)
		return;
	while ((item = job_take(map->search.dropped)))
		free(item);
	if (!job_done(map->search.dropped))
		return;
	job_end(map->search.dropped);
	map->search.dropped = NULL;
}

bool map_search_update(struct map *map)
{
	struct answer *answer;
	bool changed = false;

	bury_dropped(map);
	if (!map->search.job)
		return false;
	while ((answer = job_take(map->search.job))) {
		take_answer(map, answer);
		free(answer);
		changed = true;
	}
	if (!job_done(map->search.job))
		return changed;
	job_end(map->search.job);
	map->search.job = NULL;
	if (map->search.more) {
		map->search.more--;
		begin(map, map->search.direction);
	}
	return true;
}

/* ---- searching */

static bool matches(const struct record *record, const struct needle *needle)
{
	const struct fsr_group *group = &record->group;
	char text[160];

	if (needle->is_address)
		return needle->address >= group->bytenr && needle->address - group->bytenr < group->length;
	snprintf(text, sizeof text, "%s %" PRIu64 " %s %s %s", state_word(record), group->bytenr,
		type_long(group->flags), profile_word(group->flags), verdict_word(record));
	return needle_in(needle, text);
}

/* The records count as a ring that begins at the cursor's, or with a direction behind it. */
bool map_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct map *map = (struct map *)view;
	const struct tab *tab = view->tab;
	size_t n = tab->ngroups, at = tab_index(tab, map->address), found = n;

	*number = *count = 0;
	for (size_t i = 0; i < n; i++) {
		size_t distance = direction ? i + 1 : i;
		size_t k = (direction < 0 ? at + 2 * n - distance : at + distance) % n;

		if (!matches(&tab->records[k], needle))
			continue;
		if (found == n)
			found = k;
		++*count;
	}
	if (found == n)
		return false;
	for (size_t i = 0; i <= found; i++)
		*number += matches(&tab->records[i], needle);
	map_search_drop(map);
	map_to(map, needle->is_address ? needle->address : tab->records[found].group.bytenr);
	map_settle(map);
	return true;
}
