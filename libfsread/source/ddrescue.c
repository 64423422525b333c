/* SPDX-License-Identifier: MIT */
/*
 * An image that GNU ddrescue made, with its map: what was not read from the disk is zeros in the image, or
 * what was in the file before, so it is never given out.
 */
#include "ddrescue.h"

#include <stdlib.h>

#define MAX_MAP (256 * MIB)

struct rescue_source {
	struct source source;
	struct source *base;
	struct rescue_map map;
};

static int fail_unread(const struct source *s, uint64_t at, char status, struct fsr_error *err)
{
	if (status == RESCUE_UNLISTED)
		return fsr_fail(err, FSR_E_MISSING, 0, FSR_NO_BYTENR,
			NAME " byte %llu was not read by ddrescue (its map does not list it)", s->name,
			(unsigned long long)at);
	return fsr_fail(err, FSR_E_MISSING, 0, FSR_NO_BYTENR,
		NAME " byte %llu was not read by ddrescue (status '%c')", s->name, (unsigned long long)at,
		status);
}

static int rescue_read_at(
	struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct rescue_source *r = (struct rescue_source *)s;
	char status = RESCUE_READ;
	uint64_t end, at;
	int e = source_read(r->base, buffer, length, offset, err); /* knows where the end is */

	if (e || __builtin_add_overflow(offset, length, &end))
		return e;
	at = rescue_map_unread(&r->map, offset, end, &status);
	if (at == end)
		return 0;
	memset(buffer, 0, length);
	return fail_unread(s, at, status, err);
}

static void rescue_close(struct source *s)
{
	struct rescue_source *r = (struct rescue_source *)s;

	source_close(r->base);
	rescue_map_free(&r->map);
	free(s->name);
	free(s);
}

static const struct source_ops rescue_ops = {rescue_read_at, rescue_close};

/* The whole file as text, to be freed. */
static int read_text(struct source *file, char **text, struct fsr_error *err)
{
	int e;

	if (file->size > MAX_MAP)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			"the ddrescue map " NAME " is larger than %u MiB", file->name,
			(unsigned)(MAX_MAP / MIB));
	*text = malloc((size_t)file->size + 1);
	if (!*text)
		return fsr_fail_nomem(err);
	(*text)[file->size] = 0;
	e = source_read(file, *text, (size_t)file->size, 0, err);
	if (!e && strlen(*text) != file->size)
		e = fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR, NAME " is no ddrescue map: it is no text",
			file->name);
	return e;
}

static int read_map(const char *path, struct rescue_map *map, struct fsr_error *err)
{
	struct source *file;
	char *text = NULL;
	int e = file_open(path, &file, err);

	if (e)
		return e;
	e = read_text(file, &text, err);
	if (!e)
		e = rescue_map_parse(map, text, path, err);
	free(text);
	source_close(file);
	return e;
}

static struct source *wrap(struct source *base, struct rescue_map *map, uint64_t unread)
{
	struct rescue_source *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->source = *base;
	r->source.ops = &rescue_ops;
	r->source.name = strdup(base->name);
	r->source.in_place = false;
	r->source.unread = unread;
	if (!r->source.name) {
		free(r);
		return NULL;
	}
	r->base = base;
	r->map = *map;
	*map = (struct rescue_map){0};
	return &r->source;
}

int rescue_wrap(struct source **base, const char *map_path, struct fsr_error *err)
{
	struct rescue_map map = {0};
	struct source *wrapped;
	uint64_t unread;
	int e = read_map(map_path, &map, err);

	unread = e ? 0 : rescue_map_count(&map, (*base)->size);
	if (unread) {
		wrapped = wrap(*base, &map, unread);
		if (wrapped)
			*base = wrapped;
		else
			e = fsr_fail_nomem(err);
	}
	rescue_map_free(&map);
	return e;
}
