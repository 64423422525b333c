/* SPDX-License-Identifier: MIT */
/*
 * The members of a record, each looked at before it is used. What is missing, of the wrong type or out of
 * its range is noted as the trouble, with its key, and reads as 0 or NULL: whoever reads a record asks once,
 * in the end, whether it failed.
 */
#ifndef INSPECT_REPORT_READ_FIELDS_H
#define INSPECT_REPORT_READ_FIELDS_H

#include "read_trouble.h"

#include <jansson.h>

struct fields {
	struct trouble *trouble;
	const json_t *object;
	const char *name; /* of the object within its record, with a full stop: "cache."; else "" */
};

/* The number as report_u64() writes it, at most `most`. */
uint64_t field_number(const struct fields *fields, const char *key, uint64_t most);
/* The same where there may be null, which leaves *value and gives false. */
bool field_maybe(const struct fields *fields, const char *key, uint64_t most, uint64_t *value);
/* The same for one that means nothing here, but must be as it should. */
void field_unused(const struct fields *fields, const char *key);
bool field_bool(const struct fields *fields, const char *key);
/* The text, which belongs to the object; `maybe`: NULL for null. */
const char *field_text(const struct fields *fields, const char *key);
const char *field_maybe_text(const struct fields *fields, const char *key);
/* Copies the text, cut between two characters where there is no room for all. */
void field_copy(const struct fields *fields, const char *key, char *out, size_t size);
void copy_text(const char *text, char *out, size_t size);
/* The array; an empty one takes the place of what is none. */
const json_t *field_array(const struct fields *fields, const char *key);
/* The object; false for null. */
bool field_object(const struct fields *fields, const char *key, const char *name, struct fields *inside);
/* 16 bytes as report_uuid() writes them. */
void field_uuid(const struct fields *fields, const char *key, uint8_t uuid[16]);

/* Names of the numbers of an enum, NULL where there is none. */
typedef const char *(*enum_name_fn)(unsigned value);
/* The number whose name the word is; `maybe`: `null` where there is null. */
unsigned field_word(const struct fields *fields, const char *key, enum_name_fn name);
unsigned field_maybe_word(const struct fields *fields, const char *key, enum_name_fn name, unsigned null);
/* The bits whose names are in the array, "BIT_n" too: what report_flags() writes. */
uint64_t field_flags_words(const struct fields *fields, const char *key, enum_name_fn name);

/* What report_u64() writes, to *value; else false. */
bool number_value(const json_t *json, uint64_t *value);

#endif
