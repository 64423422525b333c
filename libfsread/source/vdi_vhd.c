/* SPDX-License-Identifier: MIT */
/* VDI, VHDX and VHD: formats whose only further file is the parent of a differencing disk, which is refused.
 */
#include "virtual.h"

static int refuse_parent(const struct disk_file *file, const char *format, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
		NAME
		" is a differencing %s, which holds only what differs from another disk; merge them first",
		file->path, format);
}

static int fail_cut(const struct disk_file *file, const char *format, uint64_t end, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " is a %s that was cut: it ends at byte %llu of at least %llu", file->path, format,
		(unsigned long long)file->source->size, (unsigned long long)end);
}

/* ---- VDI */

#define VDI_MAGIC_AT 0x40
#define VDI_MAGIC 0xbeda107fu
#define VDI_HEADER 512u

static bool is_vdi(const uint8_t *head, size_t length)
{
	return length >= VDI_HEADER && get32(head + VDI_MAGIC_AT) == VDI_MAGIC;
}

static int check_vdi(const struct disk_file *file, struct fsr_error *err)
{
	uint8_t h[VDI_HEADER];
	int e = source_read(file->source, h, sizeof h, 0, err);
	uint32_t type = get32(h + 0x4c);
	uint64_t map_end, data_end;

	if (e)
		return e;
	if (type == 4 || type == 3)
		return refuse_parent(file, "VDI", err);
	if (type != 1 && type != 2)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is a VDI of the unknown type %u", file->path, type);
	map_end = get32(h + 0x154) + UINT64_C(4) * get32(h + 0x180);
	data_end = get32(h + 0x158) + (uint64_t)get32(h + 0x178) * get32(h + 0x184);
	if (map_end > file->source->size || data_end > file->source->size)
		return fail_cut(file, "VDI", map_end > data_end ? map_end : data_end, err);
	return 0;
}

static int plan_vdi(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err)
{
	int e = check_vdi(file, err);

	return e ? e : plan_own_bytes(plan, "file", file, err);
}

/* ---- VHDX */

#define VHDX_REGIONS (192 * KIB)
#define VHDX_REGIONS_2 (256 * KIB)
#define VHDX_TABLE ((size_t)4096)
#define VHDX_MOST ((VHDX_TABLE - 32) / 32)
#define VHDX_HAS_PARENT 2u

static const uint8_t metadata_region[16] = {
	0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e};
static const uint8_t file_parameters[16] = {
	0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b};

static bool is_vhdx(const uint8_t *head, size_t length)
{
	return length >= 8 && !memcmp(head, "vhdxfile", 8);
}

/* The entry with this GUID in a table of entries of 32 bytes; NULL: none. */
static const uint8_t *vhdx_entry(const uint8_t *entries, size_t count, const uint8_t guid[16])
{
	for (size_t i = 0; i < count && i < VHDX_MOST; i++)
		if (!memcmp(entries + 32 * i, guid, 16))
			return entries + 32 * i;
	return NULL;
}

/* Where the metadata lie; 0 where the table of regions doesn't say. */
static uint64_t vhdx_metadata(struct source *s, uint64_t regions)
{
	uint8_t table[VHDX_TABLE];
	const uint8_t *entry;

	if (source_read(s, table, sizeof table, regions, NULL) || memcmp(table, "regi", 4))
		return 0;
	entry = vhdx_entry(table + 16, get32(table + 8), metadata_region);
	return entry ? get64(entry + 16) : 0;
}

static int check_vhdx(const struct disk_file *file, struct fsr_error *err)
{
	uint64_t at = vhdx_metadata(file->source, VHDX_REGIONS);
	uint8_t table[VHDX_TABLE], parameters[8];
	const uint8_t *entry;
	int e;

	if (!at)
		at = vhdx_metadata(file->source, VHDX_REGIONS_2);
	if (!at || at >= file->source->size)
		return fail_cut(file, "VHDX", at ? at : VHDX_REGIONS_2 + VHDX_TABLE, err);
	e = source_read(file->source, table, sizeof table, at, err);
	if (e)
		return e;
	entry = vhdx_entry(table + 32, get16(table + 10), file_parameters);
	if (!entry)
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR, NAME " is a VHDX without parameters",
			file->path);
	e = source_read(file->source, parameters, sizeof parameters, at + get32(entry + 16), err);
	if (e)
		return e;
	return get32(parameters + 4) & VHDX_HAS_PARENT ? refuse_parent(file, "VHDX", err) : 0;
}

/* qemu itself refuses a VHDX with data behind its end. */
static int plan_vhdx(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err)
{
	int e = check_vhdx(file, err);

	return e ? e : plan_own_bytes(plan, "file", file, err);
}

/* ---- VHD */

#define VHD_TYPE_AT 60
#define VHD_DYNAMIC 3u
#define VHD_DIFFERENCING 4u

/* A fixed one begins like the disk itself, and is read as a raw image. */
static bool is_vhd(const uint8_t *head, size_t length)
{
	return length >= 512 && !memcmp(head, "conectix", 8);
}

static int check_vhd(const struct disk_file *file, struct fsr_error *err)
{
	uint64_t size = file->source->size;
	uint8_t h[512], footer[512];
	int e = source_read(file->source, h, sizeof h, 0, err);

	if (!e && size >= 512)
		e = source_read(file->source, footer, sizeof footer, size - 512, err);
	if (e)
		return e;
	if (big32(h + VHD_TYPE_AT) == VHD_DIFFERENCING)
		return refuse_parent(file, "VHD", err);
	if (big32(h + VHD_TYPE_AT) != VHD_DYNAMIC)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is a VHD of the unknown type %u", file->path, big32(h + VHD_TYPE_AT));
	return memcmp(footer, "conectix", 8) ? fail_cut(file, "VHD", size + 512, err) : 0;
}

static int plan_vhd(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err)
{
	int e = check_vhd(file, err);

	return e ? e : plan_own_bytes(plan, "file", file, err);
}

const struct disk_format vdi_format = {"VDI", "vdi", is_vdi, plan_vdi};
const struct disk_format vhdx_format = {"VHDX", "vhdx", is_vhdx, plan_vhdx};
const struct disk_format vhd_format = {"VHD", "vpc", is_vhd, plan_vhd};
