/* SPDX-License-Identifier: MIT */
/*
 * A raw image in parts: NAME.001, NAME.002 and so on, beside each other; also from 000, and with two or four
 * digits. Every part stays open: their number is bounded by what the system allows a process, and a part that
 * is put in another's place meanwhile is never read.
 */
#include "containers.h"

#include "../format/csum.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct part {
	struct source *file;
	uint64_t start; /* in the image */
};

struct split_source {
	struct source source;
	unsigned count;
	struct part *parts;
};

/* ---- names */

/* "dir/NAME.001": everything up to and with the dot, and what the digits say. */
struct naming {
	size_t stem;
	unsigned digits, first;
};

/* The number of a suffix that is `digits` wide, or, above what those can say, wider. Four digits
 * at most bound the number of parts. */
static bool read_suffix(const char *text, unsigned digits, unsigned *number)
{
	size_t length = strspn(text, "0123456789");

	if (text[length] || length < digits || length > 4 || (length > digits && *text == '0'))
		return false;
	*number = (unsigned)strtoul(text, NULL, 10);
	return true;
}

/* Whether the path is named like a first part. */
static bool take_name(const char *path, struct naming *n)
{
	const char *dot = strrchr(path, '.');
	size_t digits = dot ? strlen(dot + 1) : 0;

	if (digits < 2 || digits > 4 || dot == path || dot[-1] == '/')
		return false;
	n->stem = (size_t)(dot + 1 - path);
	n->digits = (unsigned)digits;
	return read_suffix(dot + 1, n->digits, &n->first) && n->first <= 1;
}

static DIR *open_folder(const char *path, size_t length)
{
	char *folder = length ? strndup(path, length) : strdup(".");
	DIR *d = folder ? opendir(folder) : NULL;

	free(folder);
	return d;
}

/* The least and the highest number of those beside the first part that are named like it. */
static void find_range(const char *path, const struct naming *n, unsigned *least, unsigned *highest)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0, stem = n->stem - folder;
	DIR *d = open_folder(path, folder);
	const struct dirent *entry;
	unsigned number;

	*least = *highest = n->first;
	while (d && (entry = readdir(d))) {
		if (strncmp(entry->d_name, path + folder, stem) != 0 ||
			!read_suffix(entry->d_name + stem, n->digits, &number))
			continue;
		if (number < *least)
			*least = number;
		if (number > *highest)
			*highest = number;
	}
	if (d)
		closedir(d);
}

static char *part_name(const char *path, const struct naming *n, unsigned number)
{
	char *name;

	if (asprintf(&name, "%.*s%0*u", (int)n->stem, path, (int)n->digits, number) < 0)
		return NULL;
	return name;
}

static const char *recognise(const char *path, const uint8_t *head, size_t length)
{
	unsigned least, highest;
	struct naming n;

	(void)length;
	if (!head || !take_name(path, &n))
		return NULL;
	find_range(path, &n, &least, &highest);
	return highest > n.first ? "split raw" : NULL;
}

/* ---- reading */

static int fail_end(const struct source *s, size_t length, uint64_t offset, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		"the parts of " NAME " end at byte %llu, but %zu bytes are needed from byte %llu", s->name,
		(unsigned long long)s->size, length, (unsigned long long)offset);
}

/* The part that holds the byte at offset, which lies before the end. */
static unsigned find_part(const struct split_source *split, uint64_t offset)
{
	unsigned low = 0, high = split->count;

	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;

		if (split->parts[middle].start <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int split_read_at(
	struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct split_source *split = (struct split_source *)s;
	uint8_t *to = buffer;
	int e = 0;

	if (offset > s->size || length > s->size - offset)
		return fail_end(s, length, offset, err);
	for (unsigned i = length ? find_part(split, offset) : 0; length && !e; i++) {
		const struct part *part = &split->parts[i];
		uint64_t within = offset - part->start, n = part->file->size - within;

		if (n > length)
			n = length;
		e = source_read(part->file, to, (size_t)n, within, err);
		to += n;
		offset += n;
		length -= (size_t)n;
	}
	return e;
}

static void split_close(struct source *s)
{
	struct split_source *split = (struct split_source *)s;

	for (unsigned i = 0; i < split->count; i++)
		source_close(split->parts[i].file);
	free(split->parts);
	free(s->name);
	free(s);
}

static const struct source_ops split_ops = {split_read_at, split_close};

/* ---- opening */

static int add_part(struct split_source *split, const char *name, struct fsr_error *err)
{
	struct source *file;
	int e = file_open(name, &file, err);

	if (e)
		return e;
	if (!file->size || file->size > INT64_MAX - split->source.size) {
		e = fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR, NAME ", a part of a split image, is %s",
			name, file->size ? "too large" : "empty");
		source_close(file);
		return e;
	}
	split->parts[split->count++] = (struct part){file, split->source.size};
	split->source.size += file->size;
	split->source.in_use |= file->in_use;
	return 0;
}

static int fail_gap(const char *name, const char *last, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR,
		NAME " is missing: it is a part of a split image that goes up to " NAME, name, last);
}

static int add_number(struct split_source *split, const char *path, const struct naming *n, unsigned number,
	unsigned highest, struct fsr_error *err)
{
	char *name = part_name(path, n, number), *last = part_name(path, n, highest);
	struct stat st;
	int e;

	if (!name || !last)
		e = fsr_fail_nomem(err);
	else if (lstat(name, &st) && errno == ENOENT)
		e = fail_gap(name, last, err);
	else
		e = add_part(split, name, err);
	free(name);
	free(last);
	return e;
}

/* Two files that are numbered may as well be two images: one that holds all of its btrfs is no part. */
static bool is_complete(struct source *base)
{
	uint8_t super[SUPER_SIZE];
	unsigned type;

	if (!read_primary(base, 0, super))
		return false;
	type = get16(super + SUPER_CSUM_TYPE);
	return type < CSUM_TYPES && csum_block_ok(type, super, SUPER_SIZE) &&
	       get64(super + SUPER_DEV_ITEM + DEV_ITEM_TOTAL_BYTES) <= base->size;
}

static int open_parts(const char *path, const struct naming *n, unsigned highest, struct source **disk,
	struct fsr_error *err)
{
	struct split_source *split = calloc(1, sizeof *split);
	int e = 0;

	if (!split)
		return fsr_fail_nomem(err);
	split->source.ops = &split_ops;
	split->source.name = strdup(path);
	split->parts = calloc(highest - n->first + 1, sizeof *split->parts);
	if (!split->source.name || !split->parts) {
		split_close(&split->source);
		return fsr_fail_nomem(err);
	}
	for (unsigned i = n->first; i <= highest && !e; i++)
		e = add_number(split, path, n, i, highest, err);
	split->source.file_size = split->source.size;
	if (e)
		split_close(&split->source);
	else
		*disk = &split->source;
	return e;
}

static int open_split(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	unsigned least, highest;
	struct naming n;

	(void)options;
	if (!take_name(path, &n) || is_complete(base))
		return 1;
	find_range(path, &n, &least, &highest);
	if (least < n.first)
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
			NAME " is not the first part of its image: there is a part 0 beside it", path);
	return open_parts(path, &n, highest, disk, err);
}

const struct container container_split = {"split raw (.001, .002 ...)", NULL, NULL, recognise, open_split};
