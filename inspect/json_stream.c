/* SPDX-License-Identifier: MIT */
#include "json_stream.h"

#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Everything beyond ASCII is written as \u, DEL too; "##" is broken up because CI systems read it as
 * a command wherever it stands. Both can be in strings only.
 */
static void write_value(json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENSURE_ASCII | JSON_ENCODE_ANY) : NULL;

	if (!text)
		out_of_memory();
	for (const char *p = text; *p;) {
		size_t plain = strcspn(p, "\177#");
		fwrite(p, 1, plain, stdout);
		p += plain;
		if (*p == '\177')
			fputs("\\u007f", stdout);
		else if (*p)
			fputs(p[1] == '#' ? "\\u0023" : "#", stdout);
		p += *p != 0;
	}
	free(text);
	json_decref(value);
}

/* Goes to the place of the next value: a comma, a new line, its key. */
static void next(struct json_stream *json, const char *key)
{
	if (json->started[json->depth])
		putchar(',');
	if (json->depth)
		printf("\n%*s", (int)json->depth, "");
	json->started[json->depth] = true;
	if (key)
		printf("\"%s\": ", key);
}

void json_open(struct json_stream *json, const char *key, char bracket)
{
	next(json, key);
	putchar(bracket);
	json->started[++json->depth] = false;
}

void json_close(struct json_stream *json, char bracket)
{
	bool filled = json->started[json->depth--];

	if (filled)
		printf("\n%*s", (int)json->depth, "");
	putchar(bracket);
	if (!json->depth)
		putchar('\n');
}

void json_put(struct json_stream *json, const char *key, json_t *value)
{
	next(json, key);
	write_value(value);
}

void json_put_members(struct json_stream *json, json_t *object)
{
	const char *key;
	json_t *value;

	if (!object)
		out_of_memory();
	json_object_foreach(object, key, value) json_put(json, key, json_incref(value));
	json_decref(object);
}

void json_line(json_t *value)
{
	write_value(value);
	putchar('\n');
}
