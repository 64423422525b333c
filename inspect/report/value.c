/* SPDX-License-Identifier: MIT */
#include "escape.h"
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

json_t *report_u64(uint64_t value)
{
	char text[19];

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof text, "0x%016" PRIx64, value);
	return json_string(text);
}

json_t *report_maybe(bool there, uint64_t value)
{
	return there ? report_u64(value) : json_null();
}

json_t *report_bytes(const void *s, size_t n)
{
	if (utf8_valid(s, n))
		return json_stringn(s, n);
	char *text = escaped(s, n);
	json_t *value = text ? json_string(text) : NULL;
	free(text);
	return value;
}

json_t *report_text(const char *s)
{
	return report_bytes(s, strlen(s));
}

json_t *report_word(const char *word)
{
	return word ? json_string(word) : json_null();
}

json_t *report_hex(const void *s, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *p = s;
	char *text = malloc(2 * n + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digit[p[i] >> 4];
		text[2 * i + 1] = digit[p[i] & 15];
	}
	json_t *value = json_stringn(text, 2 * n);
	free(text);
	return value;
}

json_t *report_uuid(const uint8_t uuid[16])
{
	static const uint8_t zero[16];
	char text[UUID_TEXT_SIZE];

	if (memcmp(uuid, zero, sizeof zero) == 0)
		return json_null();
	words_uuid(uuid, text);
	return json_string(text);
}

json_t *report_key(const struct fsr_key *key)
{
	return json_pack("{s:o, s:i, s:o}", "objectid", report_u64(key->objectid), "type", key->type,
		"offset", report_u64(key->offset));
}
