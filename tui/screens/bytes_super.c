/* SPDX-License-Identifier: MIT */
#include "bytes_super.h"

#include "../../inspect/report/report.h"

#include <inttypes.h>
#include <string.h>

#define SUPER_SIZE 4096u

struct labeller {
	fsr_label_fn fn;
	void *arg;
	uint32_t at;
	int ret;
};

static bool names(const struct fsr_field *field, const char *const *words)
{
	for (; *words; words++)
		if (strstr(field->name, *words))
			return true;
	return false;
}

static enum fsr_label_kind kind_of(const struct fsr_field *field)
{
	static const char *const generations[] = {"generation", "transid", NULL};
	static const char *const addresses[] = {"bytenr", "root", "offset", NULL};
	static const char *const lengths[] = {"bytes", "size", "used", "length", NULL};

	if (!strcmp(field->name, "csum"))
		return FSR_LABEL_CRC;
	if (field->kind != FSR_FIELD_U64)
		return FSR_LABEL_TYPE;
	return strstr(field->name, "level") ? FSR_LABEL_TYPE
	       : names(field, generations)  ? FSR_LABEL_GENERATION
	       : names(field, addresses)    ? FSR_LABEL_OFFSET
	       : names(field, lengths)      ? FSR_LABEL_BYTES
					    : FSR_LABEL_TYPE;
}

/* Names and raw bytes stay out: they are seen as bytes. */
static void put_value(const struct fsr_field *field, char *out, size_t size)
{
	const char *symbol = field_symbol(field), *name;
	char key[KEY_TEXT_SIZE];

	switch (field->kind) {
	case FSR_FIELD_U64:
	case FSR_FIELD_TIME:
		snprintf(out, size, " %" PRIu64 "%s%s%s", field->value, symbol ? " (" : "",
			symbol ? symbol : "", symbol ? ")" : "");
		break;
	case FSR_FIELD_HEX:
		snprintf(out, size, " 0x%" PRIx64, field->value);
		break;
	case FSR_FIELD_OBJECTID:
		name = fsr_objectid_name(field->value);
		if (name)
			snprintf(out, size, " %s", name);
		else
			snprintf(out, size, " %" PRIu64, field->value);
		break;
	case FSR_FIELD_KEY:
		words_key(&field->key, key);
		snprintf(out, size, " %s", key);
		break;
	default:
		*out = 0;
	}
}

static void give(struct labeller *l, uint32_t length, enum fsr_label_kind kind, const char *text)
{
	struct fsr_label label = {.byte = l->at, .length = length, .kind = kind};

	if (!length || l->ret)
		return;
	snprintf(label.text, sizeof label.text, "%s", text);
	l->at += length;
	l->ret = l->fn(l->arg, &label);
}

/* Fields come in the order of their bytes; one that lies over another is passed over. */
static int take_field(void *arg, const struct fsr_field *field)
{
	struct labeller *l = arg;
	char text[160], value[112];

	if (field->offset < l->at || field->offset > SUPER_SIZE || field->size > SUPER_SIZE - field->offset)
		return 0;
	give(l, field->offset - l->at, FSR_LABEL_UNUSED, "unused");
	put_value(field, value, sizeof value);
	if (field->list)
		snprintf(text, sizeof text, "%s[%u].%s%s", field->list, field->index, field->name, value);
	else
		snprintf(text, sizeof text, "%s%s", field->name, value);
	give(l, field->size, kind_of(field), text);
	return l->ret;
}

int bytes_label_super(const uint8_t *raw, fsr_label_fn fn, void *arg)
{
	struct labeller l = {.fn = fn, .arg = arg};

	fsr_super_fields(raw, take_field, &l);
	give(&l, SUPER_SIZE - l.at, FSR_LABEL_UNUSED, "unused");
	return l.ret;
}
