/* SPDX-License-Identifier: MIT */
#include "json_stream.h"

#include <stdlib.h>
#include <string.h>

/*
 * Everything beyond ASCII is written as \u, DEL too; "##" is broken up because CI systems read it as
 * a command wherever it stands. Both can be in strings only.
 */
static bool write_value(FILE *out, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENSURE_ASCII | JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	if (!text)
		return false;
	for (const char *p = text; *p;) {
		size_t plain = strcspn(p, "\177#");
		fwrite(p, 1, plain, out);
		p += plain;
		if (*p == '\177')
			fputs("\\u007f", out);
		else if (*p)
			fputs(p[1] == '#' ? "\\u0023" : "#", out);
		p += *p != 0;
	}
	free(text);
	return true;
}

/* A new line, and the indent of what is open. */
static void break_line(const struct json_stream *json)
{
	fprintf(json->out, "\n%*s", (int)json->depth, "");
}

/* Goes to the place of the next value: a comma, a new line, its key. */
static void next(struct json_stream *json, const char *key)
{
	if (json->failed)
		return;
	if (json->started[json->depth])
		fputc(',', json->out);
	if (json->depth)
		break_line(json);
	json->started[json->depth] = true;
	if (key)
		fprintf(json->out, "\"%s\": ", key);
}

bool json_failed(const struct json_stream *json)
{
	return json->failed;
}

bool json_stopped(const struct json_stream *json)
{
	return json->failed || ferror(json->out) || (json->stopped && json->stopped(json->stopped_arg));
}

void json_open(struct json_stream *json, const char *key, char bracket)
{
	next(json, key);
	if (!json->failed)
		fputc(bracket, json->out);
	json->started[++json->depth] = false;
}

void json_close(struct json_stream *json, char bracket)
{
	bool filled = json->started[json->depth--];

	if (json->failed)
		return;
	if (filled)
		break_line(json);
	fputc(bracket, json->out);
	if (!json->depth)
		fputc('\n', json->out);
}

void json_put(struct json_stream *json, const char *key, json_t *value)
{
	next(json, key);
	if (json->failed)
		json_decref(value);
	else
		json->failed = !write_value(json->out, value);
}

void json_put_members(struct json_stream *json, json_t *object)
{
	const char *key;
	json_t *value;

	json->failed |= !object;
	json_object_foreach(object, key, value) json_put(json, key, json_incref(value));
	json_decref(object);
}

bool json_line(FILE *out, json_t *value)
{
	if (!write_value(out, value))
		return false;
	fputc('\n', out);
	return true;
}
