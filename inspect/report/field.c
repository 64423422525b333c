/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NAMES(function, ...)                                                                                 \
	static const char *function(unsigned bit)                                                            \
	{                                                                                                    \
		static const char *const names[] = {__VA_ARGS__};                                            \
		return bit < COUNT(names) ? names[bit] : NULL;                                               \
	}

NAMES(super_name, "WRITTEN", "RELOC")
NAMES(inode_name, "NODATASUM", "NODATACOW", "READONLY", "NOCOMPRESS", "PREALLOC", "SYNC", "IMMUTABLE",
	"APPEND", "NODUMP", "NOATIME", "DIRSYNC", "COMPRESS")
NAMES(root_name, "RDONLY")
NAMES(extent_name, "DATA", "TREE_BLOCK", NULL, NULL, NULL, NULL, NULL, NULL, "FULL_BACKREF")
NAMES(free_space_name, "USING_BITMAPS")

/* Bits of a block group or chunk: three of type, then the profiles. */
static const char *group_name(unsigned bit)
{
	uint64_t flag = UINT64_C(1) << bit;

	return bit < 3 ? fsr_type_name(flag) : bit <= 10 ? fsr_profile_name(flag) : NULL;
}

flag_name_fn field_flags(const char *item, const struct fsr_field *field)
{
	static const struct {
		const char *item, *field;
		flag_name_fn name;
	} rows[] = {
		{NULL, "flags", super_name},
		{NULL, "incompat_flags", fsr_incompat_name},
		{NULL, "compat_ro_flags", fsr_compat_ro_name},
		{"INODE_ITEM", "flags", inode_name},
		{"ROOT_ITEM", "flags", root_name},
		{"EXTENT_ITEM", "flags", extent_name},
		{"METADATA_ITEM", "flags", extent_name},
		{"BLOCK_GROUP_ITEM", "flags", group_name},
		{"CHUNK_ITEM", "type", group_name},
		{"FREE_SPACE_INFO", "flags", free_space_name},
	};

	if (field->kind != FSR_FIELD_HEX || field->list)
		return NULL;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].field, field->name) == 0 &&
			(item && rows[i].item ? strcmp(rows[i].item, item) == 0 : item == rows[i].item))
			return rows[i].name;
	return NULL;
}

const char *field_symbol(const struct fsr_field *field)
{
	if (!field->symbol && !field->list && strcmp(field->name, "csum_type") == 0)
		return fsr_csum_type_name((unsigned)field->value);
	return field->symbol;
}

size_t field_name_size(const struct fsr_field *field)
{
	size_t size = field->size;

	if (strcmp(field->name, "label") != 0)
		return size;
	while (size && !field->bytes[size - 1])
		size--;
	return size;
}
