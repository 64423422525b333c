/* SPDX-License-Identifier: MIT */
/*
 * Records of libfsread and libfswrite as JSON, version 1. Every function gives a new jansson value that
 * belongs to the caller, or NULL when memory ran out.
 */
#ifndef INSPECT_REPORT_REPORT_H
#define INSPECT_REPORT_REPORT_H

#include "../../libfsread/fsread.h"
#include "../../libfswrite/fswrite.h"

#include <jansson.h>

/* ---- value.c */

/* An integer; above 2^63-1 a string "0x" and 16 digits: never negative, never lost. */
json_t *report_u64(uint64_t value);
/* The same, null unless there is a value. */
json_t *report_maybe(bool there, uint64_t value);
/* A string as it is when it is UTF-8, else escaped. */
json_t *report_bytes(const void *s, size_t n);
json_t *report_text(const char *s);
/* A fixed word of ours; null for NULL. */
json_t *report_word(const char *word);
/* Two digits for each byte. */
json_t *report_hex(const void *s, size_t n);
/* "xxxxxxxx-xxxx-...", null when all 16 bytes are 0. */
json_t *report_uuid(const uint8_t uuid[16]);
json_t *report_key(const struct fsr_key *key);

/* ---- words.c: texts that JSON and text output share */

#define CONTAINER_TEXT_SIZE 160
/* Whether this build reads a container, and with what: a line of --version. */
void words_container(const struct fsr_container *c, char out[CONTAINER_TEXT_SIZE]);

#define UUID_TEXT_SIZE 37
void words_uuid(const uint8_t uuid[16], char out[UUID_TEXT_SIZE]);
#define KEY_TEXT_SIZE 96
/* A key as btrfs-progs print it: "(256 INODE_ITEM 0)". */
void words_key(const struct fsr_key *key, char out[KEY_TEXT_SIZE]);
const char *words_label(enum fsr_label_kind kind);
/* The inode item of a cache, for fsr_item_fields(); it points into *cache. */
struct fsr_item cache_inode_item(const struct fsr_cache *cache);

/* ---- field.c: what a decoded field means beyond its value */

/* The name of flag bit n, or NULL. */
typedef const char *(*flag_name_fn)(unsigned bit);
/* The function that names a field's bits, or NULL: item is the key type's name, NULL for a superblock. */
flag_name_fn field_flags(const char *item, const struct fsr_field *field);
/* A word for the value, or NULL. */
const char *field_symbol(const struct fsr_field *field);
/* Length of a FSR_FIELD_NAME without the zeros that fill up a superblock's label. */
size_t field_name_size(const struct fsr_field *field);

/* ---- filesystem.c */

json_t *report_filesystem(const struct fsr_filesystem *fs);
/* `path` is the first file as given. */
json_t *report_image(const struct fsr_fs *fs, const char *path);
/* The names of the set bits, a bit without a name as "BIT_n". */
#define FLAG_NUMBER "BIT_%u"
#define FLAG_TEXT_SIZE 8
json_t *report_flags(uint64_t flags, flag_name_fn name);

/* ---- group.c, finding.c */

json_t *report_group(const struct fsr_group *group);
/* One letter; null without a cache. */
json_t *report_cache_format(const struct fsr_group *group);
/* The three type bits of a block group's flags as words. */
json_t *report_types(uint64_t flags);
json_t *report_finding(const struct fsr_finding *finding);
json_t *report_error(const struct fsr_error *err);
json_t *report_finding_info(const struct fsr_finding_info *info);

/* ---- rewrite.c */

/* null unless there was something to do. */
json_t *report_transaction(const struct fsw_result *result);
json_t *report_rewritten(const struct fsw_group *group);
json_t *report_removed(const struct fsw_removed *removed);
json_t *report_undone(const struct fsw_undone *undone);

/* ---- item.c */

/* One field's value. */
json_t *report_field_value(const struct fsr_field *field);
/* Decoded fields as an object; repeated parts as arrays of objects. */
json_t *report_item_fields(const struct fsr_item *item);
json_t *report_item(const struct fsr_item *item);
/* One superblock mirror: where, how it fared, its fields. */
json_t *report_mirror(const struct fsr_super_mirror *mirror);
/* The field names in which two superblock copies differ, apart from csum, bytenr and the device item. */
json_t *report_mirror_differences(const struct fsr_super_mirror *a, const struct fsr_super_mirror *b);

/* ---- mirrors.c: a superblock copy against the one in use */

/* in_use is NULL where that one has no such field. A non-zero answer stops. */
typedef int (*mirror_difference_fn)(
	void *arg, const char *name, const struct fsr_field *value, const struct fsr_field *in_use);
/*
 * Each field of `mirror` that isn't as in `used`, but for those that differ by law: csum and bytenr; the
 * device item between devices; the log root between a first copy and a further one. 0 or fn's answer.
 */
int mirror_differences(const struct fsr_super_mirror *used, const struct fsr_super_mirror *mirror,
	mirror_difference_fn fn, void *arg);
/* {image_offset, generation, differs[] {field, value, in_use}}; differs is null where nothing is there. */
json_t *report_mirror_compared(
	const struct fsr_fs *fs, const struct fsr_super_mirror *used, const struct fsr_super_mirror *mirror);
uint64_t mirror_generation(const struct fsr_super_mirror *mirror);
/* Where it lies in its image file, in bytes. */
uint64_t mirror_image_offset(const struct fsr_fs *fs, const struct fsr_super_mirror *mirror);

/* ---- cache.c: the parts of one cache; runs and labels are added by the caller as they come */

json_t *report_cache_header(const struct fsr_cache *cache);
json_t *report_cache_inode(const struct fsr_cache *cache);
json_t *report_cache_extent(const struct fsr_cache_extent *extent);
json_t *report_cache_page(const struct fsr_cache_page *page);
/* Every copy of page i, an array. */
json_t *report_cache_copies(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i);
json_t *report_cache_entry(const struct fsr_cache_entry *entry);
json_t *report_label(const struct fsr_label *label);
json_t *report_run(uint64_t bytenr, uint64_t length);
json_t *report_diff_range(const struct fsr_diff_range *range);

#endif
