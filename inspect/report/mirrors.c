/* SPDX-License-Identifier: MIT */
/* A superblock copy against the one in use, field by field. */
#include "report.h"

#include <string.h>

static bool begins(const char *text, const char *with)
{
	return text && strncmp(text, with, strlen(with)) == 0;
}

/*
 * What differs by law: a copy's own address and checksum, the item of its device between devices, and the
 * log, which an fsync writes to the first copies only.
 */
static bool is_lawful(
	const struct fsr_super_mirror *a, const struct fsr_super_mirror *b, const struct fsr_field *field)
{
	if (!field->list && (strcmp(field->name, "csum") == 0 || strcmp(field->name, "bytenr") == 0))
		return true;
	if (begins(field->name, "dev_item") || begins(field->list, "dev_item"))
		return a->devid != b->devid;
	return begins(field->name, "log_root") && (a->index == 0) != (b->index == 0);
}

/* The field of the same place and name in the superblock in use. */
struct wanted {
	const struct fsr_field *like;
	struct fsr_field found;
	bool has;
};

static int find_field(void *arg, const struct fsr_field *field)
{
	struct wanted *wanted = arg;

	wanted->has = field->offset == wanted->like->offset && field->size == wanted->like->size &&
		      strcmp(field->name, wanted->like->name) == 0;
	if (wanted->has)
		wanted->found = *field;
	return wanted->has;
}

struct walk {
	const struct fsr_super_mirror *used, *mirror;
	mirror_difference_fn fn;
	void *arg;
};

static int compare_field(void *arg, const struct fsr_field *field)
{
	const struct walk *walk = arg;
	struct wanted wanted = {.like = field};
	char name[96];

	if (is_lawful(walk->used, walk->mirror, field) ||
		memcmp(walk->used->raw + field->offset, walk->mirror->raw + field->offset, field->size) == 0)
		return 0;
	if (field->list)
		snprintf(name, sizeof name, "%.40s[%u].%.40s", field->list, field->index, field->name);
	else
		snprintf(name, sizeof name, "%.90s", field->name);
	fsr_super_fields(walk->used->raw, find_field, &wanted);
	return walk->fn(walk->arg, name, field, wanted.has ? &wanted.found : NULL);
}

int mirror_differences(const struct fsr_super_mirror *used, const struct fsr_super_mirror *mirror,
	mirror_difference_fn fn, void *arg)
{
	struct walk walk = {used, mirror, fn, arg};

	if (!mirror->present || !mirror->magic_ok)
		return 0;
	return fsr_super_fields(mirror->raw, compare_field, &walk);
}

static int add_difference(
	void *arg, const char *name, const struct fsr_field *value, const struct fsr_field *in_use)
{
	return json_array_append_new(
		arg, json_pack("{s:s, s:o, s:o}", "field", name, "value", report_field_value(value), "in_use",
			     in_use ? report_field_value(in_use) : json_null()));
}

json_t *report_mirror_compared(
	const struct fsr_fs *fs, const struct fsr_super_mirror *used, const struct fsr_super_mirror *mirror)
{
	const bool comparable = mirror->present && mirror->magic_ok;
	json_t *differs = comparable ? json_array() : json_null();

	if (comparable && differs && mirror_differences(used, mirror, add_difference, differs)) {
		json_decref(differs);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:o}", "image_offset", report_u64(mirror_image_offset(fs, mirror)),
		"generation", report_maybe(comparable, mirror_generation(mirror)), "differs", differs);
}

static int take_generation(void *arg, const struct fsr_field *field)
{
	if (field->list || strcmp(field->name, "generation") != 0)
		return 0;
	*(uint64_t *)arg = field->value;
	return 1;
}

uint64_t mirror_generation(const struct fsr_super_mirror *mirror)
{
	uint64_t generation = 0;

	fsr_super_fields(mirror->raw, take_generation, &generation);
	return generation;
}

uint64_t mirror_image_offset(const struct fsr_fs *fs, const struct fsr_super_mirror *mirror)
{
	for (size_t i = 0; i < fsr_device_count(fs); i++)
		if (fsr_device(fs, i)->devid == mirror->devid)
			return fsr_device(fs, i)->offset + mirror->offset;
	return mirror->offset;
}
