/* SPDX-License-Identifier: MIT */
/* super: all superblock mirrors of all devices. */
#include "document.h"
#include "image.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

/* The mirror in use; there is one in every filesystem that could be opened. */
static const struct fsr_super_mirror *mirror_in_use(const struct fsr_fs *fs)
{
	for (size_t i = 0; i < fsr_mirror_count(fs); i++)
		if (fsr_mirror(fs, i)->used)
			return fsr_mirror(fs, i);
	return NULL;
}

static json_t *differences(const struct fsr_fs *fs, const struct fsr_super_mirror *mirror)
{
	const struct fsr_super_mirror *used = mirror_in_use(fs);
	bool comparable = used && mirror->present && mirror->magic_ok;

	return comparable ? report_mirror_differences(used, mirror) : json_null();
}

/* ---- text */

static const char *mirror_fate(const struct fsr_super_mirror *mirror)
{
	if (!mirror->present)
		return "not present: the device ends before it";
	if (!mirror->magic_ok)
		return "no superblock: the magic is missing";
	if (!mirror->csum_ok)
		return "damaged: the checksum does not match";
	return mirror->used ? "good, in use" : "good";
}

static void print_differences(const struct fsr_fs *fs, const struct fsr_super_mirror *mirror)
{
	json_t *names = differences(fs, mirror), *name;
	size_t i;

	if (json_array_size(names)) {
		fputs("  differs from the mirror in use in:", stdout);
		json_array_foreach(names, i, name) printf("%s %s", i ? "," : "", json_string_value(name));
		putchar('\n');
	}
	json_decref(names);
}

static int print_difference(
	void *arg, const char *name, const struct fsr_field *value, const struct fsr_field *in_use)
{
	unsigned *n = arg;

	printf("  %-38s ", name);
	put_field_value(value);
	fputs("  in use ", stdout);
	if (in_use)
		put_field_value(in_use);
	else
		fputs("none", stdout);
	putchar('\n');
	++*n;
	return 0;
}

static void print_compared(const struct fsr_fs *fs, const struct fsr_super_mirror *mirror)
{
	const struct fsr_super_mirror *used = mirror_in_use(fs);
	unsigned n = 0;

	printf("  present %s  checksum %s  image offset %" PRIu64, mirror->present ? "yes" : "no",
		!mirror->present  ? "none"
		: mirror->csum_ok ? "good"
				  : "wrong",
		mirror_image_offset(fs, mirror));
	if (mirror->present && mirror->magic_ok)
		printf("  generation %" PRIu64, mirror_generation(mirror));
	putchar('\n');
	if (!used || used == mirror || !mirror->present || !mirror->magic_ok)
		return;
	mirror_differences(used, mirror, print_difference, &n);
	if (!n)
		puts("  no field differs from the mirror in use");
}

static void print_mirrors(const struct settings *settings, const struct fsr_fs *fs)
{
	for (size_t i = 0; i < fsr_mirror_count(fs); i++) {
		const struct fsr_super_mirror *mirror = fsr_mirror(fs, i);
		printf("\ndevice %" PRIu64 " mirror %u at %" PRIu64 ": %s\n", mirror->devid, mirror->index,
			mirror->offset, mirror_fate(mirror));
		if (settings->mirrors)
			print_compared(fs, mirror);
		if (settings->mirrors || !mirror->present || !mirror->magic_ok)
			continue;
		print_differences(fs, mirror);
		put_super_fields(mirror->raw);
	}
}

static void super_text(const struct settings *settings, struct fsr_fs *fs, struct finding_list *findings)
{
	put_head(settings, fs, settings->operands[0]);
	for (size_t i = 0; i < fsr_device_count(fs); i++) {
		const struct fsr_device *device = fsr_device(fs, i);
		char uuid[UUID_TEXT_SIZE];
		words_uuid(device->uuid, uuid);
		printf("device %" PRIu64 " uuid %s at offset %" PRIu64 " size ", device->devid, uuid,
			device->offset);
		put_size(settings, device->size);
		putchar('\n');
	}
	print_mirrors(settings, fs);
	finding_list_print_section(settings, findings);
}

/* ---- JSON */

static json_t *mirror_json(
	const struct settings *settings, const struct fsr_fs *fs, const struct fsr_super_mirror *mirror)
{
	const struct fsr_super_mirror *used = mirror_in_use(fs);
	json_t *object = report_mirror(mirror);
	int ret = json_object_set_new(object, "differs_in", differences(fs, mirror));

	if (!ret && settings->mirrors && used)
		ret = json_object_update_new(object, report_mirror_compared(fs, used, mirror));
	if (ret == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* The backup roots of the mirror in use, out of its fields. */
static json_t *backup_roots(const struct fsr_fs *fs)
{
	const struct fsr_super_mirror *used = mirror_in_use(fs);
	json_t *mirror = used ? report_mirror(used) : NULL;
	json_t *roots = json_object_get(json_object_get(mirror, "fields"), "backup_roots");

	roots = roots ? json_incref(roots) : json_array();
	json_decref(mirror);
	return roots;
}

static void super_json(
	const struct settings *settings, struct fsr_fs *fs, const struct finding_list *findings)
{
	struct json_stream json;

	document_open(&json, settings, fs);
	json_open(&json, "mirrors", '[');
	for (size_t i = 0; i < fsr_mirror_count(fs); i++)
		json_put(&json, NULL, mirror_json(settings, fs, fsr_mirror(fs, i)));
	json_close(&json, ']');
	json_put(&json, "backup_roots", backup_roots(fs));
	document_findings(&json, findings);
	document_close(&json, NULL);
}

int cmd_super(const struct settings *settings)
{
	struct finding_list findings = {0};
	struct fsr_fs *fs = image_open_only(settings);

	if (!fs)
		return STATUS_TROUBLE;
	finding_list_add_filesystem(&findings, fs);
	if (settings->format == FORMAT_JSON)
		super_json(settings, fs, &findings);
	else
		super_text(settings, fs, &findings);
	finding_list_free(&findings);
	fsr_close(fs);
	return STATUS_CLEAN;
}
