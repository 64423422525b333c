/* SPDX-License-Identifier: MIT */
/* The libraries that libfsread stands on, as they are at run time. */
#include "fsread.h"

#include <archive.h>
#include <blkid/blkid.h>
#include <gcrypt.h>
#include <xxhash.h>
#include <zlib.h>

#define TEXT(number) #number
#define VALUE_TEXT(macro) TEXT(macro)

static const char *blkid_version(void)
{
	const char *version = NULL;

	blkid_get_library_version(&version, NULL);
	return version;
}

bool fsr_library(size_t i, const char **name, const char **version)
{
	switch (i) {
	case 0:
		*name = "libfsread";
		*version = FSR_VERSION;
		return true;
	case 1:
		*name = "libarchive";
		*version = archive_version_string() + sizeof "libarchive";
		return true;
	case 2:
		*name = "libblkid";
		*version = blkid_version();
		return true;
	case 3:
		*name = "libgcrypt";
		*version = gcry_check_version(NULL);
		return true;
	case 4:
		*name = "xxhash";
		*version = VALUE_TEXT(XXH_VERSION_MAJOR) "." VALUE_TEXT(XXH_VERSION_MINOR) "." VALUE_TEXT(
			XXH_VERSION_RELEASE);
		return true;
	case 5:
		*name = "zlib";
		*version = zlibVersion();
		return true;
	default:
		return false;
	}
}
