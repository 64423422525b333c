/* SPDX-License-Identifier: MIT */
/*
 * The last word before anything is written: the filesystem as it would be, read back from the overlays
 * through libfsread as any other, against what must hold after a commit (F-B8).
 */
#include "../../libfsread/open.h"
#include "../../libfsread/volume/super.h"
#include "commit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct checking {
	struct commit *c;
	struct fsr_fs *fs;    /* as it would be */
	struct trans after;   /* on it, for looking at its extent items */
	struct cursor before; /* in the extent tree of the last commit */
	struct fsr_error *err;
	int ret;
};

__attribute__((format(printf, 2, 3))) static int wrong(struct fsr_error *err, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		"the commit fails its own check, nothing was written: %s: please report this", text);
}

/* What is wrong with the filesystem that would be; but that it can't be looked at says nothing of it. */
static int wrong_because(struct fsr_error *err, const struct fsr_error *why)
{
	if (why->code == FSR_E_CORRUPT || why->code == FSR_E_REFUSED || why->code == FSR_E_INVALID)
		return wrong(err, "%s", why->text);
	*err = *why;
	return why->code;
}

static int check_mirrors(const struct checking *k)
{
	const struct volume *v = k->fs->volume;
	uint64_t generation = k->c->trans.generation;

	for (size_t i = 0; i < v->nmirrors; i++) {
		const struct fsr_super_mirror *m = &v->mirrors[i];
		const struct volume_device *d = &v->devices[i / SUPER_MIRRORS];

		if (m->offset + SUPER_SIZE >= d->info.total_bytes)
			continue;
		if (!m->present || !m->csum_ok || get64(m->raw + SUPER_GENERATION) != generation)
			return wrong(k->err,
				"superblock mirror %u of device %" PRIu64 " is not of the new generation",
				m->index, m->devid);
	}
	return 0;
}

static int check_super(const struct checking *k)
{
	const struct fsr_filesystem *f = &k->fs->volume->fs;
	const struct trans *t = &k->c->trans;
	unsigned slots = 0;

	if (f->generation != t->generation || f->root != t->roots.root.bytenr ||
		t->roots.root.generation != t->generation)
		return wrong(k->err, "the superblock does not lead to the new root tree");
	if (f->cache_generation != t->generation || f->bytes_used != t->bytes_used)
		return wrong(k->err, "cache_generation %" PRIu64 ", bytes_used %" PRIu64, f->cache_generation,
			f->bytes_used);
	for (unsigned i = 0; i < SUPER_BACKUP_COUNT; i++)
		slots += get64(k->fs->volume->super + SUPER_BACKUPS + i * SUPER_BACKUP_SIZE + 8) ==
			 t->generation;
	if (slots != 1)
		return wrong(k->err, "%u backup roots are of the new generation", slots);
	return check_mirrors(k);
}

static int check_findings(const struct checking *k)
{
	const struct fsr_finding *list;
	size_t n = fsr_findings(k->fs, &list);

	for (size_t i = 0; i < n; i++)
		if (list[i].severity >= FSR_SEVERITY_ERROR)
			return wrong(k->err, "%s", list[i].message);
	return 0;
}

/* A cache that was written must be complete, and held by nothing but its inode. */
static int check_cache(struct checking *k, const struct trans_group *g, const struct fsr_group *record)
{
	const struct ref ref = {
		.bytenr = g->result.cache_bytenr, .length = g->result.cache_bytes, .ino = g->ino};
	const struct cache_inode *inode = find_inode(k->fs, g->ino);
	struct fsr_error why;
	size_t n = 0;

	find_extents(k->fs, g->ino, &n);
	if (record->state != FSR_STATE_WRITTEN)
		return wrong(k->err, "block group %" PRIu64 " is %s: %s", record->bytenr,
			fsr_state_name(record->state), record->nfindings ? record->findings[0].message : "");
	if (!inode || inode->headers != 1 || n != 1 || inode->generation != k->c->trans.generation)
		return wrong(k->err, "inode %" PRIu64 " of block group %" PRIu64, g->ino, record->bytenr);
	if (extent_item_check(&k->after, &ref, &why))
		return wrong_because(k->err, &why);
	return 0;
}

/* What took no part must be as it was, what was made invalid must not be taken. */
static int check_other(struct checking *k, const struct trans_group *g, const struct fsr_group *record)
{
	for (size_t i = 0; i < record->nfindings; i++) {
		const struct fsr_finding *f = &record->findings[i];

		if (finding_forbids(f) ||
			(f->severity >= FSR_SEVERITY_ERROR && (g->takes_part || !g->harmful)))
			return wrong(k->err, "block group %" PRIu64 ": %s", record->bytenr, f->message);
	}
	if (g->takes_part && g->touched && record->verdict_if_trusted == FSR_VERDICT_ACCEPTED)
		return wrong(k->err, "block group %" PRIu64 " changed and its old cache is still taken",
			record->bytenr);
	return 0;
}

