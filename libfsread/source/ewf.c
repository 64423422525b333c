/* SPDX-License-Identifier: MIT */
/* Forensic images, E01 and Ex01, through libewf. Chunks whose checksum is wrong are unreadable, never given
 * out. */
#include "ewf.h"

#ifdef HAVE_LIBEWF

#include <libewf.h>
#include <pthread.h>
#include <stdlib.h>

#define MAX_CHUNK (128 * MIB) /* of 32768 sectors, the most there may be, of 4 KiB */

/* Bytes that the image has, but not as they were on the disk. */
struct bad_area {
	uint64_t start, end;
};

struct ewf_source {
	struct source source;
	libewf_handle_t *handle;
	pthread_mutex_t lock; /* of the handle, which has one position for all */
	uint32_t sector;
	struct bad_area *acquired; /* not read when the image was made */
	size_t nacquired;
};

typedef int (*area_fn)(
	libewf_handle_t *handle, uint32_t i, uint64_t *start, uint64_t *n, libewf_error_t **error);

/* libewf's own words are of its insides. */
static int fail_ewf(const char *name, const char *what, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
		"libewf can't %s " NAME ": it is damaged or cut short, or a segment file is missing", what,
		name);
}

/* ---- reading */

static int fail_area(
	const struct source *s, const struct bad_area *area, const char *why, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, NAME " at byte %llu: %s", s->name,
		(unsigned long long)area->start, why);
}

static bool meets(const struct bad_area *area, uint64_t start, uint64_t end)
{
	return area->start < end && start < area->end;
}

/* One of libewf's lists, in bytes. */
static bool get_area(const struct ewf_source *ewf, area_fn get, uint32_t i, struct bad_area *area)
{
	uint64_t start, n, length;

	if (get(ewf->handle, i, &start, &n, NULL) != 1 ||
		__builtin_mul_overflow(start, ewf->sector, &area->start) ||
		__builtin_mul_overflow(n, ewf->sector, &length) ||
		__builtin_add_overflow(area->start, length, &area->end))
		return false;
	return true;
}

/* What libewf noticed while it read: it gives such bytes out all the same. */
static int check_sums(struct ewf_source *ewf, uint64_t start, uint64_t end, struct fsr_error *err)
{
	struct bad_area area = {start, end};
	uint32_t count = 0;

	if (libewf_handle_get_number_of_checksum_errors(ewf->handle, &count, NULL) != 1)
		count = 0;
	for (uint32_t i = 0; i < count; i++)
		if (!get_area(ewf, libewf_handle_get_checksum_error, i, &area) || meets(&area, start, end))
			return fail_area(&ewf->source, &area, "the chunk's checksum is wrong", err);
	return 0;
}

static int check_acquired(const struct ewf_source *ewf, uint64_t start, uint64_t end, struct fsr_error *err)
{
	for (size_t i = 0; i < ewf->nacquired; i++)
		if (meets(&ewf->acquired[i], start, end))
			return fail_area(&ewf->source, &ewf->acquired[i],
				"it could not be read when the image was made", err);
	return 0;
}

static int read_locked(
	struct ewf_source *ewf, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	uint8_t *to = buffer;
	size_t done = 0;

	while (done < length) {
		ssize_t n = libewf_handle_read_random(
			ewf->handle, to + done, length - done, (off64_t)(offset + done), NULL);

		if (n <= 0)
			return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot read " NAME " at byte %llu",
				ewf->source.name, (unsigned long long)offset + done);
		done += (size_t)n;
	}
	return check_sums(ewf, offset, offset + length, err);
}

static int ewf_read_at(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct ewf_source *ewf = (struct ewf_source *)s;
	int e;

	if (offset > s->size || length > s->size - offset)
		return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
			"the disk in " NAME " ends at byte %llu, but %zu bytes are needed from byte %llu",
			s->name, (unsigned long long)s->size, length, (unsigned long long)offset);
	e = check_acquired(ewf, offset, offset + length, err);
	if (e)
		return e;
	pthread_mutex_lock(&ewf->lock);
	e = read_locked(ewf, buffer, length, offset, err);
	pthread_mutex_unlock(&ewf->lock);
	if (e)
		memset(buffer, 0, length);
	return e;
}

