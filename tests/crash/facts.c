/* SPDX-License-Identifier: MIT */
/* Everything that the library says of a filesystem, as text: two filesystems are the same where it is. */
#include "crash.h"

#include "../../libfsread/format/btrfs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Superblocks that differ are what a crash between them leaves. Their findings are judged by severity alone.
 */
static bool about_supers(const struct fsr_finding *f)
{
	switch (f->code) {
	case FSR_FINDING_SUPER_MIRROR:
	case FSR_FINDING_SUPER_PRIMARY:
	case FSR_FINDING_SUPER_DIFFERS:
		return true;
	default:
		return f->code == FSR_FINDING_DEVICE_DIFFERS && f->severity == FSR_SEVERITY_WARNING;
	}
}

static void write_finding(FILE *out, const struct fsr_finding *f)
{
	fprintf(out, "finding %s %s %" PRIu64 " %s\n", fsr_finding_info(f->code)->name,
		fsr_severity_name(f->severity), f->block_group, f->message);
}

static void write_filesystem(FILE *out, const struct fsr_filesystem *fs)
{
	fprintf(out, "generation %" PRIu64 " cache %" PRIu64 " kind %d used %" PRIu64 " of %" PRIu64 "\n",
		fs->generation, fs->cache_generation, (int)fs->space_cache, fs->bytes_used, fs->total_bytes);
	fprintf(out, "root %" PRIu64 "/%u chunk %" PRIu64 "/%u of %" PRIu64 " log %" PRIu64 "/%u\n", fs->root,
		fs->root_level, fs->chunk_root, fs->chunk_root_level, fs->chunk_root_generation, fs->log_root,
		fs->log_root_level);
	fprintf(out, "flags %" PRIx64 " %" PRIx64 " %" PRIx64 " devices %" PRIu64 " label %s\n",
		fs->compat_flags, fs->compat_ro_flags, fs->incompat_flags, fs->num_devices, fs->label);
}

static void write_cache(FILE *out, const struct fsr_cache_facts *c)
{
	fprintf(out, " inode %" PRIu64 " stamps %" PRIu64 " %d:%" PRIu64 " %d:%" PRIu64, c->inode,
		c->generation, c->has_inode_generation, c->inode_generation, c->has_page_generation,
		c->page_generation);
	fprintf(out,
		" entries %" PRIu64 " bitmaps %" PRIu64 " pages %" PRIu64 " bytes %" PRIu64 " %d:%" PRIu64,
		c->entries, c->bitmaps, c->pages, c->declared_bytes, c->has_ranges, c->ranges_bytes);
}

static int write_group(void *arg, const struct fsr_group *g)
{
	FILE *out = arg;

	fprintf(out,
		"group %" PRIu64 "+%" PRIu64 " flags %" PRIx64 " item %d used %" PRIu64 " excluded %" PRIu64,
		g->bytenr, g->length, g->flags, g->has_item, g->used, g->excluded_bytes);
	fprintf(out, " %s %s %s step %d reason %d", fsr_state_name(g->state), fsr_verdict_name(g->verdict),
		fsr_verdict_name(g->verdict_if_trusted), g->step, (int)g->reason);
	if (g->has_cache)
		write_cache(out, &g->cache);
	for (unsigned i = 0; i < g->ncopies; i++)
		fprintf(out, " copy %" PRIu64 " %s %d", g->copies[i].devid,
			fsr_verdict_name(g->copies[i].verdict), g->copies[i].step);
	fprintf(out, " free %d:%" PRIu64 " in %" PRIu64, g->has_recomputed, g->recomputed_free_bytes,
		g->recomputed_ranges);
	fprintf(out, " relation %d +%" PRIu64 " -%" PRIu64 "\n", (int)g->relation, g->excess_bytes,
		g->missing_bytes);
	for (size_t i = 0; i < g->nfindings; i++)
		write_finding(out, &g->findings[i]);
	return 0;
}