static int take_group(void *arg, const struct fsr_group *record)
{
	struct checking *k = arg;
	struct trans_group *g = &k->c->trans.groups[record->index];

	g->result.after = record->state;
	g->result.wants_cache = cache_wanted(g);
	if (record->used != g->used || record->bytenr != g->facts->bytenr)
		k->ret = wrong(k->err, "block group %" PRIu64 ": %" PRIu64 " bytes used", record->bytenr,
			record->used);
	else
		k->ret = g->extent_there ? check_cache(k, g, record) : check_other(k, g, record);
	return k->ret;
}

/*
 * Nothing may lie where the last commit has something, nor in a row with parity that has something of it:
 * that is what makes a crash harmless.
 */
static int check_place(struct checking *k, uint64_t bytenr, uint64_t length)
{
	const struct chunk *chunk = volume_find_chunk(k->c->trans.volume, bytenr);
	uint64_t unit = chunk && chunk_has_parity(chunk) ? chunk_super_unit(chunk) : 1;
	uint64_t in_row = chunk ? (bytenr - chunk->start) % unit : 0, start = bytenr - in_row;
	uint64_t end = start + (in_row + length + unit - 1) / unit * unit;
	struct fsr_holder holder;
	int ret = find_holder(k->c->trans.fs, &k->before, start, end, &holder, k->err);

	if (ret == CURSOR_ITEM)
		return wrong(k->err, "%" PRIu64 " is in use by the last commit", bytenr);
	return ret < 0 ? ret : 0;
}

/* Mirrors must be the same, and parity such that it gives the same. */
static int check_copies(const struct checking *k, uint64_t bytenr, uint64_t length)
{
	struct volume *v = k->fs->volume;
	unsigned copies = chunk_copies(volume_find_chunk(v, bytenr));
	uint8_t *first = malloc(2 * STRIPE_LEN), *other;
	int ret = 0;

	if (!first)
		return fsr_fail_nomem(k->err);
	other = first + STRIPE_LEN;
	for (uint64_t at = bytenr; at < bytenr + length && !ret; at += STRIPE_LEN) {
		uint64_t left = bytenr + length - at;
		size_t n = left < STRIPE_LEN ? (size_t)left : STRIPE_LEN;

		ret = volume_read(v, at, n, 0, first, k->err);
		for (unsigned copy = 1; copy < copies && !ret; copy++) {
			ret = volume_read(v, at, n, copy, other, k->err);
			if (!ret && memcmp(first, other, n) != 0)
				ret = wrong(k->err, "copy %u of %" PRIu64 " differs", copy, at);
		}
	}
	free(first);
	return ret;
}

static int check_new(struct checking *k, uint64_t bytenr, uint64_t length)
{
	int ret = check_place(k, bytenr, length);

	return ret ? ret : check_copies(k, bytenr, length);
}

/* Every new block, those of trees too that are walked by nobody here. */
static int check_block(void *arg, struct block *b, struct fsr_error *err)
{
	struct checking *k = arg;
	const struct block_want want = {.bytenr = b->bytenr,
		.generation = k->c->trans.generation,
		.owner = block_owner(b->data),
		.level = block_level(b->data)};
	uint8_t *buffer = malloc(k->fs->volume->fs.nodesize);
	struct fsr_error why;
	int ret;

	if (!buffer)
		return fsr_fail_nomem(err);
	ret = tree_read_block(k->fs->volume, &want, buffer, &why);
	free(buffer);
	if (ret)
		return wrong_because(err, &why);
	return check_new(k, b->bytenr, k->fs->volume->fs.nodesize);
}

static int check_caches_extents(struct checking *k)
{
	const struct trans *t = &k->c->trans;
	int ret = 0;

	for (size_t i = 0; i < t->ngroups && !ret; i++)
		if (t->groups[i].extent_there)
			ret = check_new(k, t->groups[i].result.cache_bytenr, t->groups[i].result.cache_bytes);
	return ret;
}

static int check_groups(struct checking *k)
{
	struct fsr_error why;
	int ret;

	if (k->fs->ngroups != k->c->trans.ngroups)
		return wrong(k->err, "%zu block groups", k->fs->ngroups);
	ret = commit_judge(k->c, k->fs, take_group, k, &why);
	if (k->ret)
		return k->ret;
	if (ret)
		*k->err = why;
	return ret;
}

static int check_all(struct checking *k)
{
	int ret = check_super(k);

	if (!ret)
		ret = trans_begin(&k->after, k->fs, k->c->options, k->err);
	if (!ret)
		ret = check_groups(k);
	if (!ret)
		ret = check_findings(k);
	if (!ret)
		ret = check_caches_extents(k);
	if (!ret)
		ret = block_each(&k->c->trans, check_block, k, k->err);
	trans_free(&k->after);
	return ret;
}

int commit_check(struct commit *c, struct fsr_error *err)
{
	struct checking k = {.c = c, .err = err};
	struct source **sources;
	int ret = device_set_sources(c->set, &sources, err);

	if (!ret)
		ret = fs_open_sources(sources, c->set->count, &k.fs, err);
	if (ret)
		return ret;
	cursor_init(&k.before, c->trans.volume, &c->trans.fs->extent_root);
	ret = check_all(&k);
	cursor_free(&k.before);
	fsr_close(k.fs);
	return ret;
}
