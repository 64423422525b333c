/* SPDX-License-Identifier: MIT */
/*
 * mutate IMAGE[,IMAGE...] OP ARGS... [then OP ARGS...]...
 *
 * Plants damage in a btrfs image, in place, with every checksum that Linux would stumble over first
 * made good again (crc32c filesystems). `mutate --help` lists the ops: they stand in tables in
 * mutate/items.c (superblock, tree blocks, items), mutate/pages.c (cache pages, stamps, listing)
 * and mutate/entries.c (entries and bitmaps). Exit 0 done, 2 not done, with one sentence.
 */
#include "mutate/mutate.h"

#include <stdio.h>
#include <string.h>

static const struct op *const tables[] = {image_ops, item_ops, page_ops, entry_ops};

static const struct op *op_named(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct op *op = tables[i]; op->name; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	die("no op '%s' (see --help)", name);
}

static void help(void)
{
	puts("usage: mutate IMAGE[,IMAGE...] OP ARGS... [then OP ARGS...]...\n"
	     "VALUE: N, +=N, -=N, ^=N; N decimal, 0x.. or negative. BG: a block group's start. TREE: a\n"
	     "name (root extent chunk dev fs csum quota uuid free-space block-group) or a number.\n"
	     "K counts entries, bitmaps and pages from 0. SIZE is 8 when not given. Ops:");
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct op *op = tables[i]; op->name; op++)
			printf("  %-16s %s\n", op->name, op->help);
}

int main(int argc, char **argv)
{
	static struct image image;
	int at = 2;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		help();
		return fflush(stdout) == 0 ? 0 : 2;
	}
	if (argc < 3)
		die("usage: mutate IMAGE[,IMAGE...] OP ARGS... [then OP ARGS...]... (see --help)");
	image_open(&image, argv[1]);
	while (at < argc) {
		const struct op *op = op_named(argv[at]);

		if (argc - at - 1 < op->args)
			die("%s %s", op->name, op->help);
		op->run(&image, argv + at + 1);
		at += 1 + op->args;
		if (at < argc && strcmp(argv[at++], "then") != 0)
			die("'%s' where 'then' belongs", argv[at - 1]);
	}
	image_close(&image);
	if (fflush(stdout) != 0)
		die("can't write to stdout");
	return 0;
}
