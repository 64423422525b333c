/* SPDX-License-Identifier: MIT */
/*
 * A JSON document on stdout, written element by element: objects and arrays are opened and closed
 * here, only the values in them are jansson's. No array is ever held as a whole.
 */
#ifndef INSPECT_JSON_STREAM_H
#define INSPECT_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>

#define JSON_STREAM_DEPTH 8

struct json_stream {
	unsigned depth;
	bool started[JSON_STREAM_DEPTH]; /* something stands at this depth already */
};

/* Opens an object or array. key is its name within an object, NULL within an array and at the top. */
void json_open(struct json_stream *json, const char *key, char bracket);
/* Closes it with '}' or ']'. */
void json_close(struct json_stream *json, char bracket);

/* Writes a value and gives it up. NULL, a value for which memory ran out, ends the program. */
void json_put(struct json_stream *json, const char *key, json_t *value);
/* Writes the members of an object, so that more can follow, and gives it up. */
void json_put_members(struct json_stream *json, json_t *object);

/* Writes a value as a line of its own and gives it up: NDJSON. */
void json_line(json_t *value);

#endif
