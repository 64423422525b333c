/* SPDX-License-Identifier: MIT */
/* Decoded fields and raw bytes as text. */
#include "report/escape.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* Field names stand in a column of this width. */
#define NAME_WIDTH 38

static void put_time(const struct fsr_field *field)
{
	time_t seconds = (time_t)field->value;
	char text[40];
	struct tm tm;

	printf("%" PRId64 ".%09u", (int64_t)field->value, field->nsec);
	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm))
		printf(" (%s UTC)", text);
}

static void put_flag_names(uint64_t flags, flag_name_fn name)
{
	const char *between = " (";

	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (name(bit))
			printf("%s%s", between, name(bit));
		else
			printf("%sBIT_%u", between, bit);
		between = ", ";
	}
	if (flags)
		putchar(')');
}

static void put_bytes(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%02x", p[i]);
}

void put_field_value(const struct fsr_field *field)
{
	char text[KEY_TEXT_SIZE];

	switch (field->kind) {
	case FSR_FIELD_HEX:
		printf("0x%" PRIx64, field->value);
		break;
	case FSR_FIELD_KEY:
		words_key(&field->key, text);
		fputs(text, stdout);
		break;
	case FSR_FIELD_UUID:
		words_uuid(field->bytes, text);
		fputs(text, stdout);
		break;
	case FSR_FIELD_TIME:
		put_time(field);
		break;
	case FSR_FIELD_NAME:
		putchar('\'');
		put_escaped(stdout, field->bytes, field_name_size(field));
		putchar('\'');
		break;
	case FSR_FIELD_BYTES:
		put_bytes(field->bytes, field->size);
		break;
	default:
		printf("%" PRIu64, field->value);
	}
}

static int put_field(void *arg, const struct fsr_field *field)
{
	const char *const *item = arg, *symbol = field_symbol(field);
	flag_name_fn flags = field_flags(*item, field);
	int width = 0;

	fputs("  ", stdout);
	if (field->list)
		width = printf("%s[%u].", field->list, field->index);
	printf("%-*s ", NAME_WIDTH > width ? NAME_WIDTH - width : 0, field->name);
	put_field_value(field);
	if (field->kind == FSR_FIELD_OBJECTID && !symbol)
		symbol = fsr_objectid_name(field->value);
	if (flags)
		put_flag_names(field->value, flags);
	else if (symbol)
		printf(" (%s)", symbol);
	putchar('\n');
	return 0;
}

void put_item_fields(const struct fsr_item *item)
{
	const char *type = fsr_key_type_name(item->key.type);

	if (!type)
		type = "";
	fsr_item_fields(item, put_field, &type);
}

void put_super_fields(const uint8_t *raw)
{
	const char *type = NULL;

	fsr_super_fields(raw, put_field, &type);
}

void put_hex_row(const uint8_t *p, size_t n, size_t offset, bool pad)
{
	printf("  %6zu ", offset);
	for (size_t i = 0; i < n; i++)
		printf("%s%02x", i == 8 ? "  " : " ", p[i]);
	if (pad)
		printf("%*s", (int)(3 * (16 - n) + (n <= 8)), "");
}

void put_hex(const uint8_t *p, size_t n)
{
	for (size_t at = 0; at < n; at += 16) {
		put_hex_row(p + at, n - at < 16 ? n - at : 16, at, false);
		putchar('\n');
	}
}
