/* SPDX-License-Identifier: MIT */
/* Damage to the superblock: its numbers, its label, its system chunk array. */
#include "hostile.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYS_ARRAY 0x32b
#define SYS_ARRAY_SIZE 2048u

static const struct field super_fields[] = {
	{0x20, 1, "fsid"},
	{0x30, 8, "bytenr"},
	{0x38, 8, "flags"},
	{0x40, 8, "magic"},
	{0x48, 8, "generation"},
	{0x50, 8, "root"},
	{0x58, 8, "chunk_root"},
	{0x60, 8, "log_root"},
	{0x70, 8, "total_bytes"},
	{0x78, 8, "bytes_used"},
	{0x80, 8, "root_dir_objectid"},
	{0x88, 8, "num_devices"},
	{0x90, 4, "sectorsize"},
	{0x94, 4, "nodesize"},
	{0x98, 4, "leafsize"},
	{0x9c, 4, "stripesize"},
	{0xa0, 4, "sys_chunk_array_size"},
	{0xa4, 8, "chunk_root_generation"},
	{0xac, 8, "compat_flags"},
	{0xb4, 8, "compat_ro_flags"},
	{0xbc, 8, "incompat_flags"},
	{0xc4, 2, "csum_type"},
	{0xc6, 1, "root_level"},
	{0xc7, 1, "chunk_root_level"},
	{0xc8, 1, "log_root_level"},
	{0xc9, 8, "dev_item.devid"},
	{0xd1, 8, "dev_item.total_bytes"},
	{0xd9, 8, "dev_item.bytes_used"},
	{0xe9, 4, "dev_item.sector_size"},
	{0xed, 8, "dev_item.type"},
	{0x10b, 1, "dev_item.uuid"},
	{0x11b, 1, "dev_item.fsid"},
	{0x22b, 8, "cache_generation"},
	{0x233, 8, "uuid_tree_generation"},
	{0x23b, 1, "metadata_uuid"},
	{0x24b, 8, "nr_global_roots"},
	{0x253, 8, "remap_root"},
	{0xb2b, 8, "backup root"},
	{0xb33, 8, "backup generation"},
};

static const struct field sys_fields[] = {
	{0, 8, "key.objectid"},
	{8, 1, "key.type"},
	{9, 8, "key.offset"},
	{17, 8, "length"},
	{25, 8, "owner"},
	{33, 8, "stripe_len"},
	{41, 8, "type"},
	{49, 4, "io_align"},
	{53, 4, "io_width"},
	{57, 4, "sector_size"},
	{61, 2, "num_stripes"},
	{63, 2, "sub_stripes"},
	{65, 8, "stripe.devid"},
	{73, 8, "stripe.offset"},
};

static const uint64_t mirror_at[] = {65536, UINT64_C(67108864), UINT64_C(274877906944)};

void super_write(struct hostile *h)
{
	int fd = h->image.device[0].fd;
	uint8_t super[SUPER_SIZE];
	uint64_t bytenr = get(h->image.super + 0x30, 8);
	struct stat st;

	if (fstat(fd, &st) != 0)
		die("can't stat the image");
	memcpy(super, h->image.super, sizeof(super));
	for (unsigned i = 0; i < 3 && mirror_at[i] + SUPER_SIZE <= (uint64_t)st.st_size; i++) {
		if (bytenr == mirror_at[0]) /* else it was spoiled on purpose */
			put(super + 0x30, 8, mirror_at[i]);
		put(super, 4, crc32c_of(super + 32, SUPER_SIZE - 32));
		if (pwrite(fd, super, sizeof(super), (off_t)mirror_at[i]) != (ssize_t)sizeof(super))
			die("can't write the superblock");
	}
}

void damage_super(struct hostile *h)
{
	size_t n = sizeof(super_fields) / sizeof(*super_fields);

	spoil(h, h->image.super, &super_fields[pick(h, n)], "superblock", 0);
	super_write(h);
}

void damage_label(struct hostile *h)
{
	static const char *const text[] = {"\033]0;owned\a\033[2J", "a\nok: clean\r\n",
		"\xc2\x9b"
		"31m\x9b"
		"1m",
		"\xe2\x80\xae"
		"dab si siht",
		"::error::injected\n::set-env::", "%s%n%x", "\xff\xfe\xc0\x80", "\"}],\"result\":\"clean\""};
	const char *label = text[pick(h, sizeof(text) / sizeof(*text))];

	memset(h->image.super + 0x12b, 'L', 256); /* no 0 at the end */
	memcpy(h->image.super + 0x12b, label, strlen(label));
	printf("label with control characters\n");
	super_write(h);
}

void damage_sys_array(struct hostile *h)
{
	uint8_t *array = h->image.super + SYS_ARRAY;
	uint64_t kind = pick(h, 8);

	if (kind == 0) { /* claim all of it: zeros follow the lawful entries */
		put(h->image.super + 0xa0, 4, SYS_ARRAY_SIZE - pick(h, 200));
		printf("sys_chunk_array longer than its chunks\n");
	} else if (kind == 1) {
		for (unsigned i = 0; i < SYS_ARRAY_SIZE; i++)
			array[i] = (uint8_t)pick(h, 256);
		put(h->image.super + 0xa0, 4, pick(h, SYS_ARRAY_SIZE));
		printf("sys_chunk_array of noise\n");
	} else {
		spoil(h, array, &sys_fields[pick(h, sizeof(sys_fields) / sizeof(*sys_fields))],
			"sys_chunk_array", 0);
	}
	super_write(h);
}
