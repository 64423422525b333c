/* SPDX-License-Identifier: MIT */
/*
 * What lies on one stripe of a RAID5 or RAID6 row, computed from the others. P is the sum of the row's data
 * in GF(2^8), which is their exclusive or, Q the sum of data j times 2^j (D1).
 */
#include "gf.h"
#include "raid.h"

#include "../format/error.h"

#include <stdlib.h>

/* As much of each stripe is held at a time; three pieces are, whatever the number of stripes. */
#define PIECE ((size_t)(16 * KIB))

/* One rebuild of a piece: sums over everything that could be read. */
struct rebuild {
	struct volume *volume;
	const struct chunk *chunk;
	uint64_t offset; /* of the wanted bytes in the chunk */
	size_t length;
	uint8_t *p, *q, *piece;
	int wanted, lost; /* data numbers; lost: one more that can't be read, -1 */
	unsigned copy;
	bool through_p, bears_loss; /* of one stripe beside the wanted: with P and Q both */
};

static unsigned data_number(const struct rebuild *r)
{
	return (unsigned)(r->offset / STRIPE_LEN % chunk_data_stripes(r->chunk));
}

/* Member j of the row into r->piece: data, then P, then Q. */
static int read_member(const struct rebuild *r, unsigned j, struct fsr_error *err)
{
	unsigned data = chunk_data_stripes(r->chunk);
	uint64_t row = r->offset / STRIPE_LEN / data, start = r->offset - r->offset % (STRIPE_LEN * data);
	struct place place = chunk_place(r->chunk, start, 0);

	place.stripe = (unsigned)((row + j) % r->chunk->num_stripes);
	place.within += r->offset % STRIPE_LEN;
	return stripe_read(
		r->volume, r->chunk, &place, r->chunk->start + r->offset, r->length, r->piece, err);
}

/* The data that this copy does without, beside the wanted; -1: none. */
static int avoided(const struct rebuild *r)
{
	int j = (int)r->chunk->num_stripes - (int)r->copy;

	if (r->copy < 3)
		return -1;
	return j <= r->wanted ? j - 1 : j;
}

/* Sums up all data of the row but the wanted; one that can't be read is borne where there is a Q. */
static int sum_data(struct rebuild *r, struct fsr_error *err)
{
	for (unsigned j = chunk_data_stripes(r->chunk); j-- > 0;) {
		bool skip = (int)j == r->wanted || (int)j == r->lost;
		int ret = skip ? 1 : read_member(r, j, err);

		if (ret < 0 && (r->lost >= 0 || !r->bears_loss))
			return ret;
		if (ret < 0)
			r->lost = (int)j;
		gf_double(r->q, r->length);
		if (ret)
			continue;
		gf_add(r->p, r->piece, r->length);
		gf_add(r->q, r->piece, r->length);
	}
	return 0;
}

static int add_parity(struct rebuild *r, unsigned j, uint8_t *sum, struct fsr_error *err)
{
	int ret = read_member(r, j, err);

	if (!ret)
		gf_add(sum, r->piece, r->length);
	return ret;
}

/*
 * With p = wanted + lost and q = 2^wanted * wanted + 2^lost * lost. The powers of two repeat after 255, which
 * no chunk of Linux comes near.
 */
static int solve_two(struct rebuild *r, struct fsr_error *err)
{
	uint8_t a = gf_power((unsigned)r->wanted), b = gf_power((unsigned)r->lost);

	if (a == b)
		return fsr_fail(err, FSR_E_CORRUPT, 0, r->chunk->start + r->offset,
			"chunk %llu has too many stripes to rebuild two of them",
			(unsigned long long)r->chunk->start);
	gf_scale(r->p, r->length, b);
	gf_add(r->p, r->q, r->length);
	gf_scale(r->p, r->length, gf_inverse(a ^ b));
	return 0;
}

/* From q = 2^wanted * wanted. */
static void solve_by_q(struct rebuild *r)
{
	memcpy(r->p, r->q, r->length);
	gf_scale(r->p, r->length, gf_inverse(gf_power((unsigned)r->wanted)));
}

/* The wanted bytes end up in r->p. */
static int solve(struct rebuild *r, struct fsr_error *err)
{
	unsigned data = chunk_data_stripes(r->chunk);
	int ret = sum_data(r, err);

	if (!ret && r->through_p)
		ret = add_parity(r, data, r->p, err);
	if (ret || (r->through_p && r->lost < 0))
		return ret;
	ret = add_parity(r, data + 1, r->q, err);
	if (ret)
		return ret;
	if (r->lost >= 0)
		return solve_two(r, err);
	solve_by_q(r);
	return 0;
}

static int rebuild_piece(struct rebuild *r, uint8_t *buffer, struct fsr_error *err)
{
	int ret;

	memset(r->p, 0, r->length);
	memset(r->q, 0, r->length);
	r->wanted = (int)data_number(r);
	r->lost = avoided(r);
	ret = solve(r, err);
	if (!ret)
		memcpy(buffer, r->p, r->length);
	return ret;
}

int raid_rebuild(struct volume *volume, const struct chunk *chunk, uint64_t offset, unsigned copy,
	size_t length, uint8_t *buffer, struct fsr_error *err)
{
	bool both = chunk->type & BLOCK_GROUP_RAID6 && copy == 1;
	struct rebuild r = {
		.volume = volume, .chunk = chunk, .copy = copy, .through_p = copy != 2, .bears_loss = both};
	uint8_t *memory = malloc(3 * PIECE);
	int ret = 0;

	if (!memory)
		return fsr_fail_nomem(err);
	r.p = memory;
	r.q = memory + PIECE;
	r.piece = memory + 2 * PIECE;
	for (size_t done = 0; done < length && !ret; done += r.length) {
		r.offset = offset + done;
		r.length = length - done < PIECE ? length - done : PIECE;
		ret = rebuild_piece(&r, buffer + done, err);
	}
	free(memory);
	return ret;
}
