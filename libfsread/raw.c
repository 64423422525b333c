/* SPDX-License-Identifier: MIT */
/* Bytes by logical address, copy by copy, checked by nothing. */
#include "format/error.h"
#include "space/space.h"

unsigned fsr_copies(const struct fsr_fs *fs, uint64_t bytenr)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, bytenr);

	return chunk ? volume_copies(fs->volume, chunk) : 0;
}

static int check_range(const struct fsr_fs *fs, uint64_t bytenr, size_t length, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, bytenr);

	if (!chunk)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, bytenr, "address %llu lies in no chunk",
			(unsigned long long)bytenr);
	if (length > chunk->length - (bytenr - chunk->start))
		return fsr_fail(err, FSR_E_INVALID, 0, bytenr,
			"%zu bytes at address %llu reach over the end of their chunk", length,
			(unsigned long long)bytenr);
	return 0;
}

int fsr_locate(const struct fsr_fs *fs, uint64_t bytenr, unsigned copy, struct fsr_physical *where,
	struct fsr_error *err)
{
	uint64_t length;
	int ret = check_range(fs, bytenr, 0, err);

	return ret ? ret : volume_map(fs->volume, bytenr, copy, where, &length, err);
}

int fsr_read(const struct fsr_fs *fs, uint64_t bytenr, size_t length, unsigned copy, void *buffer,
	struct fsr_error *err)
{
	int ret = check_range(fs, bytenr, length, err);

	return ret ? ret : volume_read(fs->volume, bytenr, length, copy, buffer, err);
}
