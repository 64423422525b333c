/* SPDX-License-Identifier: MIT */
/* Items put together by hand, byte for byte as the format description has them. */
#include "../../libfsread/format/btrfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- building an item */

static uint8_t data[4096];
static uint32_t length;

static void start(void)
{
	memset(data, 0, sizeof data);
	length = 0;
}

static void number(unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++)
		data[length++] = (uint8_t)(value >> (8 * i));
}

static void key(uint64_t objectid, uint8_t type, uint64_t offset)
{
	number(8, objectid);
	number(1, type);
	number(8, offset);
}

static void fill(unsigned size, uint8_t value)
{
	memset(data + length, value, size);
	length += size;
}

static void text(const char *words)
{
	for (; *words; words++)
		data[length++] = (uint8_t)*words;
}

/* ---- the fields as one line of text */

static char out[16384];

static int write_field(void *arg, const struct fsr_field *f)
{
	size_t n = strlen(out);
	char value[64];

	(void)arg;
	if (f->kind == FSR_FIELD_KEY)
		snprintf(value, sizeof value, "(%llu %u %llu)", (unsigned long long)f->key.objectid,
			f->key.type, (unsigned long long)f->key.offset);
	else if (f->kind == FSR_FIELD_TIME)
		snprintf(value, sizeof value, "%llu.%u", (unsigned long long)f->value, f->nsec);
	else if (f->kind == FSR_FIELD_NAME)
		snprintf(value, sizeof value, "'%.*s'", (int)f->size, (const char *)f->bytes);
	else if (f->kind == FSR_FIELD_BYTES || f->kind == FSR_FIELD_UUID)
		snprintf(value, sizeof value, "%u*%02x", f->size, f->bytes[0]);
	else
		snprintf(value, sizeof value, f->kind == FSR_FIELD_HEX ? "0x%llx" : "%llu",
			(unsigned long long)f->value);
	if (f->list)
		n += (size_t)snprintf(out + n, sizeof out - n, "%s[%u].", f->list, f->index);
	snprintf(out + n, sizeof out - n, "%s=%s%s%s ", f->name, value, f->symbol ? ":" : "",
		f->symbol ? f->symbol : "");
	return 0;
}

static void check(uint64_t objectid, uint8_t type, const char *want)
{
	struct fsr_item item = {.key = {objectid, type, 0}, .size = length, .data = data};

	out[0] = 0;
	assert_int_equal(fsr_item_fields(&item, write_field, NULL), 0);
	assert_string_equal(out, want);
}

static void test_space(void **state)
{
	(void)state;
	start();
	key(256, 1, 0);
	number(8, 9);
	number(8, 3);
	number(8, 1);
	assert_int_equal(length, 41);
	check((uint64_t)-11, 0, "location=(256 1 0) generation=9 num_entries=3 num_bitmaps=1 ");
	check((uint64_t)-12, 0, "data=41*00 ");
	start();
	number(8, 131072);
	number(8, 256);
	number(8, 0x11);
	check(13631488, 192, "used=131072 chunk_objectid=256 flags=0x11 ");
	start();
	number(4, 7);
	number(4, 1);
	check(13631488, 198, "extent_count=7 flags=0x1 ");
	start();
	check(13631488, 199, "");
	fill(256, 0x0f);
	check(13631488, 200, "bitmap=256*0f ");
}

static void test_chunk(void **state)
{
	(void)state;
	start();
	number(8, 8388608);
	number(8, 2);
	number(8, 65536);
	number(8, 0x22);
	number(4, 65536);
	number(4, 65535);
	number(4, 4096);
	number(2, 2);
	number(2, 1);
	for (unsigned i = 1; i <= 2; i++) {
		number(8, i);
		number(8, i * 1048576);
		fill(16, (uint8_t)(0xa0 + i));
	}
	assert_int_equal(length, 112);
	check(256, 228,
		"length=8388608 owner=2:EXTENT_TREE stripe_len=65536 type=0x22 io_align=65536 io_width=65535 "
		"sector_size=4096 num_stripes=2 sub_stripes=1 "
		"stripes[0].devid=1 stripes[0].offset=1048576 stripes[0].dev_uuid=16*a1 "
		"stripes[1].devid=2 stripes[1].offset=2097152 stripes[1].dev_uuid=16*a2 ");
	length = 48 + 32 + 9; /* the second stripe is cut */
	check(256, 228,
		"length=8388608 owner=2:EXTENT_TREE stripe_len=65536 type=0x22 io_align=65536 io_width=65535 "
		"sector_size=4096 num_stripes=2 sub_stripes=1 "
		"stripes[0].devid=1 stripes[0].offset=1048576 stripes[0].dev_uuid=16*a1 stripes[1].devid=2 ");
}

