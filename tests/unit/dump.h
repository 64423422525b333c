/* SPDX-License-Identifier: MIT */
/* Dumps of btrfs-image, made field by field. */
#ifndef TESTS_UNIT_DUMP_H
#define TESTS_UNIT_DUMP_H

#include "../../libfsread/source/source.h"

/* One item; its bytes are what dump_byte() says of their addresses. */
struct dump_item {
	uint64_t logical;
	uint32_t length;
};

/* What is said wrongly on purpose, where it is not 0. */
struct dump_lie {
	uint64_t place; /* of the block itself */
	uint32_t items;
	uint32_t stored; /* size of the last blob */
	uint8_t compression;
};

/* The byte that a dump made here has at an address; at 64 KiB and behind there is a superblock. */
uint8_t dump_byte(uint64_t logical);
/*
 * Adds an index block and its blobs to the end of file `path`, deflated or not; lie may be NULL. Answers
 * where the next one begins.
 */
uint64_t dump_add(const char *path, bool deflated, const struct dump_item *items, unsigned n,
	const struct dump_lie *lie);

#endif
