/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <inttypes.h>
#include <string.h>

void words_uuid(const uint8_t uuid[16], char out[UUID_TEXT_SIZE])
{
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		p += snprintf(p, 3, "%02x", uuid[i]);
	}
}

void words_container(const struct fsr_container *c, char out[CONTAINER_TEXT_SIZE])
{
	if (c->built)
		snprintf(out, CONTAINER_TEXT_SIZE, "reads %s%s%s", c->names, c->library ? " with " : "",
			c->library ? c->library : "");
	else
		snprintf(out, CONTAINER_TEXT_SIZE, "can't read %s: install %s and build again", c->names,
			c->package);
}

void words_key(const struct fsr_key *key, char out[KEY_TEXT_SIZE])
{
	const char *type = fsr_key_type_name(key->type);
	const char *name = fsr_key_objectid_name(key);
	char objectid[24], number[16];

	snprintf(objectid, sizeof objectid, "%" PRIu64, key->objectid);
	snprintf(number, sizeof number, "UNKNOWN.%u", key->type);
	snprintf(out, KEY_TEXT_SIZE, "(%.30s %.30s %" PRIu64 ")", name ? name : objectid,
		type ? type : number, key->offset);
}

const char *words_label(enum fsr_label_kind kind)
{
	static const char *const names[] = {
		[FSR_LABEL_CRC] = "crc",
		[FSR_LABEL_GENERATION] = "generation",
		[FSR_LABEL_OFFSET] = "offset",
		[FSR_LABEL_BYTES] = "bytes",
		[FSR_LABEL_TYPE] = "type",
		[FSR_LABEL_BITMAP] = "bitmap",
		[FSR_LABEL_UNUSED] = "unused",
	};

	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "unknown";
}

struct fsr_item cache_inode_item(const struct fsr_cache *cache)
{
	/* 1 is INODE_ITEM: this record is nothing else whatever the header's location says. */
	return (struct fsr_item){
		.key = {cache->location.objectid, 1, 0},
		.leaf = cache->inode_leaf,
		.slot = cache->inode_slot,
		.size = sizeof cache->inode_raw,
		.data = cache->inode_raw,
	};
}
