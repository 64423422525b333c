/* SPDX-License-Identifier: MIT */
/* The copies of a cache: reading them all, and which of them count. */
#include "../format/error.h"
#include "judge.h"

static bool same_pages(const struct page_set *a, const struct page_set *b)
{
	size_t bytes = (size_t)a->count * a->size;

	return a->count == b->count && !memcmp(a->bad, b->bad, a->count) && !memcmp(a->data, b->data, bytes);
}

int read_first_copy(struct judge *j, unsigned copies, struct fsr_error *err)
{
	for (j->first = 0; j->first < copies; j->first++) {
		if (page_set_read(j->fs, j->inode, j->first, &j->pages, err))
			return err->code;
		if (!page_set_absent(&j->pages))
			return 0;
	}
	j->first = 0;
	return page_set_read(j->fs, j->inode, 0, &j->pages, err);
}

static int judge_other(
	struct judge *j, unsigned i, const struct copy_judgement *before, struct fsr_error *err)
{
	struct copy_judgement *copy = &j->copy[i];
	struct fsr_copy_counts counts = {0};

	if (page_set_read(j->fs, j->inode, i, &j->other, err))
		return err->code;
	*copy = j->copy[j->first];
	copy->absent = page_set_absent(&j->other);
	if (copy->absent || same_pages(&j->pages, &j->other))
		return 0; /* of an absent one Linux reads another: it can't differ from what is unknown */
	j->ncopies = i + 1;
	compare_pages(j, &j->other, i, &counts);
	*copy = *before;
	return judge_copy(j, &j->other, &j->other_content, copy, err);
}

/* Copies that can't be known for want of their device are told from those that were looked at. */
static void mark_absent(struct judge *j, unsigned copies)
{
	if (j->ncopies < 2)
		return;
	j->ncopies = copies;
	for (unsigned i = 0; i < copies; i++) {
		if (!j->copy[i].absent)
			continue;
		j->copy[i].verdict = FSR_VERDICT_UNKNOWN;
		j->copy[i].step = 11;
	}
}

int judge_copies(struct judge *j, const struct copy_judgement *before, struct fsr_error *err)
{
	unsigned copies = page_copies(j->fs, j->inode->ino);
	int ret = read_first_copy(j, copies, err);

	for (unsigned i = 0; i < copies; i++)
		j->copy[i] = *before;
	if (!ret)
		ret = judge_copy(j, &j->pages, &j->content, &j->copy[j->first], err);
	for (unsigned i = 0; i < j->first && !ret; i++)
		j->copy[i].absent = true;
	for (unsigned i = j->first + 1; i < copies && !ret; i++)
		ret = judge_other(j, i, before, err);
	if (!ret)
		mark_absent(j, copies);
	return ret;
}

int load_read_copy(struct judge *j, struct fsr_error *err)
{
	struct copy_judgement again = {.format = '?'};

	if (j->read == j->first)
		return 0;
	if (page_set_read(j->fs, j->inode, j->read, &j->pages, err))
		return err->code;
	return judge_copy(j, &j->pages, &j->content, &again, err);
}

/* Of two mirrors Linux may read any; of two copies on one device it reads the first, of a row with parity the
 * data. */
static bool reads_copy_0(const struct judge *j)
{
	const struct chunk *chunk;
	uint64_t bytenr;

	if (!page_bytenr(j->fs, j->inode->ino, 0, &bytenr))
		return false;
	chunk = volume_find_chunk(j->fs->volume, bytenr);
	return chunk && (chunk->type & BLOCK_GROUP_DUP || chunk_has_parity(chunk));
}

void pick_copies(struct judge *j)
{
	j->worst = j->first;
	for (unsigned i = 0; i < j->ncopies && j->ncopies > 1; i++)
		if (!j->copy[i].absent &&
			copy_severity(j, &j->copy[i]) > copy_severity(j, &j->copy[j->worst]))
			j->worst = i;
	j->read = j->ncopies > 1 && reads_copy_0(j) ? j->first : j->worst;
}
