/* SPDX-License-Identifier: MIT */
/* Tree blocks that were compared, as bits for sectors: sparse, as addresses on a damaged image can be
 * anything. */
#include "copies.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>

#define REGION_SECTORS 512u
#define WORD_BITS 64u

/* 512 sectors in a row, at least one of which was noted. */
struct region {
	uint64_t number; /* sector / REGION_SECTORS; what the tree is sorted by */
	uint64_t seen[REGION_SECTORS / WORD_BITS];
	uint64_t bad[REGION_SECTORS / WORD_BITS]; /* seen, and a copy failed or differed */
};

struct copy_set {
	pthread_mutex_t lock;
	struct fsr_copy_counts counts;
	void *regions; /* of tsearch() */
};

static int compare_regions(const void *a, const void *b)
{
	const struct region *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

struct copy_set *copy_set_new(void)
{
	struct copy_set *set = calloc(1, sizeof *set);

	if (set)
		pthread_mutex_init(&set->lock, NULL);
	return set;
}

void copy_set_free(struct copy_set *set)
{
	if (!set)
		return;
	tdestroy(set->regions, free);
	pthread_mutex_destroy(&set->lock);
	free(set);
}

static struct region *find_region(struct copy_set *set, uint64_t sector)
{
	const struct region key = {.number = sector / REGION_SECTORS};
	struct region *const *found = tfind(&key, &set->regions, compare_regions);

	return found ? *found : NULL;
}

static struct region *make_region(struct copy_set *set, uint64_t sector)
{
	struct region *region = find_region(set, sector);

	if (region)
		return region;
	region = calloc(1, sizeof *region);
	if (!region)
		return NULL;
	region->number = sector / REGION_SECTORS;
	if (tsearch(region, &set->regions, compare_regions))
		return region;
	free(region);
	return NULL;
}

static bool get_bit(const uint64_t *words, uint64_t sector)
{
	unsigned bit = sector % REGION_SECTORS;

	return words[bit / WORD_BITS] >> bit % WORD_BITS & 1;
}

static void set_bit(uint64_t *words, uint64_t sector)
{
	unsigned bit = sector % REGION_SECTORS;

	words[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

bool copy_set_alike(struct copy_set *set, uint64_t sector)
{
	const struct region *region;
	bool alike;

	pthread_mutex_lock(&set->lock);
	region = find_region(set, sector);
	alike = region && get_bit(region->seen, sector) && !get_bit(region->bad, sector);
	pthread_mutex_unlock(&set->lock);
	return alike;
}

int copy_set_note(struct copy_set *set, uint64_t sector, const struct fsr_copy_counts *counts)
{
	struct region *region;

	pthread_mutex_lock(&set->lock);
	region = make_region(set, sector);
	if (region) {
		if (!get_bit(region->seen, sector))
			copy_counts_add(&set->counts, counts);
		set_bit(region->seen, sector);
		if (counts->differing || counts->failing)
			set_bit(region->bad, sector);
	}
	pthread_mutex_unlock(&set->lock);
	return region ? 0 : FSR_E_NOMEM;
}

void copy_set_count(struct copy_set *set, const struct fsr_copy_counts *counts)
{
	pthread_mutex_lock(&set->lock);
	copy_counts_add(&set->counts, counts);
	pthread_mutex_unlock(&set->lock);
}

struct fsr_copy_counts copy_set_counts(struct copy_set *set)
{
	struct fsr_copy_counts counts;

	pthread_mutex_lock(&set->lock);
	counts = set->counts;
	pthread_mutex_unlock(&set->lock);
	return counts;
}
