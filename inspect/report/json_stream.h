/* SPDX-License-Identifier: MIT */
/*
 * A JSON document on its way to a file, written element by element: objects and arrays are opened and closed
 * here, only the values in them are jansson's. No array is ever held as a whole. Where memory runs out, the
 * document breaks off and everything after that does nothing: ask json_failed() in the end. Whether the file
 * could be written, the file itself says (ferror(), fclose()).
 */
#ifndef INSPECT_REPORT_JSON_STREAM_H
#define INSPECT_REPORT_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define JSON_STREAM_DEPTH 8

/* Begins with `out` alone set; `stopped` may be set too. */
struct json_stream {
	FILE *out;
	bool (*stopped)(void *arg); /* true: there is no sense in going on; NULL: never */
	void *stopped_arg;
	bool failed;
	unsigned depth;
	bool started[JSON_STREAM_DEPTH]; /* something stands at this depth already */
};

/* True when memory ran out. */
bool json_failed(const struct json_stream *json);
/* True when there is no sense in writing more: it failed, the file can't be written, or was told to stop. */
bool json_stopped(const struct json_stream *json);

/* Opens an object or array. key is its name within an object, NULL within an array and at the top. */
void json_open(struct json_stream *json, const char *key, char bracket);
/* Closes it with '}' or ']'. */
void json_close(struct json_stream *json, char bracket);

/* Writes a value and gives it up. NULL is a value for which memory ran out. */
void json_put(struct json_stream *json, const char *key, json_t *value);
/* Writes the members of an object, so that more can follow, and gives it up. */
void json_put_members(struct json_stream *json, json_t *object);

/* Writes a value as a line of its own and gives it up: NDJSON. False when memory ran out. */
bool json_line(FILE *out, json_t *value);

#endif
