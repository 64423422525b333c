/* SPDX-License-Identifier: MIT */
#include "read_fields.h"

#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ENUM_MAX 64 /* more than any enum has */

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
		return "a number";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_NULL:
		return "null";
	default:
		return "true or false";
	}
}

static void wrong_type(const struct fields *fields, const char *key, const json_t *value, const char *right)
{
	trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is %s, not %s", fields->name, key,
		type_name(value), right);
}

/* The member, NULL when it is missing. */
static const json_t *member(const struct fields *fields, const char *key)
{
	const json_t *value = fields->trouble->failed ? NULL : json_object_get(fields->object, key);

	if (!value)
		trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is missing", fields->name, key);
	return value;
}

/* A number above 2^63-1: "0x" and 16 digits. */
static bool large_number(const char *text, uint64_t *value)
{
	if (strlen(text) != 18 || memcmp(text, "0x", 2) != 0 || strspn(text + 2, "0123456789abcdef") != 16)
		return false;
	*value = strtoull(text + 2, NULL, 16);
	return *value > INT64_MAX;
}

bool number_value(const json_t *json, uint64_t *value)
{
	if (json_is_string(json))
		return large_number(json_string_value(json), value);
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return false;
	*value = (uint64_t)json_integer_value(json);
	return true;
}

static uint64_t checked_number(
	const struct fields *fields, const char *key, const json_t *value, uint64_t most)
{
	uint64_t number = 0;

	if (!number_value(value, &number)) {
		if (json_is_integer(value))
			trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is negative", fields->name, key);
		else
			wrong_type(fields, key, value, "an unsigned number");
		return 0;
	}
	if (number <= most)
		return number;
	trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is %" PRIu64 ", at most %" PRIu64 " can be",
		fields->name, key, number, most);
	return 0;
}

uint64_t field_number(const struct fields *fields, const char *key, uint64_t most)
{
	const json_t *value = member(fields, key);

	return value ? checked_number(fields, key, value, most) : 0;
}

bool field_maybe(const struct fields *fields, const char *key, uint64_t most, uint64_t *value)
{
	const json_t *json = member(fields, key);

	if (!json || json_is_null(json))
		return false;
	*value = checked_number(fields, key, json, most);
	return true;
}

void field_unused(const struct fields *fields, const char *key)
{
	uint64_t unused;

	field_maybe(fields, key, UINT64_MAX, &unused);
}

bool field_bool(const struct fields *fields, const char *key)
{
	const json_t *value = member(fields, key);

	if (value && !json_is_boolean(value))
		wrong_type(fields, key, value, "true or false");
	return json_is_true(value);
}

const char *field_maybe_text(const struct fields *fields, const char *key)
{
	const json_t *value = member(fields, key);

	if (value && !json_is_string(value) && !json_is_null(value))
		wrong_type(fields, key, value, "a text");
	return json_string_value(value);
}

const char *field_text(const struct fields *fields, const char *key)
{
	const json_t *value = member(fields, key);

	if (value && !json_is_string(value))
		wrong_type(fields, key, value, "a text");
	return json_string_value(value);
}

void copy_text(const char *text, char *out, size_t size)
{
	size_t n = strnlen(text, size - 1);

	while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, text, n);
	out[n] = 0;
}

void field_copy(const struct fields *fields, const char *key, char *out, size_t size)
{
	const char *text = field_text(fields, key);

	copy_text(text ? text : "", out, size);
}

const json_t *field_array(const struct fields *fields, const char *key)
{
	const json_t *value = member(fields, key);

	if (value && !json_is_array(value))
		wrong_type(fields, key, value, "an array");
	return value; /* jansson takes anything else for an empty one */
}

bool field_object(const struct fields *fields, const char *key, const char *name, struct fields *inside)
{
	const json_t *value = member(fields, key);

	if (value && !json_is_object(value) && !json_is_null(value))
		wrong_type(fields, key, value, "an object");
	*inside = (struct fields){fields->trouble, value, name};
	return json_is_object(value);
}

/* The byte that two hex digits make. */
static uint8_t hex_byte(const char *text)
{
	char digits[3] = {text[0], text[1], 0};

	return (uint8_t)strtoul(digits, NULL, 16);
}

/* Whatever is wrong with the text shows when it is compared with what the bytes give. */
static bool parse_uuid(const char *text, uint8_t uuid[16])
{
	char again[UUID_TEXT_SIZE];
	size_t at = 0;

	if (strlen(text) != UUID_TEXT_SIZE - 1)
		return false;
	for (int i = 0; i < 16; i++, at += 2) {
		at += text[at] == '-';
		if (at + 2 >= UUID_TEXT_SIZE)
			return false;
		uuid[i] = hex_byte(text + at);
	}
	words_uuid(uuid, again);
	return strcmp(text, again) == 0;
}

void field_uuid(const struct fields *fields, const char *key, uint8_t uuid[16])
{
	const char *text = field_maybe_text(fields, key);

	memset(uuid, 0, 16);
	if (text && !parse_uuid(text, uuid))
		trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is no UUID", fields->name, key);
}

static void unknown_word(const struct fields *fields, const char *key, const char *word)
{
	trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is '%.60s', a word not known here", fields->name,
		key, word);
}

static unsigned find_word(
	const struct fields *fields, const char *key, const char *word, enum_name_fn name_of)
{
	for (unsigned i = 0; i < ENUM_MAX; i++) {
		const char *name = name_of(i);
		if (name && strcmp(name, word) == 0)
			return i;
	}
	unknown_word(fields, key, word);
	return 0;
}

unsigned field_word(const struct fields *fields, const char *key, enum_name_fn name)
{
	const char *word = field_text(fields, key);

	return word ? find_word(fields, key, word, name) : 0;
}

unsigned field_maybe_word(const struct fields *fields, const char *key, enum_name_fn name, unsigned null)
{
	const char *word = field_maybe_text(fields, key);

	return word ? find_word(fields, key, word, name) : null;
}

static unsigned flag_bit(const struct fields *fields, const char *key, const char *word, enum_name_fn name_of)
{
	char number[FLAG_TEXT_SIZE];

	for (unsigned bit = 0; bit < 64; bit++) {
		snprintf(number, sizeof number, FLAG_NUMBER, bit);
		if (strcmp(number, word) == 0)
			return bit;
	}
	return find_word(fields, key, word, name_of);
}

uint64_t field_flags_words(const struct fields *fields, const char *key, enum_name_fn name)
{
	const json_t *array = field_array(fields, key);
	uint64_t flags = 0;

	for (size_t i = 0; i < json_array_size(array) && !fields->trouble->failed; i++) {
		const json_t *value = json_array_get(array, i);
		const char *word = json_string_value(value);
		if (!word)
			wrong_type(fields, key, value, "an array of texts");
		else
			flags |= UINT64_C(1) << flag_bit(fields, key, word, name);
	}
	return flags;
}
