/* SPDX-License-Identifier: MIT */
/* States of the devices as sources of the library, and as files. */
#include "crash.h"

#include "../../libfsread/format/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct state_source {
	struct source source;
	const struct state *state;
	unsigned disk;
};

static int state_read(
	struct source *source, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct state_source *s = (struct state_source *)source;

	if (offset > source->size || length > source->size - offset)
		return fsr_fail(
			err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR, "beyond the end of '%s'", source->name);
	memcpy(buffer, s->state->ground->image->disks[s->disk].bytes + offset, length);
	state_overlay(s->state, s->disk, buffer, length, offset);
	return 0;
}

static void state_close(struct source *source)
{
	free(source->name);
	free(source);
}

static const struct source_ops state_ops = {state_read, state_close};

static struct source *new_source(const struct state *state, unsigned disk)
{
	struct state_source *s = must_alloc(1, sizeof *s);

	s->source.ops = &state_ops;
	s->source.size = s->source.file_size = state->ground->image->disks[disk].size;
	s->source.in_place = true;
	if (asprintf(&s->source.name, "device%u", disk + 1) < 0)
		die("out of memory");
	s->state = state;
	s->disk = disk;
	return &s->source;
}

struct source **state_sources(const struct state *state, unsigned lost, size_t *n)
{
	struct source **list = must_alloc(state->ground->image->count, sizeof *list);

	*n = 0;
	for (unsigned i = 0; i < state->ground->image->count; i++)
		if (!(lost >> i & 1))
			list[(*n)++] = new_source(state, i);
	return list;
}

static void put(const struct image *files, const struct ground *ground, const struct state *state, bool back)
{
	int fd[MAX_DISKS];

	for (size_t i = 0; i < files->count; i++) {
		fd[i] = open(files->paths[i], O_WRONLY | O_CLOEXEC);
		if (fd[i] < 0)
			die("%s: %s", files->paths[i], strerror(errno));
	}
	for (size_t i = 0; i < ground->count; i++) {
		const struct place *p = &ground->places[i];
		const uint8_t *bytes =
			back ? ground->image->disks[p->disk].bytes + p->sector * SECTOR : state->content[i];

		if (state->marks[i] &&
			pwrite(fd[p->disk], bytes, SECTOR, (off_t)(p->sector * SECTOR)) != SECTOR)
			die("%s: %s", files->paths[p->disk], strerror(errno));
	}
	for (size_t i = 0; i < files->count; i++)
		if (close(fd[i]) != 0)
			die("%s: %s", files->paths[i], strerror(errno));
}

void state_to_files(const struct state *state, const struct image *files)
{
	put(files, state->ground, state, false);
}

void state_from_files(const struct state *state, const struct image *files)
{
	put(files, state->ground, state, true);
}
