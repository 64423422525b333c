/* SPDX-License-Identifier: MIT */
/* Which files make a virtual disk, and whether it may have them. */
#include "virtual.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct disk_format *const formats[] = {
	&qcow2_format, &vmdk_format, &vdi_format, &vhdx_format, &vhd_format};
#define FORMATS (sizeof formats / sizeof *formats)

const struct disk_format *disk_format(const uint8_t *head, size_t length)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->recognise(head, length))
			return formats[i];
	return NULL;
}

/* ---- files */

int plan_descriptor(struct disk_plan *plan, int fd, struct fsr_error *err)
{
	int copy;

	if (plan->count == MOST_FILES)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, "a virtual disk of more than %u files",
			MOST_FILES);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
	if (copy < 0)
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot duplicate a descriptor: %s",
			strerror(errno));
	plan->fds[plan->count++] = copy;
	return copy;
}

int plan_own_bytes(
	struct disk_plan *plan, const char *key, const struct disk_file *file, struct fsr_error *err)
{
	int fd = plan_descriptor(plan, file_fd(file->source), err);
	struct stat st;

	if (fd < 0)
		return fd;
	plan->in_use |= file->source->in_use;
	text_add(plan->graph, "\"%s\":{\"driver\":\"%s\",\"filename\":\"/proc/self/fd/%d\"}", key,
		!fstat(fd, &st) && S_ISBLK(st.st_mode) ? "host_device" : "file", fd);
	return 0;
}

static bool has_protocol(const char *name)
{
	return name[strcspn(name, ":/")] == ':';
}

/* The file's name as seen from the folder of the one that names it; NULL: memory ran out. */
static char *joined(const char *from, const char *name)
{
	const char *slash = *name == '/' ? NULL : strrchr(from, '/');
	char *path = NULL;

	if (asprintf(&path, "%.*s%s", slash ? (int)(slash + 1 - from) : 0, from, name) < 0)
		return NULL;
	return path;
}

/* By where the name leads, with all links followed; `unknown` where that can't be found out. */
static bool leads_outside(const struct disk_plan *plan, const char *path, bool unknown)
{
	char real[PATH_MAX];

	return realpath(path, real) ? strncmp(real, plan->folder, strlen(plan->folder)) != 0 : unknown;
}

static int refuse_outside(
	const struct disk_file *file, const char *name, const char *what, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		"'%.120s' names as its %s '%.120s', which is outside its own folder; --allow-outside reads "
		"it all the same",
		file->path, what, name);
}

/*
 * Asked by name, since some devices do something when they are opened, and again of the opened descriptor,
 * so that no link that changes meanwhile leads elsewhere. A name that can't be followed is left to
 * file_open() to refuse; an opened file without a name, deleted or too deep, may be from anywhere.
 */
static int open_inside(struct disk_plan *plan, const struct disk_file *file, const char *name,
	const char *what, const char *path, struct source **source, struct fsr_error *err)
{
	char self[64];
	int e;

	if (!plan->options->allow_outside && leads_outside(plan, path, false))
		return refuse_outside(file, name, what, err);
	e = file_open(path, source, err);
	if (e || plan->options->allow_outside)
		return e;
	snprintf(self, sizeof self, "/proc/self/fd/%d", file_fd(*source));
	if (!leads_outside(plan, self, true))
		return 0;
	source_close(*source);
	return refuse_outside(file, name, what, err);
}

int plan_open(struct disk_plan *plan, const struct disk_file *file, const char *name, const char *what,
	char **path, struct source **source, struct fsr_error *err)
{
	int e;

	*source = NULL;
	if (!*name || has_protocol(name))
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			"'%.120s' names as its %s '%.120s', which is no file's name", file->path, what, name);
	*path = joined(file->path, name);
	if (!*path)
		return fsr_fail_nomem(err);
	e = open_inside(plan, file, name, what, *path, source, err);
	if (e)
		free(*path);
	return e;
}

/* ---- the graph */

static int plan_node(struct disk_plan *plan, const struct disk_format *format, const struct disk_file *file,
	struct fsr_error *err)
{
	if (!format) {
		text_add(plan->graph, "\"driver\":\"raw\",");
		return plan_own_bytes(plan, "file", file, err);
	}
	text_add(plan->graph, "\"driver\":\"%s\",", format->driver);
	return format->plan(plan, file, err);
}

/* *format NULL: raw. */
static int find_format(const struct disk_file *file, const char *driver, const struct disk_format **format,
	struct fsr_error *err)
{
	uint8_t head[512];
	size_t n = file->source->size < sizeof head ? (size_t)file->source->size : sizeof head;
	int e = source_read(file->source, head, n, 0, err);

	*format = NULL;
	if (e)
		return e;
	if (!driver) {
		*format = disk_format(head, n);
		return 0;
	}
	if (!strcmp(driver, "raw"))
		return 0;
	for (size_t i = 0; i < FORMATS; i++)
		if (!strcmp(driver, formats[i]->driver))
			*format = formats[i];
	if (*format)
		return 0;
	return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
		NAME " is a backing file of the format '%.32s', which is not supported", file->path, driver);
}

int plan_backing(struct disk_plan *plan, const struct disk_file *file, const char *name, const char *driver,
	struct fsr_error *err)
{
	const struct disk_format *format;
	struct disk_file backing;
	char *path;
	int e;

	if (plan->depth == MOST_DEPTH)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			NAME " ends a chain of %u backing files; it is too long, or a circle", file->path,
			MOST_DEPTH);
	e = plan_open(plan, file, name, "backing file", &path, &backing.source, err);
	if (e || !backing.source)
		return e;
	backing.path = path;
	plan->depth++;
	e = find_format(&backing, driver, &format, err);
	text_add(plan->graph, "\"backing\":{");
	if (!e)
		e = plan_node(plan, format, &backing, err);
	text_add(plan->graph, "}");
	source_close(backing.source);
	free(path);
	return e;
}

static int find_folder(struct disk_plan *plan, const char *path, struct fsr_error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup("."),
	     *real = folder ? realpath(folder, NULL) : NULL;
	int e = 0;

	if (!real)
		e = fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot find the folder of " NAME ": %s", path,
			strerror(errno));
	else if ((size_t)snprintf(plan->folder, sizeof plan->folder, "%s%s", real, real[1] ? "/" : "") >=
		 sizeof plan->folder)
		e = fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			"the name of the folder of " NAME " is too long", path);
	free(folder);
	free(real);
	return e;
}

int plan_disk(struct disk_plan *plan, const struct disk_format *format, const char *path,
	struct source *image, const struct fsr_open_options *options, struct fsr_error *err)
{
	const struct disk_file file = {path, image};
	int e;

	plan->options = options;
	if (!source_is_file(image))
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is a virtual disk inside of something else", path);
	e = find_folder(plan, path, err);
	if (e)
		return e;
	text_add(plan->graph, "json:{");
	e = plan_node(plan, format, &file, err);
	text_add(plan->graph, "}");
	return e;
}

void plan_free(struct disk_plan *plan)
{
	while (plan->count)
		close(plan->fds[--plan->count]);
}
