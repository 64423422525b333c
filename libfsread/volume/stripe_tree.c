/* SPDX-License-Identifier: MIT */
/* The raid-stripe-tree: which chunks have their data placed by it. */
#include "volume.h"

/* Mixed block groups count as metadata, and data of profile single has no items there. */
bool data_in_stripe_tree(const struct volume *volume, const struct chunk *chunk)
{
	return volume->fs.incompat_flags & INCOMPAT_RAID_STRIPE_TREE && chunk->type & BLOCK_GROUP_DATA &&
	       !(chunk->type & BLOCK_GROUP_METADATA) && chunk->type & STRIPE_TREE_PROFILES;
}
