/* SPDX-License-Identifier: MIT */
#include "field_text.h"

#include "../../inspect/report/escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Text that grows behind what is there, as far as there is room. */
struct text {
	char *out;
	size_t at, size;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->out + text->at, text->size - text->at, format, args);
	va_end(args);
	if (n > 0)
		text->at = text->at + (size_t)n < text->size ? text->at + (size_t)n : text->size - 1;
}

const char *field_name(const struct fsr_field *field, char out[FIELD_TEXT])
{
	if (field->list)
		snprintf(out, FIELD_TEXT, "%s[%u].%s", field->list, field->index, field->name);
	else
		snprintf(out, FIELD_TEXT, "%s", field->name);
	return out;
}

/* Cut where a character ends, so that what is left is still UTF-8. */
static void add_whole(struct text *text, const char *s, size_t room)
{
	size_t n = strlen(s) < room ? strlen(s) : room;

	while (n && n < strlen(s) && (s[n] & 0xc0) == 0x80)
		n--;
	add(text, "%.*s", (int)n, s);
}

const char *quoted_name(const uint8_t *bytes, size_t n, char out[FIELD_TEXT])
{
	struct text text = {out, 0, FIELD_TEXT};
	char *safe = escaped(bytes, n);
	size_t room = FIELD_TEXT - 8;

	add(&text, "\"");
	if (safe)
		add_whole(&text, safe, room);
	add(&text, "%s", safe && strlen(safe) > room ? "…\"" : "\"");
	free(safe);
	return out;
}

const char *objectid_text(uint64_t objectid, bool raw, char out[32])
{
	const char *name = raw ? NULL : fsr_objectid_name(objectid);

	if (name)
		snprintf(out, 32, "%s", name);
	else if (objectid > UINT64_MAX - 256)
		snprintf(out, 32, "%" PRId64, (int64_t)objectid);
	else
		snprintf(out, 32, "%" PRIu64, objectid);
	return out;
}

const char *key_text(const struct fsr_key *key, bool raw, char out[KEY_TEXT_SIZE])
{
	char objectid[32];

	if (raw)
		snprintf(out, KEY_TEXT_SIZE, "(%s %u %" PRIu64 ")",
			objectid_text(key->objectid, true, objectid), key->type, key->offset);
	else
		words_key(key, out);
	return out;
}

static void add_flags(struct text *text, uint64_t flags, flag_name_fn name)
{
	const char *between = "";

	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (name(bit))
			add(text, "%s%s", between, name(bit));
		else
			add(text, "%sBIT_%u", between, bit);
		between = ", ";
	}
}

const char *field_flag_names(const struct fsr_field *field, const char *item, char out[FIELD_TEXT])
{
	struct text text = {out, 0, FIELD_TEXT};
	flag_name_fn name = field_flags(item, field);

	*out = 0;
	if (name)
		add_flags(&text, field->value, name);
	else
		add(&text, "0x%" PRIx64, field->value);
	return out;
}

static void add_time(struct text *text, const struct fsr_field *field)
{
	time_t seconds = (time_t)field->value;
	char date[40];
	struct tm tm;

	add(text, "%" PRId64 ".%09u", (int64_t)field->value, field->nsec);
	if (gmtime_r(&seconds, &tm) && strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &tm))
		add(text, " (%s UTC)", date);
}

/* As many as there is room for; how many there are stands first. */
static void add_bytes(struct text *text, const struct fsr_field *field)
{
	add(text, "%" PRIu32 " bytes", field->size);
	for (uint32_t i = 0; i < field->size && text->at + 8 < text->size; i++)
		add(text, "%s%02x", i % 8 ? "" : " ", field->bytes[i]);
	if (field->size && text->at + 8 >= text->size)
		add(text, "…");
}

static void add_uuid(struct text *text, const struct fsr_field *field)
{
	char uuid[UUID_TEXT_SIZE];

	words_uuid(field->bytes, uuid);
	add(text, "%s", uuid);
}

static void add_number(struct text *text, const struct fsr_field *field, bool raw)
{
	const char *word = field_symbol(field);
	char objectid[32];

	if (field->kind == FSR_FIELD_OBJECTID)
		add(text, "%s", objectid_text(field->value, true, objectid));
	else if (!strcmp(field->name, "mode") || !strcmp(field->name, "inode.mode"))
		add(text, "0%" PRIo64, field->value);
	else
		add(text, "%" PRIu64, field->value);
	if (!raw && word)
		add(text, " %s", word);
}

const char *field_value(const struct fsr_field *field, const char *item, bool raw, char out[FIELD_TEXT])
{
	struct text text = {out, 0, FIELD_TEXT};
	flag_name_fn flags = field_flags(item, field);
	char key[KEY_TEXT_SIZE];

	*out = 0;
	switch (field->kind) {
	case FSR_FIELD_HEX:
		add(&text, "0x%" PRIx64 " ", field->value);
		if (flags && !raw)
			add_flags(&text, field->value, flags);
		break;
	case FSR_FIELD_KEY:
		add(&text, "%s", key_text(&field->key, raw, key));
		break;
	case FSR_FIELD_UUID:
		add_uuid(&text, field);
		break;
	case FSR_FIELD_TIME:
		add_time(&text, field);
		break;
	case FSR_FIELD_NAME:
		return quoted_name(field->bytes, field_name_size(field), out);
	case FSR_FIELD_BYTES:
		add_bytes(&text, field);
		break;
	default:
		add_number(&text, field, raw);
	}
	return out;
}

enum style label_style(enum fsr_label_kind kind)
{
	static const enum style styles[] = {
		[FSR_LABEL_CRC] = STYLE_CRC,
		[FSR_LABEL_GENERATION] = STYLE_GENERATION,
		[FSR_LABEL_OFFSET] = STYLE_OFFSET,
		[FSR_LABEL_BYTES] = STYLE_LENGTH,
		[FSR_LABEL_TYPE] = STYLE_TYPE,
		[FSR_LABEL_BITMAP] = STYLE_PLAIN,
		[FSR_LABEL_UNUSED] = STYLE_UNUSED,
	};

	return (size_t)kind < sizeof styles / sizeof *styles ? styles[kind] : STYLE_PLAIN;
}
