/* SPDX-License-Identifier: MIT */
/*
 * The parts of mount_check(). All of them walk where Linux walks and no further: what it does not read
 * can't fail a mount. Functions answer 0 when Linux gets past, another enum mount_answer when it does
 * not find something or fails (then there is a finding, unless said otherwise), or a negative error.
 */
#ifndef FSREAD_TREE_MOUNT_H
#define FSREAD_TREE_MOUNT_H

#include "tree.h"

enum mount_answer { MOUNT_GOES_ON = 0, MOUNT_ABSENT = 1, MOUNT_FAILS = 2 };

/* One check of one volume. */
struct mount {
	struct volume *volume;
	struct cursor roots; /* in the root tree */
	uint8_t *block;      /* nodesize bytes, for the root block that is looked at */
};

/* A tree that was opened, with what its root item says beyond its place. */
struct mount_root {
	struct tree_root place;
	uint64_t top_inode; /* its directory's inode number */
	uint32_t refs;
};

/* Adds a finding; `number` goes with it under `name`, if that is not NULL. */
void mount_report(struct mount *m, enum fsr_finding_code code, const char *name, uint64_t number,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/*
 * The item with exactly this key. Reads the path to it and nothing else. MOUNT_ABSENT makes no finding;
 * for MOUNT_FAILS the cursor made one. item's data is the cursor's, until it moves.
 */
int mount_find(struct cursor *c, const struct fsr_key *key, struct fsr_item *item, struct fsr_error *err);
/* The last item before or at key that has its objectid and type. As above. */
int mount_find_last(
	struct cursor *c, const struct fsr_key *key, struct fsr_item *item, struct fsr_error *err);

/* Linux reads the way to this key, whatever lies there. */
int mount_pass(struct cursor *c, uint64_t objectid, uint8_t type, uint64_t offset, struct fsr_error *err);
/* The same for the highest number in use in a tree, from which the next one is taken. */
int mount_pass_highest(struct mount *m, const struct tree_root *root, struct fsr_error *err);

/*
 * Opens a tree by the key of its root item (offset UINT64_MAX: the newest) and reads its root block;
 * severity is what it means that this can't be read. MOUNT_ABSENT: no root item, and no finding.
 */
int mount_open(struct mount *m, const struct fsr_key *key, enum fsr_severity severity,
	struct mount_root *root, struct fsr_error *err);
/* Opens the trees without which there is no mount, except the files'; the answer is the device tree's. */
int mount_open_needed(struct mount *m, struct mount_root *dev_tree, struct fsr_error *err);
/*
 * Opens a tree that files or relocated data live in: the newest root item, the root block, and what
 * Linux looks up beside them. It must be there and be referenced, else MOUNT_FAILS.
 */
int mount_open_subvolume(struct mount *m, uint64_t objectid, struct mount_root *root, struct fsr_error *err);

/* Whether inode ino of the tree can be loaded, and its mode. MOUNT_ABSENT makes no finding. */
int mount_inode(struct cursor *c, uint64_t ino, uint32_t *mode, struct fsr_error *err);

/* mount_devices.c: device extents against chunks, device statistics, a running replace. */
int mount_check_devices(struct mount *m, const struct tree_root *dev_tree, struct fsr_error *err);
/* mount_default.c: the subvolume that a mount without options shows. */
int mount_check_default(struct mount *m, struct fsr_error *err);

#endif
