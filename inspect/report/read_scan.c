/* SPDX-License-Identifier: MIT */
#include "read_scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More text than any record takes, and not so much that a hostile one could take a lot of memory. */
#define KEPT_MAX (256u << 10)

void scan_begin(struct scan *scan, FILE *in, struct trouble *trouble)
{
	*scan = (struct scan){.in = in, .trouble = trouble, .line = 1};
	scan->next = getc_unlocked(in);
}

void scan_end(struct scan *scan)
{
	free(scan->kept);
	scan->kept = NULL;
}

static bool wrong(struct scan *scan, const char *what)
{
	return trouble_say(scan->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": %s", scan->line, what);
}

static bool ends(struct scan *scan)
{
	if (scan->trouble->failed)
		return false;
	if (ferror(scan->in))
		return trouble_say(scan->trouble, FSR_E_IO, "can't be read: %s", strerror(errno));
	scan->at_end = true;
	return wrong(scan, "the file ends before the report does");
}

static bool keep(struct scan *scan, char c)
{
	if (scan->length == scan->room) {
		size_t room = scan->room ? 2 * scan->room : 4096;
		char *kept = room <= KEPT_MAX ? realloc(scan->kept, room) : NULL;
		if (!kept)
			return room <= KEPT_MAX ? trouble_memory(scan->trouble)
						: wrong(scan, "a value is longer than any of a report");
		scan->kept = kept;
		scan->room = room;
	}
	scan->kept[scan->length++] = c;
	return true;
}

/* Takes the next character. */
static bool take(struct scan *scan)
{
	if (scan->trouble->failed)
		return false;
	if (scan->next == EOF)
		return ends(scan);
	if (scan->keeping && !keep(scan, (char)scan->next))
		return false;
	scan->line += scan->next == '\n';
	scan->next = getc_unlocked(scan->in);
	return true;
}

int scan_peek(struct scan *scan)
{
	while (scan->next == ' ' || scan->next == '\n' || scan->next == '\t' || scan->next == '\r')
		if (!take(scan))
			return EOF;
	return scan->trouble->failed ? EOF : scan->next;
}

/* Takes this character, blanks before it passed over. */
static bool expect(struct scan *scan, char c)
{
	char text[32];

	if (scan_peek(scan) == c)
		return take(scan);
	if (scan->next == EOF)
		return ends(scan);
	snprintf(text, sizeof text, "not JSON: no '%c' where one", c);
	return trouble_say(scan->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": %s must be", scan->line, text);
}

static bool open_bracket(struct scan *scan, char bracket)
{
	if (scan->depth == SCAN_DEPTH)
		return wrong(scan, "brackets are nested deeper than in any report");
	if (!expect(scan, bracket))
		return false;
	scan->started[++scan->depth] = false;
	return true;
}

bool scan_open(struct scan *scan, char bracket, const char *name)
{
	int c = scan_peek(scan);

	if (c != bracket && c != EOF)
		return trouble_say(scan->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": %s is not an %s",
			scan->line, name, bracket == '{' ? "object" : "array");
	return open_bracket(scan, bracket);
}

/* Goes to the next part of what is open, or closes it. */
static bool next_part(struct scan *scan, char bracket)
{
	if (scan_peek(scan) == bracket) {
		scan->depth--;
		take(scan);
		return false;
	}
	if (scan->started[scan->depth])
		return expect(scan, ',');
	scan->started[scan->depth] = true;
	return !scan->trouble->failed;
}

bool scan_element(struct scan *scan)
{
	return next_part(scan, ']');
}

static bool pass_string(struct scan *scan)
{
	if (!expect(scan, '"'))
		return false;
	while (scan->next != '"') {
		if (scan->next < ' ' && scan->next != EOF)
			return wrong(scan, "not JSON: a text with a control character in it");
		bool escape = scan->next == '\\';
		if (!take(scan) || (escape && !take(scan)))
			return false;
	}
	return take(scan);
}

/* A number, true, false or null. */
static bool pass_word(struct scan *scan)
{
	static const char letters[] = "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	bool any = false;

	for (; scan->next > 0 && strchr(letters, scan->next); any = true)
		if (!take(scan))
			return false;
	return any || (scan->next == EOF ? ends(scan) : wrong(scan, "not JSON: no value where one must be"));
}

/* Takes a value: keeping it or not is the caller's choice. The depth is bounded, so this can call itself. */
static bool pass(struct scan *scan)
{
	int c = scan_peek(scan);
	bool object = c == '{';

	if (c == '"')
		return pass_string(scan);
	if (!object && c != '[')
		return c == EOF ? ends(scan) : pass_word(scan);
	if (!open_bracket(scan, (char)c))
		return false;
	while (next_part(scan, object ? '}' : ']')) {
		if (object && !(pass_string(scan) && expect(scan, ':')))
			return false;
		if (!pass(scan))
			return false;
	}
	return !scan->trouble->failed;
}

bool scan_skip(struct scan *scan)
{
	return pass(scan);
}

/* What was kept since `line` as a value. */
static json_t *decode(struct scan *scan, uint64_t line)
{
	json_error_t error;
	json_t *value =
		json_loadb(scan->kept, scan->length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	if (value)
		return value;
	if (json_error_code(&error) == json_error_out_of_memory)
		trouble_memory(scan->trouble);
	else
		trouble_say(scan->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": not JSON of a report: %s",
			line + (error.line > 0 ? (uint64_t)error.line - 1 : 0), error.text);
	return NULL;
}

static json_t *take_value(struct scan *scan, bool (*pass_fn)(struct scan *scan))
{
	scan_peek(scan);
	uint64_t line = scan->line;
	scan->length = 0;
	scan->keeping = true;
	bool ok = pass_fn(scan);
	scan->keeping = false;
	return ok ? decode(scan, line) : NULL;
}

json_t *scan_value(struct scan *scan)
{
	return take_value(scan, pass);
}

bool scan_member(struct scan *scan)
{
	if (!next_part(scan, '}'))
		return false;
	json_t *key = take_value(scan, pass_string);
	if (!key)
		return false;
	snprintf(scan->key, sizeof scan->key, "%s", json_string_value(key));
	json_decref(key);
	return expect(scan, ':');
}

/* Puts the member that comes next into the object; *room is how much text it may take. */
static bool add_member(struct scan *scan, json_t *object, size_t *room)
{
	if (json_object_get(object, scan->key))
		return trouble_say(scan->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": '%s' is there twice",
			scan->line, scan->key);
	json_t *value = scan_value(scan);
	if (!value)
		return false;
	if (json_object_set_new(object, scan->key, value) != 0)
		return trouble_memory(scan->trouble);
	if (scan->length + SCAN_KEY_MAX > *room)
		return wrong(scan, "an object is longer than any of a report");
	*room -= scan->length + SCAN_KEY_MAX;
	return true;
}

static bool add_members(struct scan *scan, json_t *object, const char *apart, scan_apart_fn fn, void *arg)
{
	size_t room = KEPT_MAX;

	while (scan_member(scan))
		if (!(apart && strcmp(scan->key, apart) == 0 ? fn(arg) : add_member(scan, object, &room)))
			return false;
	return !scan->trouble->failed;
}

json_t *scan_object(struct scan *scan, const char *name, const char *apart, scan_apart_fn fn, void *arg)
{
	json_t *object = json_object();

	if (!object)
		trouble_memory(scan->trouble);
	else if (scan_open(scan, '{', name) && add_members(scan, object, apart, fn, arg))
		return object;
	json_decref(object);
	return NULL;
}
