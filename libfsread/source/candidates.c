/* SPDX-License-Identifier: MIT */
/* Archive members that hold a btrfs: which of them are devices of one filesystem. */
#include "archive.h"

#include <stdio.h>
#include <stdlib.h>

int candidates_add(struct candidates *set, struct source *source, bool chosen, struct fsr_error *err)
{
	struct candidate *bigger = NULL, *c;
	uint8_t super[SUPER_SIZE];

	if (set->count < MAX_CANDIDATES)
		bigger = realloc(set->list, (set->count + 1) * sizeof *bigger);
	if (bigger)
		set->list = bigger;
	if (!bigger || !read_any_super(source, super)) {
		source_close(source);
		if (bigger || set->count == MAX_CANDIDATES)
			return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
				"more than %u members hold a btrfs", MAX_CANDIDATES);
		return fsr_fail_nomem(err);
	}
	c = &set->list[set->count++];
	c->source = source;
	memcpy(c->fsid, super + SUPER_FSID, sizeof c->fsid);
	c->seed = get64(super + SUPER_FLAGS) & SUPER_FLAG_SEEDING;
	c->devid = get64(super + SUPER_DEV_ITEM + DEV_ITEM_DEVID);
	c->generation = get64(super + SUPER_GENERATION);
	c->chosen = chosen;
	return 0;
}

void candidates_free(struct candidates *set)
{
	for (size_t i = 0; i < set->count; i++)
		source_close(set->list[i].source);
	free(set->list);
	*set = (struct candidates){NULL, 0};
}

/* The chosen member's other devices are those of its filesystem and of its commit. */
static bool belongs_to(const struct candidate *c, const struct candidate *chosen)
{
	if (c == chosen)
		return true;
	return memcmp(c->fsid, chosen->fsid, sizeof c->fsid) == 0 && c->generation == chosen->generation &&
	       c->devid != chosen->devid;
}

/* Without a choice everything counts. */
static void drop_others(struct candidates *set)
{
	const struct candidate *chosen = NULL;
	struct candidate *kept;
	size_t n = 0;

	for (size_t i = 0; i < set->count; i++)
		if (set->list[i].chosen)
			chosen = &set->list[i];
	kept = chosen ? calloc(set->count, sizeof *kept) : NULL;
	if (!kept)
		return;
	for (size_t i = 0; i < set->count; i++)
		if (belongs_to(&set->list[i], chosen))
			kept[n++] = set->list[i];
		else
			source_close(set->list[i].source);
	free(set->list);
	*set = (struct candidates){kept, n};
}

static int compare_devices(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;
	int d = memcmp(a->fsid, b->fsid, sizeof a->fsid);

	if (!d)
		d = (a->devid > b->devid) - (a->devid < b->devid);
	return d ? d : strcmp(a->source->name, b->source->name);
}

/* "a.img, b.img", cut where there is no more room. */
static void list_names(const struct candidates *set, char *text, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < set->count && n < room; i++)
		n += (size_t)snprintf(text + n, room - n, "%s%s", i ? ", " : "", set->list[i].source->name);
	if (n >= room)
		memcpy(text + room - 4, "...", 4);
}

static int fail_ambiguous(const struct candidates *set, const char *archive, bool same, struct fsr_error *err)
{
	char names[256];

	list_names(set, names, sizeof names);
	return fsr_fail(err, FSR_E_AMBIGUOUS, 0, FSR_NO_BYTENR,
		"'%.120s' holds %s (%s); choose one with --member", archive,
		same ? "the same device several times" : "several filesystems", names);
}

/* A filesystem that has grown from a seed is packed together with it. */
static const struct candidate *first_not_seed(const struct candidates *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!set->list[i].seed)
			return &set->list[i];
	return &set->list[0];
}

static int check_alike(const struct candidates *set, const char *archive, struct fsr_error *err)
{
	const struct candidate *a = set->count ? first_not_seed(set) : NULL;

	for (size_t i = 0; i < set->count; i++) {
		const struct candidate *b = &set->list[i];

		if (memcmp(a->fsid, b->fsid, sizeof a->fsid) != 0 && (!b->seed || a->seed))
			return fail_ambiguous(set, archive, false, err);
	}
	for (size_t i = 1; i < set->count; i++)
		if (set->list[i - 1].devid == set->list[i].devid &&
			!memcmp(set->list[i - 1].fsid, set->list[i].fsid, sizeof a->fsid))
			return fail_ambiguous(set, archive, true, err);
	return 0;
}

int candidates_choose(struct candidates *set, const char *archive, struct source ***list, size_t *count,
	struct fsr_error *err)
{
	int e;

	drop_others(set);
	qsort(set->list, set->count, sizeof *set->list, compare_devices);
	e = check_alike(set, archive, err);
	if (e)
		return e;
	*list = calloc(set->count, sizeof **list);
	if (!*list)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < set->count; i++)
		(*list)[i] = set->list[i].source;
	*count = set->count;
	set->count = 0;
	return 0;
}
