/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <string.h>

json_t *report_field_value(const struct fsr_field *field)
{
	switch (field->kind) {
	case FSR_FIELD_KEY:
		return report_key(&field->key);
	case FSR_FIELD_UUID:
		return report_uuid(field->bytes);
	case FSR_FIELD_TIME:
		return json_pack(
			"{s:o, s:o}", "sec", report_u64(field->value), "nsec", report_u64(field->nsec));
	case FSR_FIELD_NAME:
		return report_bytes(field->bytes, field_name_size(field));
	case FSR_FIELD_BYTES:
		return report_hex(field->bytes, field->size);
	default:
		return report_u64(field->value);
	}
}

/* The object a field goes into: the item's own, or the newest one of its list. */
static json_t *field_parent(json_t *object, const struct fsr_field *field)
{
	json_t *list;

	if (!field->list)
		return object;
	list = json_object_get(object, field->list);
	if (!list) {
		list = json_array();
		if (json_object_set_new(object, field->list, list) != 0)
			return NULL;
	}
	if (field->index >= json_array_size(list) && json_array_append_new(list, json_object()) != 0)
		return NULL;
	return json_array_get(list, json_array_size(list) - 1);
}

struct fields {
	json_t *object;
	const char *item; /* the name of the item's type, NULL for a superblock */
};

/* Adds "<name>_name" with the word for a value, or the names of a set of flags. */
static int add_words(json_t *parent, const char *item, const struct fsr_field *field)
{
	flag_name_fn flags = field_flags(item, field);
	const char *symbol = field_symbol(field);
	char name[64];

	if (!symbol && !flags)
		return 0;
	snprintf(name, sizeof name, flags ? "%s_names" : "%s_name", field->name);
	return json_object_set_new(
		parent, name, flags ? report_flags(field->value, flags) : json_string(symbol));
}

static int add_field(void *arg, const struct fsr_field *field)
{
	struct fields *fields = arg;
	json_t *parent = field_parent(fields->object, field);

	if (!parent || json_object_set_new(parent, field->name, report_field_value(field)) != 0)
		return -1;
	return add_words(parent, fields->item, field);
}

static json_t *finish_fields(json_t *object, int failed)
{
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

json_t *report_item_fields(const struct fsr_item *item)
{
	const char *type = fsr_key_type_name(item->key.type);
	struct fields fields = {json_object(), type ? type : ""};

	return fields.object ? finish_fields(fields.object, fsr_item_fields(item, add_field, &fields)) : NULL;
}

json_t *report_item(const struct fsr_item *item)
{
	char name[KEY_TEXT_SIZE];

	words_key(&item->key, name);
	return json_pack("{s:o, s:s, s:o, s:i, s:o, s:o, s:o}", "key", report_key(&item->key), "key_name",
		name, "leaf", report_u64(item->leaf), "slot", (int)item->slot, "size", report_u64(item->size),
		"fields", report_item_fields(item), "raw", report_hex(item->data, item->size));
}

static json_t *report_super_fields(const struct fsr_super_mirror *mirror)
{
	struct fields fields = {json_object(), NULL};

	if (!fields.object)
		return NULL;
	return finish_fields(fields.object, fsr_super_fields(mirror->raw, add_field, &fields));
}

json_t *report_mirror(const struct fsr_super_mirror *mirror)
{
	return json_pack("{s:o, s:i, s:o, s:b, s:b, s:b, s:b, s:o}", "devid", report_u64(mirror->devid),
		"index", (int)mirror->index, "offset", report_u64(mirror->offset), "present", mirror->present,
		"magic_ok", mirror->magic_ok, "csum_ok", mirror->csum_ok, "used", mirror->used, "fields",
		mirror->present && mirror->magic_ok ? report_super_fields(mirror) : json_null());
}

struct difference {
	const uint8_t *a, *b;
	json_t *names;
};

/* Fields that lawfully differ from copy to copy or from device to device. */
static bool differs_by_nature(const struct fsr_field *field)
{
	return strcmp(field->name, "csum") == 0 || strcmp(field->name, "bytenr") == 0 ||
	       strncmp(field->name, "dev_item", 8) == 0 ||
	       (field->list && strncmp(field->list, "dev_item", 8) == 0);
}

static int compare_field(void *arg, const struct fsr_field *field)
{
	struct difference *d = arg;
	char name[96];

	if (differs_by_nature(field) || memcmp(d->a + field->offset, d->b + field->offset, field->size) == 0)
		return 0;
	if (field->list)
		snprintf(name, sizeof name, "%.40s[%u].%.40s", field->list, field->index, field->name);
	else
		snprintf(name, sizeof name, "%.90s", field->name);
	return json_array_append_new(d->names, json_string(name));
}

json_t *report_mirror_differences(const struct fsr_super_mirror *a, const struct fsr_super_mirror *b)
{
	struct difference d = {a->raw, b->raw, json_array()};

	return d.names ? finish_fields(d.names, fsr_super_fields(a->raw, compare_field, &d)) : NULL;
}
