/* SPDX-License-Identifier: MIT */
/* The words are those of btrfs-progs' dump-super and dump-tree; the rest are our own contract. */
#include "../../libfsread/fsread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_own_words(void **state)
{
	(void)state;
	assert_string_equal(fsr_state_name(FSR_STATE_NONE), "NONE");
	assert_string_equal(fsr_state_name(FSR_STATE_UNKNOWN), "UNKNOWN");
	for (int i = 0; i < FSR_STATE_COUNT; i++)
		assert_true(strlen(fsr_state_meaning(i)) > 20);
	assert_null(fsr_state_name(FSR_STATE_COUNT));
	assert_null(fsr_state_meaning(FSR_STATE_COUNT));
	assert_string_equal(fsr_verdict_name(FSR_VERDICT_NOT_LOADED), "not-loaded");
	assert_string_equal(fsr_verdict_name(FSR_VERDICT_CRASHES), "crashes");
	assert_string_equal(fsr_verdict_name(FSR_VERDICT_UNKNOWN), "unknown");
	assert_null(fsr_relation_name(FSR_RELATION_NULL));
	assert_string_equal(fsr_relation_name(FSR_RELATION_MISPLACED), "misplaced");
	assert_string_equal(fsr_severity_name(FSR_SEVERITY_DANGER), "danger");
	assert_string_equal(fsr_space_cache_name(FSR_SPACE_CACHE_V2), "v2");
	assert_string_equal(fsr_page_kind_name(FSR_PAGE_FIRST_UNUSED), "first-unused");
	assert_null(fsr_step_meaning(0));
	assert_null(fsr_step_meaning(-1));
	assert_null(fsr_step_meaning(22));
	for (int i = 1; i <= 21; i++)
		assert_true(strlen(fsr_step_meaning(i)) > 10);
}

/* The same number is a name in one key and an address or a device in another. */
static void test_key_words(void **state)
{
	(void)state;
	assert_string_equal(fsr_key_objectid_name(&(struct fsr_key){1, 216, 1}), "DEV_ITEMS");
	assert_string_equal(fsr_key_objectid_name(&(struct fsr_key){256, 228, 0}), "FIRST_CHUNK_TREE");
	assert_string_equal(fsr_key_objectid_name(&(struct fsr_key){0, 249, 1}), "DEV_STATS");
	assert_string_equal(fsr_key_objectid_name(&(struct fsr_key){1, 132, 0}), "ROOT_TREE");
	assert_string_equal(fsr_key_objectid_name(&(struct fsr_key){6, 1, 0}), "ROOT_TREE_DIR");
	assert_string_equal(
		fsr_key_objectid_name(&(struct fsr_key){0xfffffffffffffff5, 0, 4096}), "FREE_SPACE");
	assert_null(fsr_key_objectid_name(&(struct fsr_key){1, 204, 1048576})); /* DEV_EXTENT of device 1 */
	assert_null(fsr_key_objectid_name(&(struct fsr_key){5, 168, 4096}));
	assert_null(fsr_key_objectid_name(&(struct fsr_key){7, 251, 0}));
	assert_null(fsr_key_objectid_name(&(struct fsr_key){256, 1, 0}));
}

static void test_disk_words(void **state)
{
	(void)state;
	assert_string_equal(fsr_objectid_name(1), "ROOT_TREE");
	assert_string_equal(fsr_objectid_name(11), "BLOCK_GROUP_TREE");
	assert_string_equal(fsr_objectid_name(0xfffffffffffffff5), "FREE_SPACE");
	assert_string_equal(fsr_objectid_name(0xfffffffffffffff7), "DATA_RELOC_TREE");
	assert_string_equal(fsr_objectid_name(0xfffffffffffffffb), "ORPHAN");
	assert_null(fsr_objectid_name(0));
	assert_null(fsr_objectid_name(256));
	assert_null(fsr_objectid_name(UINT64_MAX));
	assert_null(fsr_objectid_name(UINT64_C(1) << 63));
	assert_string_equal(fsr_key_type_name(0), "UNTYPED");
	assert_string_equal(fsr_key_type_name(169), "METADATA_ITEM");
	assert_string_equal(fsr_key_type_name(251), "UUID_KEY_SUBVOL");
	assert_null(fsr_key_type_name(255));
	assert_string_equal(fsr_csum_type_name(3), "blake2");
	assert_null(fsr_csum_type_name(4));
	assert_string_equal(fsr_incompat_name(0), "MIXED_BACKREF");
	assert_string_equal(fsr_incompat_name(8), "SKINNY_METADATA");
	assert_string_equal(fsr_incompat_name(16), "SIMPLE_QUOTA");
	assert_null(fsr_incompat_name(15));
	assert_null(fsr_incompat_name(63));
	assert_string_equal(fsr_compat_ro_name(1), "FREE_SPACE_TREE_VALID");
	assert_null(fsr_compat_ro_name(4));
}

static void test_block_group_flags(void **state)
{
	(void)state;
	assert_string_equal(fsr_profile_name(0x1), "single");
	assert_string_equal(fsr_profile_name(0x24), "DUP");
	assert_string_equal(fsr_profile_name(0x8), "RAID0");
	assert_string_equal(fsr_profile_name(0x11), "RAID1");
	assert_string_equal(fsr_profile_name(0x40), "RAID10");
	assert_string_equal(fsr_profile_name(0x80), "RAID5");
	assert_string_equal(fsr_profile_name(0x100), "RAID6");
	assert_string_equal(fsr_profile_name(0x200), "RAID1C3");
	assert_string_equal(fsr_profile_name(0x400), "RAID1C4");
	assert_null(fsr_profile_name(0x30));
	assert_string_equal(fsr_type_name(1), "DATA");
	assert_string_equal(fsr_type_name(2), "SYSTEM");
	assert_string_equal(fsr_type_name(4), "METADATA");
	assert_null(fsr_type_name(5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_words),
		cmocka_unit_test(test_key_words),
		cmocka_unit_test(test_disk_words),
		cmocka_unit_test(test_block_group_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
