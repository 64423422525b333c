/* SPDX-License-Identifier: MIT */
/*
 * VMDK: one sparse file, or a text that lists the files which the disk consists of. qemu never sees that
 * text: it gets a new one, which names the descriptors of the files that were found in it.
 */
#include "virtual.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SECTOR UINT64_C(512)
#define TEXT_MOST ((size_t)64 * KIB)
#define NAME_SIZE 512
#define NO_PARENT 0xffffffffu

static bool is_sparse(const uint8_t *head, size_t length)
{
	return length >= 512 && !memcmp(head, "KDMV", 4);
}

static bool recognise(const uint8_t *head, size_t length)
{
	static const char text[] = "# Disk DescriptorFile";

	return is_sparse(head, length) || (length >= 4 && !memcmp(head, "COWD", 4)) ||
	       (length >= sizeof text && !strncasecmp((const char *)head, text, sizeof text - 1));
}

static int refuse(const struct disk_file *file, int code, const char *why, struct fsr_error *err)
{
	return fsr_fail(err, code, 0, FSR_NO_BYTENR, NAME " is a VMDK %s", file->path, why);
}

/* ---- the descriptor's lines */

struct descriptor {
	const struct disk_file *file;
	char text[TEXT_MOST + 1];
	char type[32], parent[NAME_SIZE];
	unsigned id, parent_id;
};

static int read_text(struct descriptor *d, uint64_t offset, uint64_t length, struct fsr_error *err)
{
	int e = length <= TEXT_MOST ? source_read(d->file->source, d->text, length, offset, err)
				    : refuse(d->file, FSR_E_LIMIT, "with a descriptor of over 64 KiB", err);

	d->text[e ? 0 : length] = 0;
	d->id = d->parent_id = NO_PARENT;
	return e;
}

/* The next line of the text; NULL: there is none. */
static char *next_line(char **rest)
{
	char *line = strsep(rest, "\r\n");

	return line ? line + strspn(line, " \t") : NULL;
}

static void take_line(struct descriptor *d, const char *line)
{
	if (sscanf(line, "CID = %8x", &d->id) == 1 || sscanf(line, "parentCID = %8x", &d->parent_id) == 1)
		return;
	if (sscanf(line, "createType = \"%31[^\"]\"", d->type) != 1)
		sscanf(line, "parentFileNameHint = \"%511[^\"]\"", d->parent);
}

static int read_settings(struct descriptor *d, struct fsr_error *err)
{
	char *copy = strdup(d->text), *rest = copy, *line;

	if (!copy)
		return fsr_fail_nomem(err);
	while ((line = next_line(&rest)))
		take_line(d, line);
	free(copy);
	if (d->parent_id != NO_PARENT && !*d->parent)
		return refuse(d->file, FSR_E_CORRUPT, "that doesn't name the disk it stands on", err);
	return 0;
}

static int plan_parent(struct disk_plan *plan, const struct descriptor *d, struct fsr_error *err)
{
	text_add(plan->graph, ",");
	if (d->parent_id != NO_PARENT)
		return plan_backing(plan, d->file, d->parent, "vmdk", err);
	text_add(plan->graph, "\"backing\":null");
	return 0;
}

/* ---- a sparse file */

/* With a capacity of 0 it would be a descriptor that qemu follows. */
static int check_sparse(const struct disk_file *file, uint8_t h[512], struct fsr_error *err)
{
	int e = source_read(file->source, h, 512, 0, err);

	if (e)
		return e;
	if (!is_sparse(h, 512))
		return refuse(file, FSR_E_UNSUPPORTED, "extent of an unknown kind", err);
	if (!get64(h + 12))
		return refuse(file, FSR_E_UNSUPPORTED, "that holds nothing but a descriptor", err);
	return vmdk_check_tables(file, h, err);
}

static int plan_sparse(
	struct disk_plan *plan, const struct disk_file *file, struct descriptor *d, struct fsr_error *err)
{
	uint8_t h[512];
	int e = check_sparse(file, h, err);
	uint64_t at = get64(h + 28), length = get64(h + 36);

	if (e)
		return e;
	if (!at)
		return refuse(file, FSR_E_UNSUPPORTED,
			"that is a part of a disk; give the text file which lists the parts", err);
	if (at > UINT32_MAX || length > TEXT_MOST / SECTOR)
		return refuse(file, FSR_E_LIMIT, "with a descriptor of over 64 KiB", err);
	e = read_text(d, at * SECTOR, length * SECTOR, err);
	if (!e)
		e = read_settings(d, err);
	if (!e)
		e = plan_own_bytes(plan, "file", file, err);
	return e ? e : plan_parent(plan, d, err);
}

/* ---- a text with extents */

struct extent {
	unsigned long long sectors, offset;
	char type[8], name[NAME_SIZE];
};

