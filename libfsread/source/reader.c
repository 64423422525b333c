/* SPDX-License-Identifier: MIT */
/* Getting data out of an archive that may lie: bounded, stoppable, and with one sentence when it fails. */
#include "archive.h"

#define PROGRESS_STEP (4 * MIB)

bool reader_goes_on(struct reader *r, uint64_t bytes)
{
	const struct fsr_open_options *o = r->options;

	r->since_progress += bytes;
	if (r->since_progress >= PROGRESS_STEP && o->progress && !r->stopped) {
		r->since_progress = 0;
		r->stopped = o->progress(o->progress_arg, "unpacking", r->position, r->base->size) != 0;
	}
	return !r->stopped;
}

int reader_fail(struct reader *r, const char *member, struct fsr_error *err)
{
	const char *why = archive_error_string(r->archive);

	if (r->stopped)
		return fsr_fail(
			err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped while unpacking " NAME, r->base->name);
	if (r->read_error.code) {
		if (err)
			*err = r->read_error;
		return r->read_error.code;
	}
	if (!why)
		why = "damaged data";
	if (member && !reader_is_single(r))
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			"cannot unpack member '%.120s' of '%.120s', it is damaged or cut: %.120s", member,
			r->base->name, why);
	return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
		"cannot unpack " NAME ", it is damaged or cut: %.120s", r->base->name, why);
}

int reader_next_block(struct reader *r, const char *member, const uint8_t **data, size_t *length,
	uint64_t *offset, struct fsr_error *err)
{
	const void *block;
	la_int64_t at = 0;
	int a;

	do
		a = archive_read_data_block(r->archive, &block, length, &at);
	while (a == ARCHIVE_RETRY && reader_goes_on(r, MIB));
	*data = block;
	*offset = at < 0 ? 0 : (uint64_t)at;
	if (a == ARCHIVE_EOF)
		return ARCHIVE_EOF;
	if (a < ARCHIVE_WARN || at < 0 || !reader_goes_on(r, *length))
		return reader_fail(r, member, err);
	return 0;
}

/* Without compression the rest is stepped over by seeking. */
static bool skips_cheaply(const struct reader *r)
{
	return archive_filter_count(r->archive) == 1 &&
	       (archive_format(r->archive) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_7ZIP;
}

int reader_pass_over(struct reader *r, const char *member, struct fsr_error *err)
{
	const uint8_t *data;
	uint64_t offset;
	size_t length;
	int e;

	if (skips_cheaply(r))
		return archive_read_data_skip(r->archive) < ARCHIVE_WARN ? reader_fail(r, member, err) : 0;
	while (!(e = reader_next_block(r, member, &data, &length, &offset, err))) {
		if (length > r->passed_over_left)
			return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
				"what " NAME
				" holds beside the filesystem is larger than the limit for unpacking",
				r->base->name);
		r->passed_over_left -= length;
	}
	return e == ARCHIVE_EOF ? 0 : e;
}