static void test_extents(void **state)
{
	(void)state;
	start();
	number(8, 3);
	number(8, 12);
	number(8, 1);
	number(1, 172);
	number(8, 5);
	number(1, 178);
	number(8, 1);
	number(8, 257);
	number(8, 4096);
	number(4, 2);
	number(1, 184);
	number(8, 30408704);
	number(4, 1);
	check(1, 168,
		"refs=3 generation=12 flags=0x1:DATA inline_refs[0].type=172:EXTENT_OWNER_REF "
		"inline_refs[0].root=5:FS_TREE "
		"inline_refs[1].type=178:EXTENT_DATA_REF inline_refs[1].root=1:ROOT_TREE "
		"inline_refs[1].objectid=257 "
		"inline_refs[1].offset=4096 inline_refs[1].count=2 inline_refs[2].type=184:SHARED_DATA_REF "
		"inline_refs[2].parent=30408704 inline_refs[2].count=1 ");
	start();
	number(8, 1);
	number(8, 5);
	number(8, 0x102);
	key(256, 1, 0);
	number(1, 2);
	number(1, 182);
	number(8, 4194304);
	check(1, 168,
		"refs=1 generation=5 flags=0x102:TREE_BLOCK|FULL_BACKREF key=(256 1 0) level=2 "
		"inline_refs[0].type=182:SHARED_BLOCK_REF inline_refs[0].parent=4194304 ");
	start();
	number(8, 1);
	number(8, 5);
	number(8, 2);
	number(1, 176);
	number(8, 7);
	number(1, 99); /* no such type */
	fill(3, 0xcc);
	check(1, 169,
		"refs=1 generation=5 flags=0x2:TREE_BLOCK inline_refs[0].type=176:TREE_BLOCK_REF "
		"inline_refs[0].root=7:CSUM_TREE "
		"inline_refs[1].type=99 inline_refs[1].data=3*cc ");
	start();
	number(8, 5);
	number(8, 257);
	number(8, 0);
	number(4, 1);
	check(1, 178, "root=5:FS_TREE objectid=257 offset=0 count=1 ");
}

static void test_files(void **state)
{
	(void)state;
	start();
	number(8, 9);
	number(8, 65536);
	fill(4, 0);
	number(1, 1);
	number(8, 13631488);
	number(8, 65536);
	number(8, 0);
	number(8, 65536);
	assert_int_equal(length, 53);
	check(256, 108,
		"generation=9 ram_bytes=65536 compression=0:none encryption=0 other_encoding=0 type=1:REG "
		"disk_bytenr=13631488 disk_num_bytes=65536 offset=0 num_bytes=65536 ");
	data[20] = 0;
	data[16] = 3;
	length = 26;
	check(256, 108,
		"generation=9 ram_bytes=65536 compression=3:zstd encryption=0 other_encoding=0 type=0:INLINE "
		"data=5*00 ");
	start();
	number(8, 2);
	number(2, 5);
	text("hello");
	number(8, 3);
	number(2, 200); /* longer than what is there */
	text("abc");
	check(257, 12,
		"references[0].index=2 references[0].name_len=5 references[0].name='hello' "
		"references[1].index=3 references[1].name_len=200 references[1].name='abc' ");
	start();
	key(5, 132, UINT64_MAX);
	number(8, 7);
	number(2, 2);
	number(2, 7);
	number(1, 8);
	text("default");
	text("\x01\x02");
	check(6, 24,
		"entries[0].location=(5 132 18446744073709551615) entries[0].transid=7 entries[0].data_len=2 "
		"entries[0].name_len=7 entries[0].type=8:XATTR entries[0].name='default' "
		"entries[0].data=2*01 ");
}

static void test_inode(void **state)
{
	(void)state;
	start();
	for (uint64_t i = 1; i <= 5; i++)
		number(8, i);
	for (uint64_t i = 6; i <= 9; i++)
		number(4, i);
	number(8, 10);
	number(8, 0x1b);
	number(8, 12);
	fill(32, 0);
	for (uint64_t i = 1; i <= 4; i++) {
		number(8, i);
		number(4, 100 + i);
	}
	assert_int_equal(length, 160);
	check(256, 1,
		"generation=1 transid=2 size=3 nbytes=4 block_group=5 nlink=6 uid=7 gid=8 mode=9 rdev=10 "
		"flags=0x1b "
		"sequence=12 reserved=32*00 atime=1.101 ctime=2.102 mtime=3.103 otime=4.104 ");
	fill(2, 0xee);
	assert_int_equal(length, 162);
	out[0] = 0;
	check(256, 1,
		"generation=1 transid=2 size=3 nbytes=4 block_group=5 nlink=6 uid=7 gid=8 mode=9 rdev=10 "
		"flags=0x1b "
		"sequence=12 reserved=32*00 atime=1.101 ctime=2.102 mtime=3.103 otime=4.104 trailing=2*ee ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_space),
		cmocka_unit_test(test_chunk),
		cmocka_unit_test(test_extents),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_inode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
