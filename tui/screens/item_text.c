/* SPDX-License-Identifier: MIT */
#include "item_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct words {
	const char *type, *kind, *what;
} table[] = {
#define ITEM(type, kind, what) {type, kind, what},
#include "item_words.def"
#undef ITEM
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool key_is(const struct fsr_key *key, const char *type)
{
	const char *name = fsr_key_type_name(key->type);

	return name && strcmp(name, type) == 0;
}

/* ---- one field */

struct wanted {
	const char *list, *name;
	size_t list_size, name_size;
	struct fsr_field *out;
};

static bool equals(const char *s, const char *n, size_t size)
{
	return strlen(s) == size && memcmp(s, n, size) == 0;
}

static int look_for(void *arg, const struct fsr_field *field)
{
	const struct wanted *wanted = arg;

	if ((field->list != NULL) != (wanted->list_size > 0) || (field->list && field->index))
		return 0;
	if (field->list && !equals(field->list, wanted->list, wanted->list_size))
		return 0;
	if (!equals(field->name, wanted->name, wanted->name_size))
		return 0;
	*wanted->out = *field;
	return 1;
}

/* A name of `size` bytes, with its list before a dot. */
static bool find_field(const struct fsr_item *item, const char *name, size_t size, struct fsr_field *out)
{
	const char *dot = memchr(name, '.', size);
	size_t list = dot ? (size_t)(dot - name) : 0, skip = dot ? list + 1 : 0;
	struct wanted wanted = {name, name + skip, list, size - skip, out};

	return fsr_item_fields(item, look_for, &wanted) != 0;
}

bool item_field(const struct fsr_item *item, const char *name, struct fsr_field *out)
{
	return find_field(item, name, strlen(name), out);
}

uint64_t item_number(const struct fsr_item *item, const char *name)
{
	struct fsr_field field;

	return item_field(item, name, &field) ? field.value : 0;
}

/* ---- sentences out of the table */

struct writer {
	const struct fsr_item *item;
	const char *type;
	bool raw;
	char *out;
	size_t at;
};

static void add(struct writer *writer, const char *s, size_t n)
{
	if (n > FIELD_TEXT - 1 - writer->at)
		n = 0; /* never half a piece: it may be half a character */
	memcpy(writer->out + writer->at, s, n);
	writer->at += n;
	writer->out[writer->at] = 0;
}

static void add_text(struct writer *writer, const char *s)
{
	add(writer, s, strlen(s));
}

static void add_number(struct writer *writer, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	add_text(writer, text);
}

/* Where an entry or a cache header leads. */
static void add_location(struct writer *writer, const struct fsr_key *key)
{
	char text[KEY_TEXT_SIZE], name[32];

	if (key_is(key, "INODE_ITEM"))
		snprintf(text, sizeof text, "inode %" PRIu64, key->objectid);
	else if (key_is(key, "ROOT_ITEM"))
		snprintf(text, sizeof text, "tree %s", objectid_text(key->objectid, writer->raw, name));
	else
		key_text(key, writer->raw, text);
	add_text(writer, text);
}

static void add_word(struct writer *writer, const struct fsr_field *field)
{
	char text[FIELD_TEXT];

	if (field->kind == FSR_FIELD_HEX)
		add_text(writer, field_flag_names(field, writer->type, text));
	else if (field_symbol(field))
		add_text(writer, field_symbol(field));
	else
		add_number(writer, field->value);
}

static void add_value(struct writer *writer, const struct fsr_field *field)
{
	char text[FIELD_TEXT];

	if (field->kind == FSR_FIELD_KEY)
		add_location(writer, &field->key);
	else if (field->kind == FSR_FIELD_OBJECTID)
		add_text(writer, objectid_text(field->value, writer->raw, text));
	else
		add_text(writer, field_value(field, writer->type, writer->raw, text));
}

static bool add_of_key(struct writer *writer, const char *name, size_t size)
{
	if (equals("@objectid", name, size))
		add_number(writer, writer->item->key.objectid);
	else if (equals("@offset", name, size))
		add_number(writer, writer->item->key.offset);
	else
		return false;
	return true;
}

/* What stands in braces, n bytes. false: it is not there, or not what it must be. */
static bool add_field(struct writer *writer, const char *name, size_t n)
{
	const char *equal = memchr(name, '=', n);
	size_t size = equal ? (size_t)(equal - name) : n;
	char how = name[n - 1];
	struct fsr_field field;

	if (*name == '@')
		return add_of_key(writer, name, n);
	size -= !equal && (how == '!' || how == '#');
	if (!find_field(writer->item, name, size, &field))
		return false;
	if (equal)
		return field.value == strtoull(equal + 1, NULL, 10);
	if (how == '!')
		add_word(writer, &field);
	else if (how == '#')
		add_number(writer, field.size);
	else
		add_value(writer, &field);
	return true;
}

/* false: a field is missing. */
static bool fill_in(struct writer *writer, const char *text)
{
	writer->at = 0;
	*writer->out = 0;
	while (*text) {
		size_t plain = strcspn(text, "{"), n;

		add(writer, text, plain);
		text += plain;
		if (!*text)
			break;
		n = strcspn(++text, "}");
		if (!add_field(writer, text, n))
			return false;
		text += n + 1;
	}
	while (writer->at && writer->out[writer->at - 1] == ' ') /* flags of which none is set */
		writer->out[--writer->at] = 0;
	return true;
}

/* The row that fits; its `what` has been filled in. */
static const struct words *find_words(struct writer *writer)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(table[i].type, writer->type) && fill_in(writer, table[i].what))
			return &table[i];
	return NULL;
}

/* Of a type without words: the first fields by name. */
#define FIRST_FIELDS 3u

struct first {
	struct writer *writer;
	unsigned n;
};

static int add_first(void *arg, const struct fsr_field *field)
{
	struct first *first = arg;
	char name[FIELD_TEXT], value[FIELD_TEXT];

	if (first->n)
		add_text(first->writer, " ");
	add_text(first->writer, field_name(field, name));
	add_text(first->writer, " ");
	add_text(first->writer, field_value(field, first->writer->type, first->writer->raw, value));
	return ++first->n == FIRST_FIELDS;
}

static struct writer writer_of(const struct fsr_item *item, bool raw, char *out)
{
	const char *type = fsr_key_type_name(item->key.type);

	*out = 0;
	return (struct writer){item, type ? type : "", raw, out, 0};
}

const char *item_what(const struct fsr_item *item, bool raw, char out[FIELD_TEXT])
{
	struct writer writer = writer_of(item, raw, out);
	struct first first = {&writer, 0};

	if (find_words(&writer))
		return out;
	writer.at = 0;
	*out = 0;
	if (item->size)
		fsr_item_fields(item, add_first, &first);
	return out;
}

const char *item_kind(const struct fsr_item *item, char out[FIELD_TEXT])
{
	struct writer writer = writer_of(item, false, out);
	const struct words *words = find_words(&writer);

	if (!words || !fill_in(&writer, words->kind))
		snprintf(out, FIELD_TEXT, "item of type %s", *writer.type ? writer.type : "unknown");
	return out;
}
