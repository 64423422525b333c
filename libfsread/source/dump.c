/* SPDX-License-Identifier: MIT */
/* Dumps that btrfs-image makes: metadata by logical address, in compressed blobs. */
#include "dump.h"
#include "containers.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#define CACHE_SLOTS 16u
/* What newer tools make with -d: file data too, and another limit for blobs. */
#define DATA_DUMP_MAGIC "_DUmP_v1"

/* An inflated blob. */
struct slot {
	const struct dump_blob *blob; /* NULL: empty */
	uint8_t *bytes;
	uint64_t length;
	uint64_t used; /* by the clock; the least goes first */
};

struct dump {
	struct source source;
	struct source *file; /* the dump's own */
	struct dump_index index;
	pthread_mutex_t lock; /* of the slots and the clock */
	uint64_t clock;
	struct slot slots[CACHE_SLOTS];
};

static int left_out(const struct dump *d, uint64_t logical, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_MISSING, 0, logical, NAME " leaves out address %llu", d->source.name,
		(unsigned long long)logical);
}

/* What a damaged blob held is as unknown as what the dump leaves out; the disk may well have been whole. */
static int fail_inflate(
	const struct dump *d, const struct dump_blob *blob, int zlib_code, struct fsr_error *err)
{
	uint64_t most = dump_most(&d->index, blob);
	const char *end = most < DUMP_BLOB_MAX ? ", into the next blob" : "";

	if (zlib_code == Z_MEM_ERROR)
		return fsr_fail_nomem(err);
	if (zlib_code == Z_BUF_ERROR)
		return fsr_fail(err, FSR_E_MISSING, 0, blob->logical,
			NAME " lacks address %llu: its blob at byte %llu inflates to more than %llu bytes%s",
			d->source.name, (unsigned long long)blob->logical, (unsigned long long)blob->at,
			(unsigned long long)most, end);
	return fsr_fail(err, FSR_E_MISSING, 0, blob->logical,
		NAME " lacks address %llu: its blob at byte %llu is damaged", d->source.name,
		(unsigned long long)blob->logical, (unsigned long long)blob->at);
}

/* Room for the largest blob takes no memory until it is used, but what is kept shall not hold on to it. */
static void shrink(struct slot *slot)
{
	uint8_t *fitting = slot->length ? realloc(slot->bytes, slot->length) : NULL;

	if (fitting)
		slot->bytes = fitting;
}

/* Fills bytes and length of *made, which has room for dump_most() bytes; no more are made. */
static int inflate_stored(
	const struct dump *d, struct slot *made, const uint8_t *stored, struct fsr_error *err)
{
	uLongf length = dump_most(&d->index, made->blob);
	int z = uncompress(made->bytes, &length, stored, made->blob->stored);

	if (z != Z_OK || !length)
		return fail_inflate(d, made->blob, z, err);
	made->length = length;
	shrink(made);
	return 0;
}

/* Fills *made, whose bytes are the caller's then. */
static int inflate_blob(
	const struct dump *d, const struct dump_blob *blob, struct slot *made, struct fsr_error *err)
{
	uint8_t *stored = malloc(blob->stored);
	int e;

	*made = (struct slot){.blob = blob, .bytes = malloc(dump_most(&d->index, blob))};
	if (stored && made->bytes)
		e = source_read(d->file, stored, blob->stored, blob->at, err);
	else
		e = fsr_fail_nomem(err);
	if (!e)
		e = inflate_stored(d, made, stored, err);
	free(stored);
	if (e)
		free(made->bytes);
	return e;
}

/* Copies what the blob has from offset on, at most length bytes; how many, 0: it ends before. */
static size_t copy_out(const struct slot *slot, uint64_t offset, void *buffer, size_t length)
{
	if (offset >= slot->length)
		return 0;
	if (length > slot->length - offset)
		length = (size_t)(slot->length - offset);
	memcpy(buffer, slot->bytes + offset, length);
	return length;
}

static bool copy_cached(struct dump *d, const struct dump_blob *blob, uint64_t offset, void *buffer,
	size_t length, size_t *done)
{
	bool found = false;

	pthread_mutex_lock(&d->lock);
	for (unsigned i = 0; i < CACHE_SLOTS && !found; i++) {
		found = d->slots[i].blob == blob;
		if (!found)
			continue;
		d->slots[i].used = ++d->clock;
		*done = copy_out(&d->slots[i], offset, buffer, length);
	}
	pthread_mutex_unlock(&d->lock);
	return found;
}

