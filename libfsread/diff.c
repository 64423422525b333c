/* SPDX-License-Identifier: MIT */
/* fsr_diff(): every difference of one block group, with what the extent tree holds there. */
#include "format/error.h"
#include "space/judge.h"

struct diff {
	struct fsr_fs *fs;
	struct cursor holders;
	uint64_t block_group;
	fsr_diff_fn fn;
	void *arg;
	struct fsr_error *err;
	int ret;
};

static int give(
	struct diff *d, uint64_t start, uint64_t end, bool excess, bool v2, const struct fsr_holder *holder)
{
	struct fsr_diff_range range = {
		.block_group = d->block_group,
		.bytenr = start,
		.length = end - start,
		.excess = excess,
		.free_space_tree = v2,
	};

	if (holder)
		range.holder = *holder;
	if (!d->fn(d->arg, &range))
		return 0;
	return d->ret = fsr_fail(d->err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
}

/* Cuts an excess range where one holder ends and the next begins. */
static int give_excess(struct diff *d, uint64_t start, uint64_t end, bool v2)
{
	while (start < end && !d->ret) {
		struct fsr_holder holder = {0};
		uint64_t until = end, holder_end;
		int found = find_holder(d->fs, &d->holders, start, end, &holder, d->err);

		if (found < 0)
			return d->ret = found;
		if (found == CURSOR_ITEM && holder.bytenr > start) {
			until = holder.bytenr; /* nothing there: a super stripe, or outside the block group */
			give(d, start, until, true, v2, NULL);
		} else if (found == CURSOR_ITEM) {
			holder_end = holder.bytenr + holder.length;
			until = holder_end < end && holder_end > start ? holder_end : end;
			give(d, start, until, true, v2, &holder);
		} else {
			give(d, start, until, true, v2, NULL);
		}
		start = until;
	}
	return d->ret;
}

static int v1_difference(void *arg, uint64_t start, uint64_t end, bool excess)
{
	return excess ? give_excess(arg, start, end, false) : give(arg, start, end, false, false, NULL);
}

static int v2_difference(void *arg, uint64_t start, uint64_t end, bool excess)
{
	return excess ? give_excess(arg, start, end, true) : give(arg, start, end, false, true, NULL);
}

int fsr_diff(struct fsr_fs *fs, uint64_t block_group, fsr_diff_fn fn, void *arg, struct fsr_error *err)
{
	const struct group_facts *group = find_group(fs, block_group);
	struct fsr_error ignored = {0};
	struct diff d = {
		.fs = fs, .block_group = block_group, .fn = fn, .arg = arg, .err = err ? err : &ignored};
	struct fsr_group record;
	struct judge j;
	int ret;

	if (!group)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, block_group, "no block group begins at %llu",
			(unsigned long long)block_group);
	judge_init(&j, fs);
	cursor_init(&d.holders, fs->volume, &fs->extent_root);
	ret = judge_group(&j, (size_t)(group - fs->groups), &record, d.err);
	if (!ret)
		ret = judge_differences(&j, &record, v1_difference, v2_difference, &d, d.err);
	cursor_free(&d.holders);
	judge_free(&j);
	return ret ? ret : d.ret;
}