struct tree_sum {
	uint64_t items;
	XXH3_state_t *hash;
};

static int add_item(void *arg, const struct fsr_item *item)
{
	struct tree_sum *sum = arg;
	uint64_t key[4] = {item->key.objectid, item->key.type, item->key.offset, item->size};

	sum->items++;
	XXH3_64bits_update(sum->hash, key, sizeof key);
	XXH3_64bits_update(sum->hash, item->data, item->size);
	return 0;
}

static void write_tree(FILE *out, struct fsr_fs *fs, const char *name)
{
	struct tree_sum sum = {0, XXH3_createState()};
	struct fsr_error err;
	int ret;

	if (!sum.hash)
		die("out of memory");
	XXH3_64bits_reset(sum.hash);
	ret = fsr_tree_walk(fs, name, add_item, &sum, &err);
	fprintf(out, "tree %s: answer %d, %" PRIu64 " items, %016llx\n", name, ret, sum.items,
		(unsigned long long)XXH3_64bits_digest(sum.hash));
	XXH3_freeState(sum.hash);
}

static void write_findings(FILE *out, struct fsr_fs *fs, struct facts *facts)
{
	const struct fsr_finding *list;
	size_t n = fsr_findings(fs, &list);

	for (size_t i = 0; i < n; i++) {
		if (!about_supers(&list[i]))
			write_finding(out, &list[i]);
		else if (list[i].severity > facts->mirror)
			facts->mirror = list[i].severity;
	}
}

struct roots {
	FILE *out;
	struct fsr_fs *fs;
};

/* Every tree that the root tree names. */
static int write_root(void *arg, const struct fsr_item *item)
{
	const struct roots *roots = arg;
	char name[24];

	if (item->key.type != KEY_ROOT_ITEM)
		return 0;
	snprintf(name, sizeof name, "%" PRIu64, item->key.objectid);
	write_tree(roots->out, roots->fs, name);
	return 0;
}

static void write_trees(FILE *out, struct fsr_fs *fs)
{
	struct roots roots = {out, fs};
	struct fsr_error err;
	int ret;

	write_tree(out, fs, "root");
	write_tree(out, fs, "chunk");
	write_tree(out, fs, "log");
	ret = fsr_tree_walk(fs, "root", write_root, &roots, &err);
	if (ret)
		fprintf(out, "roots not read: %d\n", ret);
	blocks_write(out, fs);
}

static void write_all(FILE *out, struct fsr_fs *fs, struct facts *facts)
{
	struct fsr_judge_options options = {.threads = 1};
	struct fsr_error err;
	int ret;

	write_filesystem(out, fsr_filesystem(fs));
	ret = fsr_judge(fs, &options, write_group, out, &err);
	if (ret)
		fprintf(out, "not judged: %d %s\n", ret, err.text);
	write_trees(out, fs);
	write_findings(out, fs, facts);
}

void facts_take(struct facts *facts, struct source **sources, size_t n)
{
	struct fsr_fs *fs = NULL;
	struct fsr_error err;
	size_t size;
	FILE *out;
	int ret;

	*facts = (struct facts){0};
	out = open_memstream(&facts->text, &size);
	if (!out)
		die("out of memory");
	ret = fs_open_sources(sources, n, &fs, &err);
	if (ret)
		fprintf(out, "not opened: %d %s\n", ret, err.text);
	else
		write_all(out, fs, facts);
	fsr_close(fs);
	if (fclose(out) != 0)
		die("out of memory");
}

void facts_free(struct facts *facts)
{
	free(facts->text);
	facts->text = NULL;
}

void facts_difference(const struct facts *have, const struct facts *want, char *out, size_t room)
{
	const char *a = have->text, *b = want->text;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n') {
			a += i + 1;
			b += i + 1;
			i = (size_t)-1;
		}
	snprintf(out, room, "'%.*s' instead of '%.*s'", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}