/* False: the line is none. */
static bool parse_extent(const char *line, struct extent *x, bool *known)
{
	char access[12];
	int n;

	*x = (struct extent){0};
	n = sscanf(
		line, "%11s %llu %7s \"%511[^\"]\" %llu", access, &x->sectors, x->type, x->name, &x->offset);
	if (n < 2 || (strcmp(access, "RW") && strcmp(access, "RDONLY") && strcmp(access, "NOACCESS")))
		return false;
	*known = n >= 4 && !strcmp(access, "RW") && x->sectors && x->sectors <= INT64_MAX / SECTOR &&
		 x->offset <= INT64_MAX / SECTOR &&
		 (!strcmp(x->type, "SPARSE") || !strcmp(x->type, "VMFS") ||
			 (!strcmp(x->type, "FLAT") && n == 5));
	return true;
}

static int check_extent(const struct disk_file *file, const struct extent *x, struct fsr_error *err)
{
	uint64_t end = (x->sectors + x->offset) * SECTOR;
	uint8_t h[512];

	if (!strcmp(x->type, "SPARSE"))
		return check_sparse(file, h, err);
	if (end <= file->source->size)
		return 0;
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " is part of a VMDK that was cut: it ends at byte %llu of %llu", file->path,
		(unsigned long long)file->source->size, (unsigned long long)end);
}

static int plan_extent(struct disk_plan *plan, const struct descriptor *d, const struct extent *x,
	struct text *text, struct fsr_error *err)
{
	struct disk_file part;
	char *path;
	int fd = 0, e = plan_open(plan, d->file, x->name, "extent", &path, &part.source, err);

	if (e)
		return e;
	part.path = path;
	plan->in_use |= part.source->in_use;
	e = check_extent(&part, x, err);
	if (!e)
		fd = plan_descriptor(plan, file_fd(part.source), err);
	source_close(part.source);
	free(path);
	if (e || fd < 0)
		return e ? e : fd;
	text_add(text, "RW %llu %s \"/proc/self/fd/%d\"", x->sectors, x->type, fd);
	if (!strcmp(x->type, "FLAT"))
		text_add(text, " %llu", x->offset);
	text_add(text, "\n");
	return 0;
}

static int plan_extents(
	struct disk_plan *plan, struct descriptor *d, struct text *text, struct fsr_error *err)
{
	char *rest = d->text, *line;
	struct extent x;
	bool known;
	int e = 0;

	text_add(text, "# Disk DescriptorFile\nversion=1\nCID=%08x\nparentCID=%08x\ncreateType=\"%s\"\n",
		d->id, d->parent_id, d->type);
	while (!e && (line = next_line(&rest)))
		if (parse_extent(line, &x, &known))
			e = known ? plan_extent(plan, d, &x, text, err)
				  : refuse(d->file, FSR_E_UNSUPPORTED,
					    "with an extent that is neither SPARSE, FLAT nor VMFS", err);
	return e;
}

/* The kinds whose extents are all of the known types. */
static bool is_known_type(const char *type)
{
	static const char *const types[] = {
		"monolithicFlat", "twoGbMaxExtentFlat", "twoGbMaxExtentSparse", "vmfs"};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

/* The new text lies in a nameless file, which becomes the node's own bytes. */
static int plan_new_text(struct disk_plan *plan, const struct text *text, struct fsr_error *err)
{
	int fd = text->failed ? fsr_fail_nomem(err) : memory_file(0, err), number, e;

	if (fd < 0)
		return fd;
	e = memory_put(fd, text->data, text->length, 0, err);
	number = e ? e : plan_descriptor(plan, fd, err);
	close(fd);
	if (number < 0)
		return number;
	text_add(plan->graph, "\"file\":{\"driver\":\"file\",\"filename\":\"/proc/self/fd/%d\"}", number);
	return 0;
}

static int plan_list(struct disk_plan *plan, struct descriptor *d, struct fsr_error *err)
{
	struct text text = {0};
	int e = read_text(d, 0, d->file->source->size, err);

	if (!e)
		e = read_settings(d, err);
	if (e)
		return e;
	if (!is_known_type(d->type))
		return refuse(d->file, FSR_E_UNSUPPORTED, "of a type that is not supported", err);
	e = plan_extents(plan, d, &text, err);
	if (!e)
		e = plan_new_text(plan, &text, err);
	free(text.data);
	return e ? e : plan_parent(plan, d, err);
}

static int plan_vmdk(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err)
{
	struct descriptor *d = calloc(1, sizeof *d);
	uint8_t magic[4];
	int e;

	if (!d)
		return fsr_fail_nomem(err);
	e = source_read(file->source, magic, sizeof magic, 0, err);
	if (!e) {
		d->file = file;
		if (!memcmp(magic, "COWD", 4))
			e = refuse(file, FSR_E_UNSUPPORTED, "of the COWD kind, which is not supported", err);
		else if (!memcmp(magic, "KDMV", 4))
			e = plan_sparse(plan, file, d, err);
		else
			e = plan_list(plan, d, err);
	}
	free(d);
	return e;
}

const struct disk_format vmdk_format = {"VMDK", "vmdk", recognise, plan_vmdk};
