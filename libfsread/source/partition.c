/* SPDX-License-Identifier: MIT */
/* Partition tables, as libblkid reads them. */
#include "parts.h"

#include <blkid.h>
#include <stdio.h>
#include <unistd.h>

#define BLKID_UNIT UINT64_C(512) /* libblkid counts starts and sizes in these, whatever the sector size */

struct partition {
	unsigned number;
	uint64_t start, length;
	bool btrfs;
};

#define MAX_PARTITIONS 256u

struct table {
	unsigned count;
	bool cut; /* a partition reaches beyond the end of the image */
	struct partition partitions[MAX_PARTITIONS];
};

static void take_partition(struct table *table, blkid_partition p, struct source *base)
{
	blkid_loff_t start = blkid_partition_get_start(p), size = blkid_partition_get_size(p);
	struct partition *new = &table->partitions[table->count];
	int number = blkid_partition_get_partno(p);
	uint64_t units = base->size / BLKID_UNIT;

	if (number <= 0 || start <= 0 || size <= 0)
		return;
	if ((uint64_t)start >= units || (uint64_t)size > units - (uint64_t)start)
		table->cut = true;
	new->number = (unsigned)number;
	new->start = (uint64_t)start < units ? (uint64_t)start *BLKID_UNIT : base->size;
	new->length = base->size - new->start;
	if ((uint64_t)size < new->length / BLKID_UNIT)
		new->length = (uint64_t)size *BLKID_UNIT;
	new->btrfs = is_btrfs_at(base, new->start, new->length);
	table->count++;
}

static void read_list(struct table *table, blkid_probe probe, struct source *base)
{
	blkid_partlist list = blkid_probe_get_partitions(probe);
	int n = list ? blkid_partlist_numof_partitions(list) : 0;

	for (int i = 0; i < n && table->count < MAX_PARTITIONS; i++)
		take_partition(table, blkid_partlist_get_partition(list, i), base);
}

/* Reads the table as one of a disk with sectors of this size. */
static int read_table(struct table *table, struct source *base, unsigned sector, struct fsr_error *err)
{
	bool own = false;
	int fd = table_fd(base, &own, err);
	blkid_probe probe = fd < 0 ? NULL : blkid_new_probe();

	table->count = 0;
	table->cut = false;
	if (fd < 0)
		return fd;
	if (probe && blkid_probe_set_device(probe, fd, 0, (blkid_loff_t)base->size) == 0 &&
		blkid_probe_set_sectorsize(probe, sector) == 0) {
		blkid_probe_enable_superblocks(probe, 0);
		blkid_probe_enable_partitions(probe, 1);
		read_list(table, probe, base);
	}
	blkid_free_probe(probe);
	if (own)
		close(fd);
	return probe ? 0 : fsr_fail_nomem(err);
}

/* "1, 2, 5" of the partitions with btrfs, or of all. */
static void list_numbers(const struct table *table, bool all, char *text, size_t room)
{
	size_t n = 0;

	text[0] = 0;
	for (unsigned i = 0; i < table->count && n + 16 < room; i++)
		if (all || table->partitions[i].btrfs)
			n += (size_t)snprintf(
				text + n, room - n, "%s%u", n ? ", " : "", table->partitions[i].number);
}

static const char *cut_note(const struct table *table)
{
	return table->cut ? "; the image ends before its partitions do" : "";
}

/* The choosing functions answer with the index of a partition. */
static int choose_btrfs(const struct table *table, const struct source *base, struct fsr_error *err)
{
	int found = 0, chosen = 0;
	char numbers[128];

	for (unsigned i = 0; i < table->count; i++) {
		if (!table->partitions[i].btrfs)
			continue;
		chosen = (int)i;
		found++;
	}
	if (found == 1)
		return chosen;
	list_numbers(table, !found, numbers, sizeof numbers);
	if (found)
		return fsr_fail(err, FSR_E_AMBIGUOUS, 0, FSR_NO_BYTENR,
			NAME " has btrfs in partitions %s; choose one with --partition", base->name, numbers);
	if (table->count)
		return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
			"no btrfs in " NAME ", neither at its start nor in its partitions (%s)%s", base->name,
			numbers, cut_note(table));
	return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
		"no btrfs in " NAME ": no superblock, no partition table and no archive that holds one",
		base->name);
}

static int choose_number(
	const struct table *table, const struct source *base, unsigned number, struct fsr_error *err)
{
	char numbers[128];

	for (unsigned i = 0; i < table->count; i++) {
		if (table->partitions[i].number != number)
			continue;
		if (table->partitions[i].btrfs)
			return (int)i;
		return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
			"no btrfs in partition %u of " NAME "%s", number, base->name, cut_note(table));
	}
	list_numbers(table, true, numbers, sizeof numbers);
	return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, NAME " has no partition %u (it has: %s)",
		base->name, number, *numbers ? numbers : "none");
}

/* libblkid takes no GPT of a disk that is larger than the image; say so where that is the reason. */
static int check_cut(struct source *base, unsigned sector, struct fsr_error *err)
{
	uint8_t header[40];
	uint64_t last, disk;

	if (source_read(base, header, sizeof header, sector, NULL) || memcmp(header, "EFI PART", 8))
		return 0;
	last = get64(header + 32);
	if (last >= INT64_MAX / sector || last < base->size / sector)
		return 0;
	disk = (last + 1) * sector;
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " ends at byte %llu, but its partition table is of a disk of %llu bytes; "
		     "--offset takes a filesystem without the table",
		base->name, (unsigned long long)base->size, (unsigned long long)disk);
}

int find_partition(struct source *base, unsigned number, struct source **out, struct fsr_error *err)
{
	struct table table;
	int r;

	r = read_table(&table, base, 512, err);
	/* A table of a disk with 4 KiB sectors looks like none at all through 512-byte ones. */
	if (!r && !table.count)
		r = read_table(&table, base, 4096, err);
	if (!r && !table.count)
		r = check_cut(base, 512, err);
	if (!r && !table.count)
		r = check_cut(base, 4096, err);
	if (r)
		return r;
	r = number ? choose_number(&table, base, number, err) : choose_btrfs(&table, base, err);
	if (r < 0)
		return r;
	*out = window_open(base, table.partitions[r].start, table.partitions[r].length);
	return *out ? 0 : fsr_fail_nomem(err);
}
