/* SPDX-License-Identifier: MIT */
/* Features that are refused by name, and the rules Linux checks on the superblock at mount. */
#include "super.h"

#include "../format/error.h"

#define SUPER_FLAG_WRITTEN (UINT64_C(1) << 0)
#define SUPER_FLAG_RELOC (UINT64_C(1) << 1)
#define SUPER_FLAG_ERROR (UINT64_C(1) << 2)
#define SUPER_FLAG_METADUMP (UINT64_C(1) << 33)
#define SUPER_FLAG_METADUMP_V2 (UINT64_C(1) << 34)
#define SUPER_FLAGS_MOUNTABLE                                                                                \
	(SUPER_FLAG_WRITTEN | SUPER_FLAG_RELOC | SUPER_FLAG_ERROR | SUPER_FLAG_SEEDING |                     \
		SUPER_FLAG_METADUMP | SUPER_FLAG_METADUMP_V2)

/*
 * Bits 0 to 11, mixed backrefs to RAID1C34, and simple quotas are read. With a raid-stripe-tree everything is
 * but what data block groups of several stripes hold, see data_in_stripe_tree().
 */
#define INCOMPAT_READ (UINT64_C(0xfff) | INCOMPAT_RAID_STRIPE_TREE | INCOMPAT_SIMPLE_QUOTA)
#define COMPAT_RO_KNOWN                                                                                      \
	(COMPAT_RO_FREE_SPACE_TREE | COMPAT_RO_FREE_SPACE_TREE_VALID | COMPAT_RO_VERITY |                    \
		COMPAT_RO_BLOCK_GROUP_TREE)

static const struct {
	uint64_t flag;
	const char *why;
} refused[] = {
	{INCOMPAT_ZONED,
		"Linux keeps no v1 cache on zoned devices, and what is free there depends on each zone's "
		"write pointer, which no image holds"},
	{INCOMPAT_EXTENT_TREE_V2,
		"it has several extent trees and leaves tree blocks out of them, in a format that "
		"is not final"},
	{INCOMPAT_REMAP_TREE,
		"addresses in remapped block groups lead through the remap tree, whose own blocks "
		"stand in no extent tree"},
};

static int refuse_incompat(unsigned bit, const char *name, struct fsr_error *err)
{
	const char *feature = fsr_incompat_name(bit);

	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (refused[i].flag == UINT64_C(1) << bit)
			return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
				"'%.80s' uses the feature %s, which is not supported: %s", name, feature,
				refused[i].why);
	if (feature)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			"'%s' uses the feature %s, which is not supported", name, feature);
	return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
		"'%s' uses an unknown incompatible feature, incompat_flags bit %u", name, bit);
}

int super_refuse(const uint8_t *super, const char *name, struct fsr_error *err)
{
	uint64_t incompat = get64(super + SUPER_INCOMPAT) & ~INCOMPAT_READ;

	return incompat ? refuse_incompat((unsigned)__builtin_ctzll(incompat), name, err) : 0;
}

static void rule_finding(struct volume *volume, const struct number_rule *rule)
{
	char text[SUPER_WHY_SIZE];
	struct fsr_finding f;

	rule_text(rule, text);
	finding_init(&f, FSR_FINDING_SUPER_RULE, FSR_NO_BYTENR, "superblock: %s", text);
	finding_text(&f, "field", rule->field);
	finding_number(&f, "value", rule->value);
	findings_add(&volume->findings, &f);
}

static void check_numbers(struct volume *volume)
{
	const struct fsr_filesystem *fs = &volume->fs;
	uint64_t sector = fs->sectorsize, least = 6 * (uint64_t)fs->nodesize;
	uint64_t flags = get64(volume->super + SUPER_FLAGS);
	uint32_t stripe = get32(volume->super + SUPER_STRIPESIZE);
	bool mixed = fs->incompat_flags & INCOMPAT_MIXED_GROUPS;
	const struct number_rule rules[] = {
		{!(flags & ~SUPER_FLAGS_MOUNTABLE), "flags", flags, "without bits outside",
			SUPER_FLAGS_MOUNTABLE},
		{!(fs->root % sector), "root", fs->root, "a multiple of", sector},
		{!(fs->chunk_root % sector), "chunk_root", fs->chunk_root, "a multiple of", sector},
		{!(fs->log_root % sector), "log_root", fs->log_root, "a multiple of", sector},
		{fs->bytes_used >= least, "bytes_used", fs->bytes_used, "at least", least},
		{stripe && !(stripe & (stripe - 1)), "stripesize", stripe, "a power of two, as", sector},
		{!mixed || fs->nodesize == sector, "nodesize", fs->nodesize,
			"the sectorsize with mixed groups,", sector},
		{!(fs->compat_ro_flags & ~COMPAT_RO_KNOWN), "compat_ro_flags", fs->compat_ro_flags,
			"without bits outside", COMPAT_RO_KNOWN},
	};

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (!rules[i].ok)
			rule_finding(volume, &rules[i]);
}

static void check_block_group_tree(struct volume *volume)
{
	const struct fsr_filesystem *fs = &volume->fs;
	struct fsr_finding f;

	if (!(fs->compat_ro_flags & COMPAT_RO_BLOCK_GROUP_TREE))
		return;
	if ((fs->compat_ro_flags & COMPAT_RO_FREE_SPACE_TREE_VALID) &&
		(fs->incompat_flags & INCOMPAT_NO_HOLES))
		return;
	finding_init(&f, FSR_FINDING_SUPER_RULE, FSR_NO_BYTENR,
		"superblock: BLOCK_GROUP_TREE needs FREE_SPACE_TREE_VALID and NO_HOLES: compat_ro_flags "
		"%llu, incompat_flags "
		"%llu",
		(unsigned long long)fs->compat_ro_flags, (unsigned long long)fs->incompat_flags);
	finding_text(&f, "field", "compat_ro_flags");
	finding_number(&f, "value", fs->compat_ro_flags);
	findings_add(&volume->findings, &f);
}

static void check_device_fsid(struct volume *volume)
{
	const uint8_t *device = volume->super + SUPER_DEV_ITEM + DEV_ITEM_FSID;
	char has[UUID_TEXT_SIZE], wants[UUID_TEXT_SIZE];
	struct fsr_finding f;

	if (!memcmp(device, volume->tree_fsid, sizeof volume->tree_fsid))
		return;
	uuid_text(device, has);
	uuid_text(volume->tree_fsid, wants);
	finding_init(&f, FSR_FINDING_SUPER_RULE, FSR_NO_BYTENR, "superblock: dev_item.fsid is %s, must be %s",
		has, wants);
	finding_text(&f, "field", "dev_item.fsid");
	finding_text(&f, "value", has);
	findings_add(&volume->findings, &f);
}

void super_check_rules(struct volume *volume)
{
	check_numbers(volume);
	check_block_group_tree(volume);
	check_device_fsid(volume);
}
