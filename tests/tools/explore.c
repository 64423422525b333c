/* SPDX-License-Identifier: MIT */
/*
 * explore IMAGE...: asks the library everything about a filesystem that can be asked of any image, however
 * damaged, and checks that the answers agree with each other. Exit 0 they do, 1 they don't (said on
 * stdout), 2 the filesystem can't be opened.
 */
#include "../../libfsread/fsread.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 4u       /* of tree blocks followed by their pointers: damaged ones may lead anywhere */
#define BLOCKS_MAX 2000u   /* looked at in one tree */
#define GROUPS_MAX 100000u /* more are not looked at one by one */

static struct fsr_fs *fs;
static int wrong;

#define EXPECT(condition, ...)                                                                               \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			wrong = 1;                                                                           \
			printf(__VA_ARGS__);                                                                 \
			putchar('\n');                                                                       \
		}                                                                                            \
	} while (0)

/* ---- the outline against the judgement */

static struct fsr_group *early;
static size_t count;

static int keep_group(void *arg, const struct fsr_group *group)
{
	struct fsr_finding *findings = calloc(group->nfindings + 1, sizeof *findings);
	struct fsr_group *grown = realloc(early, (count + 1) * sizeof *early);

	(void)arg;
	if (!grown || !findings)
		exit(2);
	early = grown;
	if (group->nfindings)
		memcpy(findings, group->findings, group->nfindings * sizeof *findings);
	early[count] = *group;
	early[count++].findings = findings;
	return 0;
}

static bool has_finding(const struct fsr_group *group, const struct fsr_finding *f)
{
	for (size_t i = 0; i < group->nfindings; i++)
		if (group->findings[i].code == f->code && group->findings[i].severity == f->severity &&
			!strcmp(group->findings[i].message, f->message))
			return true;
	return false;
}

static int compare_group(void *arg, const struct fsr_group *late)
{
	const struct fsr_group *e = &early[late->index];

	(void)arg;
	EXPECT(e->bytenr == late->bytenr && e->used == late->used && e->has_cache == late->has_cache,
		"outline of %" PRIu64 ": other facts", late->bytenr);
	for (size_t i = 0; i < e->nfindings; i++)
		EXPECT(has_finding(late, &e->findings[i]), "outline of %" PRIu64 ": takes back '%s'",
			late->bytenr, e->findings[i].message);
	if (!e->pending)
		EXPECT((e->state == late->state || late->state == FSR_STATE_UNKNOWN) &&
				e->verdict == late->verdict && e->step == late->step &&
				e->reason == late->reason &&
				e->verdict_if_trusted == late->verdict_if_trusted,
			"outline of %" PRIu64 ": state %d verdict %d step %d reason %d, then %d %d %d %d",
			late->bytenr, e->state, e->verdict, e->step, e->reason, late->state, late->verdict,
			late->step, late->reason);
	return 0;
}

/* ---- spans */

struct spans {
	uint64_t start, end, at[5], bytes[5];
};

static int take_span(void *arg, const struct fsr_span *span)
{
	struct spans *s = arg;

	EXPECT(span->length && span->bytenr >= s->start && span->bytenr < s->end &&
			span->length <= s->end - span->bytenr,
		"span %" PRIu64 "+%" PRIu64 " of %" PRIu64 ": outside", span->bytenr, span->length, s->start);
	EXPECT(span->bytenr >= s->at[span->kind], "span %" PRIu64 " of %" PRIu64 ": out of order",
		span->bytenr, s->start);
	s->at[span->kind] = span->bytenr + span->length;
	s->bytes[span->kind] += span->length;
	return 0;
}

static int count_difference(void *arg, const struct fsr_diff_range *range)
{
	*(uint64_t *)arg += range->length;
	return 0;
}

