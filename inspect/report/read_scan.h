/* SPDX-License-Identifier: MIT */
/*
 * A JSON document taken in as it was written, element by element: objects and arrays are opened and left
 * here, and only one value at a time becomes jansson's. What is passed over takes no memory.
 */
#ifndef INSPECT_REPORT_READ_SCAN_H
#define INSPECT_REPORT_READ_SCAN_H

#include "read_trouble.h"

#include <jansson.h>
#include <stdio.h>

#define SCAN_DEPTH 64   /* of brackets within brackets */
#define SCAN_KEY_MAX 64 /* a longer key is cut, and so none that is known */

struct scan {
	FILE *in;
	struct trouble *trouble;
	int next; /* the character to come, EOF at the end */
	uint64_t line;
	unsigned depth;
	bool started[SCAN_DEPTH + 1]; /* something was taken at this depth already */
	bool at_end;                  /* it failed because the file ends too early */
	char key[SCAN_KEY_MAX];       /* of the last member */
	bool keeping;
	char *kept; /* the text of the value that is being taken */
	size_t length, room;
};

/* Begins at the place where `in` is. */
void scan_begin(struct scan *scan, FILE *in, struct trouble *trouble);
/* Gives back what it took; `in` is the caller's. */
void scan_end(struct scan *scan);

/* The first character of what comes next, blanks passed over; EOF at the end or after a failure. */
int scan_peek(struct scan *scan);

/* Opens the object '{' or array '[' that comes next; name is what a sentence calls it. */
bool scan_open(struct scan *scan, char bracket, const char *name);
/*
 * Goes to the next member of the open object, whose key is then in scan->key, or element of the open array.
 * False when that was the last, which closes it, and when it failed.
 */
bool scan_member(struct scan *scan);
bool scan_element(struct scan *scan);

/* Takes the value that comes next, or passes it over. NULL, false: failed. The value is the caller's. */
json_t *scan_value(struct scan *scan);
bool scan_skip(struct scan *scan);

/*
 * Takes the object that comes next, apart from the member of this key (NULL: none), which `fn` takes or
 * passes over by itself. The object is the caller's; NULL: failed.
 */
typedef bool (*scan_apart_fn)(void *arg);
json_t *scan_object(struct scan *scan, const char *name, const char *apart, scan_apart_fn fn, void *arg);

#endif
