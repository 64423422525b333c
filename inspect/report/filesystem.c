/* SPDX-License-Identifier: MIT */
#include "report.h"

json_t *report_flags(uint64_t flags, flag_name_fn name)
{
	json_t *array = json_array();
	char number[FLAG_TEXT_SIZE];

	for (unsigned bit = 0; array && bit < 64; bit++) {
		if (!(flags >> bit & 1))
			continue;
		snprintf(number, sizeof number, FLAG_NUMBER, bit);
		const char *word = name(bit);
		if (json_array_append_new(array, json_string(word ? word : number)) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *report_filesystem(const struct fsr_filesystem *fs)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"fsid", report_uuid(fs->fsid), "metadata_uuid", report_uuid(fs->metadata_uuid), "label",
		report_text(fs->label), "generation", report_u64(fs->generation), "cache_generation",
		report_maybe(fs->cache_generation != UINT64_MAX, fs->cache_generation), "space_cache",
		report_word(fsr_space_cache_name(fs->space_cache)), "nodesize", report_u64(fs->nodesize),
		"sectorsize", report_u64(fs->sectorsize), "csum_type",
		report_word(fsr_csum_type_name(fs->csum_type)), "num_devices", report_u64(fs->num_devices),
		"total_bytes", report_u64(fs->total_bytes), "bytes_used", report_u64(fs->bytes_used),
		"incompat_flags", report_flags(fs->incompat_flags, fsr_incompat_name), "compat_ro_flags",
		report_flags(fs->compat_ro_flags, fsr_compat_ro_name), "log_root",
		report_maybe(fs->log_root != 0, fs->log_root));
}

static json_t *report_device(const struct fsr_device *device)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "path", report_text(device->path), "devid",
		report_u64(device->devid), "uuid", report_uuid(device->uuid), "offset",
		report_u64(device->offset), "size", report_u64(device->size), "total_bytes",
		report_u64(device->total_bytes));
}

json_t *report_image(const struct fsr_fs *fs, const char *path)
{
	json_t *devices = json_array();

	for (size_t i = 0; devices && i < fsr_device_count(fs); i++) {
		if (json_array_append_new(devices, report_device(fsr_device(fs, i))) == 0)
			continue;
		json_decref(devices);
		devices = NULL;
	}
	return json_pack("{s:o, s:o, s:o}", "path", report_text(path), "size", report_u64(fsr_image_size(fs)),
		"devices", devices);
}