static void ewf_close(struct source *s)
{
	struct ewf_source *ewf = (struct ewf_source *)s;

	if (ewf->handle) {
		libewf_handle_close(ewf->handle, NULL);
		libewf_handle_free(&ewf->handle, NULL);
	}
	pthread_mutex_destroy(&ewf->lock);
	free(ewf->acquired);
	free(s->name);
	free(s);
}

static const struct source_ops ewf_ops = {ewf_read_at, ewf_close};

/* ---- opening */

static int take_acquired(struct ewf_source *ewf, struct fsr_error *err)
{
	const char *name = ewf->source.name;
	uint32_t count = 0;

	if (libewf_handle_get_number_of_acquiry_errors(ewf->handle, &count, NULL) != 1 || !count)
		return 0;
	ewf->acquired = calloc(count, sizeof *ewf->acquired);
	if (!ewf->acquired)
		return fsr_fail_nomem(err);
	for (uint32_t i = 0; i < count; i++)
		if (!get_area(ewf, libewf_handle_get_acquiry_error, i, &ewf->acquired[ewf->nacquired++]))
			return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
				NAME ": its list of areas that could not be read is damaged", name);
	return 0;
}

static int take_sizes(struct ewf_source *ewf, struct fsr_error *err)
{
	const char *name = ewf->source.name;
	size64_t size = 0;
	size32_t chunk = 0;

	if (libewf_handle_get_media_size(ewf->handle, &size, NULL) != 1 ||
		libewf_handle_get_chunk_size(ewf->handle, &chunk, NULL) != 1 ||
		libewf_handle_get_bytes_per_sector(ewf->handle, &ewf->sector, NULL) != 1)
		return fail_ewf(name, "tell the sizes of", err);
	if (!size || size > INT64_MAX || !chunk || chunk > MAX_CHUNK || !ewf->sector)
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			NAME " says that its disk has %llu bytes in chunks of %u and sectors of %u", name,
			(unsigned long long)size, chunk, ewf->sector);
	ewf->source.size = size;
	return 0;
}

static int open_handle(struct ewf_source *ewf, const struct ewf_segments *files, struct fsr_error *err)
{
	const char *name = ewf->source.name;

	if (libewf_handle_initialize(&ewf->handle, NULL) != 1)
		return fsr_fail_nomem(err);
	if (libewf_handle_open(ewf->handle, files->names, (int)files->count, LIBEWF_OPEN_READ, NULL) != 1 ||
		libewf_handle_segment_files_corrupted(ewf->handle, NULL) != 0)
		return fail_ewf(name, "open", err);
	return 0;
}

static int open_segments(const struct ewf_segments *files, const char *path, struct source *base,
	struct source **disk, struct fsr_error *err)
{
	struct ewf_source *ewf = calloc(1, sizeof *ewf);
	int e = 0;

	if (!ewf)
		return fsr_fail_nomem(err);
	pthread_mutex_init(&ewf->lock, NULL);
	ewf->source.ops = &ewf_ops;
	ewf->source.name = strdup(path);
	ewf->source.file_size = files->bytes;
	ewf->source.in_use = base->in_use;
	if (!ewf->source.name)
		e = fsr_fail_nomem(err);
	if (!e)
		e = open_handle(ewf, files, err);
	if (!e)
		e = take_sizes(ewf, err);
	if (!e)
		e = take_acquired(ewf, err);
	if (e)
		ewf_close(&ewf->source);
	else
		*disk = &ewf->source;
	return e;
}

static int open_ewf(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	struct ewf_segments files;
	int e;

	(void)options;
	/* not all versions read Ex01 */
	if (libewf_check_file_signature(path, NULL) != 1)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is an E01 or Ex01 image that libewf %s does not know; export it as E01", path,
			libewf_get_version());
	e = ewf_find_segments(path, &files, err);
	if (!e)
		e = ewf_check_sections(&files, err);
	if (!e)
		e = open_segments(&files, path, base, disk, err);
	ewf_free_segments(&files);
	return e;
}

const struct container container_ewf = {
	"E01 (and Ex01 where libewf knows it)", "libewf", "libewf-dev", ewf_recognise, open_ewf};

#else

const struct container container_ewf = {
	"E01 (and Ex01 where libewf knows it)", "libewf", "libewf-dev", ewf_recognise, NULL};

#endif