static void explore_group(const struct fsr_group *g)
{
	struct spans s = {.start = g->bytenr, .end = g->bytenr + g->length};
	struct fsr_group record;
	struct fsr_cache *cache;
	struct fsr_error err;
	uint64_t bytes = 0;

	if (fsr_spans(fs, g->bytenr, &record, take_span, &s, &err)) {
		EXPECT(false, "spans of %" PRIu64 ": %s", g->bytenr, err.text);
		return;
	}
	EXPECT(s.bytes[FSR_SPAN_UNKNOWN] == (record.has_recomputed ? 0 : g->length),
		"spans of %" PRIu64 ": unknown", g->bytenr);
	EXPECT(!record.has_recomputed || s.bytes[FSR_SPAN_USED] <= g->length - record.recomputed_free_bytes,
		"spans of %" PRIu64 ": in use", g->bytenr);
	EXPECT(!fsr_diff(fs, g->bytenr, count_difference, &bytes, &err), "differences of %" PRIu64,
		g->bytenr);
	EXPECT(s.bytes[FSR_SPAN_EXCESS] + s.bytes[FSR_SPAN_MISSING] <= bytes,
		"spans of %" PRIu64 ": more differences than there are", g->bytenr);
	if (!fsr_cache_open(fs, g->bytenr, &cache, &err))
		fsr_cache_free(cache);
}

/* ---- trees */

static unsigned blocks;

static int next_label(void *arg, const struct fsr_label *label)
{
	unsigned *at = arg;

	EXPECT(label->byte == *at && label->length, "a label at %u, not at %u", label->byte, *at);
	*at = label->byte + label->length;
	return 0;
}

static void explore_block(uint64_t bytenr, unsigned depth)
{
	struct fsr_pointer pointer;
	struct fsr_holder holder;
	struct fsr_block *block;
	struct fsr_item item;
	unsigned at = 0, n = 0;

	if (depth > DEPTH_MAX || ++blocks > BLOCKS_MAX ||
		fsr_block_open(fs, bytenr, FSR_ANY_COPY, &block, NULL))
		return;
	EXPECT(block->lawful == !*block->problem, "block %" PRIu64 ": '%s'", bytenr, block->problem);
	fsr_block_labels(block, next_label, &at);
	EXPECT(at == block->size, "block %" PRIu64 ": labelled up to %u", bytenr, at);
	while (fsr_block_item(block, n, &item))
		n++;
	for (; fsr_block_pointer(block, n, &pointer); n++)
		explore_block(pointer.bytenr, depth + 1);
	EXPECT(n == (block->lawful ? block->nritems : 0), "block %" PRIu64 ": %u items", bytenr, n);
	fsr_holder_at(fs, bytenr, &holder, NULL);
	fsr_block_free(block);
}

static int count_item(void *arg, const struct fsr_item *item)
{
	(void)item;
	++*(uint64_t *)arg;
	return 0;
}

static int explore_tree(void *arg, const struct fsr_tree *tree)
{
	static const struct fsr_key keys[] = {
		{0, 0, 0}, {256, 1, 0}, {UINT64_C(30457856), 168, 0}, {UINT64_MAX, 255, UINT64_MAX}};
	struct fsr_tree found;
	struct fsr_error err;
	struct fsr_path path;
	uint64_t n = 0;
	char name[24];

	(void)arg;
	snprintf(name, sizeof name, "%" PRIu64, tree->objectid);
	EXPECT(!fsr_tree_find(fs, name, &found, &err) && found.bytenr == tree->bytenr &&
			found.generation == tree->generation && found.level == tree->level,
		"tree %s is listed, but found elsewhere", name);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!fsr_tree_seek(fs, tree, &keys[i], &path, &err))
			EXPECT(path.bytenr[tree->level] == tree->bytenr, "tree %s: a way from elsewhere",
				name);
	fsr_tree_range(fs, name, &keys[1], &keys[2], count_item, &n, &err);
	blocks = 0;
	explore_block(tree->bytenr, 0);
	return 0;
}

int main(int argc, char **argv)
{
	struct fsr_error err;

	if (argc < 2 || fsr_open(&fs, (const char *const *)argv + 1, (size_t)argc - 1, NULL, &err))
		return 2;
	EXPECT(!fsr_outline(fs, keep_group, NULL, &err), "no outline: %s", err.text);
	EXPECT(!fsr_judge(fs, NULL, compare_group, NULL, &err), "no judgement: %s", err.text);
	for (size_t i = 0; i < count && i < GROUPS_MAX; i++)
		explore_group(&early[i]);
	EXPECT(!fsr_trees(fs, explore_tree, NULL, &err), "no trees: %s", err.text);
	for (size_t i = 0; i < count; i++)
		free((void *)early[i].findings);
	free(early);
	fsr_close(fs);
	return wrong;
}
