/* SPDX-License-Identifier: MIT */
#include "read_records.h"

#include <inttypes.h>
#include <string.h>

/* ---- findings */

/* report_u64() and report_text() can both give a text; a number is what looks like one. */
static bool read_detail(const char *name, const json_t *value, struct fsr_detail *detail,
	struct report_pool **pool, struct trouble *trouble)
{
	*detail = (struct fsr_detail){.name = pool_text(pool, name)};
	if (!detail->name)
		return trouble_memory(trouble);
	if (number_value(value, &detail->value))
		return true;
	if (!json_is_string(value))
		return trouble_say(trouble, FSR_E_CORRUPT,
			"'details.%.60s' is neither an unsigned number nor a text", name);
	copy_text(json_string_value(value), detail->text, sizeof detail->text);
	return true;
}

/* A newer version may have more details than there is room for: the first ones stay. */
static void read_details(const struct fields *fields, struct fsr_finding *finding, struct report_pool **pool)
{
	struct fields inside;
	const char *name;
	json_t *value;

	if (!field_object(fields, "details", "details.", &inside))
		return;
	json_object_foreach((json_t *)inside.object, name, value)
	{
		if (finding->ndetails == FSR_MAX_DETAILS)
			return;
		if (!read_detail(name, value, &finding->details[finding->ndetails], pool, fields->trouble))
			return;
		finding->ndetails++;
	}
}

bool read_finding(
	const json_t *object, struct fsr_finding *finding, struct report_pool **pool, struct trouble *trouble)
{
	const struct fields f = {trouble, object, ""};
	const char *code = field_maybe_text(&f, "code");
	const struct fsr_finding_info *info = code ? fsr_finding_by_name(code) : NULL;

	*finding = (struct fsr_finding){.block_group = FSR_NO_BYTENR};
	finding->code = info ? info->code : FSR_FINDING_NONE; /* a newer version's */
	finding->severity = field_word(&f, "severity", fsr_severity_name);
	field_maybe(&f, "block_group", UINT64_MAX, &finding->block_group);
	field_copy(&f, "message", finding->message, sizeof finding->message);
	read_details(&f, finding, pool);
	return !trouble->failed;
}

/* ---- the filesystem */

/* The sizes that Linux takes; what is shown is divided by them. */
static uint32_t read_block_size(const struct fields *fields, const char *key)
{
	uint64_t size = field_number(fields, key, UINT32_MAX);

	if (size < 4096 || size > 65536 || (size & (size - 1)))
		trouble_say(fields->trouble, FSR_E_CORRUPT,
			"'%s%s' is %" PRIu64 ", not a power of two from 4096 to 65536", fields->name, key,
			size);
	return (uint32_t)size;
}

bool read_filesystem(const json_t *object, struct fsr_filesystem *fs, struct trouble *trouble)
{
	const struct fields f = {trouble, object, "filesystem."};

	*fs = (struct fsr_filesystem){.cache_generation = UINT64_MAX};
	field_uuid(&f, "fsid", fs->fsid);
	field_uuid(&f, "metadata_uuid", fs->metadata_uuid);
	field_copy(&f, "label", fs->label, sizeof fs->label);
	fs->generation = field_number(&f, "generation", UINT64_MAX);
	field_maybe(&f, "cache_generation", UINT64_MAX, &fs->cache_generation);
	fs->space_cache = field_word(&f, "space_cache", fsr_space_cache_name);
	fs->nodesize = read_block_size(&f, "nodesize");
	fs->sectorsize = read_block_size(&f, "sectorsize");
	fs->csum_type = field_word(&f, "csum_type", fsr_csum_type_name);
	fs->num_devices = field_number(&f, "num_devices", UINT64_MAX);
	fs->total_bytes = field_number(&f, "total_bytes", UINT64_MAX);
	fs->bytes_used = field_number(&f, "bytes_used", UINT64_MAX);
	fs->incompat_flags = field_flags_words(&f, "incompat_flags", fsr_incompat_name);
	fs->compat_ro_flags = field_flags_words(&f, "compat_ro_flags", fsr_compat_ro_name);
	field_maybe(&f, "log_root", UINT64_MAX, &fs->log_root);
	return !trouble->failed;
}

/* ---- differences */

/* Which of two words it is: 1 for the first. */
static bool read_either(const struct fields *fields, const char *key, const char *one, const char *other)
{
	const char *word = field_text(fields, key);

	if (!word || strcmp(word, one) == 0)
		return true;
	if (strcmp(word, other) != 0)
		trouble_say(fields->trouble, FSR_E_CORRUPT, "'%s%s' is '%.60s', neither '%s' nor '%s'",
			fields->name, key, word, one, other);
	return false;
}

static void read_holder(const struct fields *fields, struct fsr_holder *holder)
{
	struct fields f;

	holder->present = field_object(fields, "held_by", "ranges.held_by.", &f);
	if (!holder->present)
		return;
	holder->tree_block = read_either(&f, "kind", "tree_block", "data");
	holder->root = field_number(&f, "root", UINT64_MAX);
	if (!holder->tree_block)
		holder->objectid = field_number(&f, "objectid", UINT64_MAX);
	else
		field_unused(&f, "objectid");
	holder->offset = field_number(&f, "offset", UINT64_MAX);
	holder->generation = field_number(&f, "generation", UINT64_MAX);
	if (!json_object_get(f.object, "bytenr")) /* old reports lack it */
		return;
	holder->bytenr = field_number(&f, "bytenr", UINT64_MAX);
	holder->length = field_number(&f, "length", UINT64_MAX - holder->bytenr);
}

bool read_range(const json_t *object, struct fsr_diff_range *range, struct trouble *trouble)
{
	const struct fields f = {trouble, object, "ranges."};

	*range = (struct fsr_diff_range){0};
	range->bytenr = field_number(&f, "bytenr", UINT64_MAX);
	range->length = field_number(&f, "length", UINT64_MAX - range->bytenr);
	range->excess = read_either(&f, "kind", "excess", "missing");
	range->free_space_tree = read_either(&f, "source", "v2", "v1");
	read_holder(&f, &range->holder);
	return !trouble->failed;
}