/* Takes made over, in place of what was asked for longest ago. */
static void keep(struct dump *d, const struct slot *made)
{
	struct slot *oldest = &d->slots[0];
	uint8_t *old;

	pthread_mutex_lock(&d->lock);
	for (unsigned i = 1; i < CACHE_SLOTS; i++)
		if (d->slots[i].used < oldest->used)
			oldest = &d->slots[i];
	old = oldest->bytes;
	*oldest = *made;
	oldest->used = ++d->clock;
	pthread_mutex_unlock(&d->lock);
	free(old);
}

/* Inflates outside the lock, so that threads don't wait for each other; two may inflate the same blob. */
static int read_deflated(struct dump *d, const struct dump_blob *blob, uint64_t offset, void *buffer,
	size_t length, size_t *done, struct fsr_error *err)
{
	struct slot made;
	int e;

	if (copy_cached(d, blob, offset, buffer, length, done))
		return 0;
	e = inflate_blob(d, blob, &made, err);
	if (e)
		return e;
	*done = copy_out(&made, offset, buffer, length);
	keep(d, &made);
	return 0;
}

static int read_raw(struct dump *d, const struct dump_blob *blob, uint64_t offset, void *buffer,
	size_t length, size_t *done, struct fsr_error *err)
{
	*done = 0;
	if (offset >= blob->length)
		return 0;
	*done = length < blob->length - offset ? length : (size_t)(blob->length - offset);
	return source_read(d->file, buffer, *done, blob->at + offset, err);
}

static int dump_read_at(
	struct source *s, void *buffer, size_t length, uint64_t logical, struct fsr_error *err)
{
	struct dump *d = (struct dump *)s;
	uint8_t *to = buffer;

	while (length) {
		const struct dump_blob *blob = dump_find(&d->index, logical);
		size_t done = 0;
		int e;

		if (!blob)
			return left_out(d, logical, err);
		e = (blob->length ? read_raw : read_deflated)(
			d, blob, logical - blob->logical, to, length, &done, err);
		if (e)
			return e;
		if (!done)
			return left_out(d, logical, err);
		to += done;
		logical += done;
		length -= done;
	}
	return 0;
}

static void dump_close(struct source *s)
{
	struct dump *d = (struct dump *)s;

	for (unsigned i = 0; i < CACHE_SLOTS; i++)
		free(d->slots[i].bytes);
	pthread_mutex_destroy(&d->lock);
	free(d->index.blobs);
	source_close(d->file);
	free(s->name);
	free(d);
}

static const struct source_ops dump_ops = {dump_read_at, dump_close};

int source_place(struct source *s, uint64_t offset, uint64_t *at, struct fsr_error *err)
{
	struct dump *d = (struct dump *)s;
	const struct dump_blob *blob;
	uint8_t byte;
	int e;

	*at = s->image_offset + offset;
	if (s->ops != &dump_ops)
		return 0;
	e = source_read(s, &byte, 1, offset, err);
	if (e)
		return e;
	blob = dump_find(&d->index, offset);
	*at = blob->at + (blob->length ? offset - blob->logical : 0);
	return 0;
}

static struct dump *new_dump(const struct source *base)
{
	struct dump *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	pthread_mutex_init(&d->lock, NULL);
	d->source.ops = &dump_ops;
	d->source.name = strdup(base->name);
	d->source.file_size = base->file_size;
	d->source.in_use = base->in_use;
	d->source.logical = true;
	d->file = file_again(base);
	if (d->source.name && d->file)
		return d;
	dump_close(&d->source);
	return NULL;
}

/* Nothing can be said of a dump without a superblock. */
static int check_super(struct dump *d, struct fsr_error *err)
{
	uint8_t super[SUPER_SIZE];

	return source_read(&d->source, super, SUPER_SIZE, 64 * KIB, err);
}

static int open_dump(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	uint8_t magic[8];
	struct dump *d;
	int e = source_read(base, magic, sizeof magic, 0, err);

	if (e)
		return e;
	if (!memcmp(magic, DATA_DUMP_MAGIC, sizeof magic))
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is a btrfs-image dump with file data, which is not supported; make one "
			     "without -d",
			path);
	d = new_dump(base);
	if (!d)
		return fsr_fail_nomem(err);
	e = dump_read_index(d->file, options, &d->index, err);
	if (!e)
		e = check_super(d, err);
	if (e) {
		dump_close(&d->source);
		return e;
	}
	d->source.size = d->index.blobs[d->index.count - 1].logical +
			 dump_most(&d->index, &d->index.blobs[d->index.count - 1]);
	*disk = &d->source;
	return 0;
}

static const char *recognise_dump(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	if (!head || length < 8)
		return NULL;
	return get64(head) == DUMP_MAGIC || !memcmp(head, DATA_DUMP_MAGIC, 8) ? "btrfs-image" : NULL;
}

const struct container dump_container = {
	.names = "btrfs-image dumps",
	.recognise = recognise_dump,
	.open = open_dump,
};
