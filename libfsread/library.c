/* SPDX-License-Identifier: MIT */
/* The libraries that libfsread stands on, as they are at run time. */
#include "fsread.h"

#include "source/nbd.h"

#include <archive.h>
#include <blkid/blkid.h>
#include <gcrypt.h>
#ifdef HAVE_LIBEWF
#include <libewf.h>
#endif
#include <xxhash.h>
#include <zlib.h>

#define TEXT(number) #number
#define VALUE_TEXT(macro) TEXT(macro)

static const char *own_version(void)
{
	return FSR_VERSION;
}

static const char *libarchive_version(void)
{
	return archive_version_string() + sizeof "libarchive";
}

static const char *blkid_version(void)
{
	const char *version = NULL;

	blkid_get_library_version(&version, NULL);
	return version;
}

static const char *gcrypt_version(void)
{
	return gcry_check_version(NULL);
}

static const char *xxhash_version(void)
{
	return VALUE_TEXT(XXH_VERSION_MAJOR) "." VALUE_TEXT(XXH_VERSION_MINOR) "." VALUE_TEXT(
		XXH_VERSION_RELEASE);
}

static const struct {
	const char *name;
	const char *(*version)(void);
} libraries[] = {
	{"libfsread", own_version},
	{"libarchive", libarchive_version},
	{"libblkid", blkid_version},
	{"libgcrypt", gcrypt_version},
	{"xxhash", xxhash_version},
	{"zlib", zlibVersion},
#ifdef HAVE_LIBNBD
	{"libnbd", nbd_library_version},
#endif
#ifdef HAVE_LIBEWF
	{"libewf", libewf_get_version},
#endif
};

bool fsr_library(size_t i, const char **name, const char **version)
{
	if (i >= sizeof libraries / sizeof *libraries)
		return false;
	*name = libraries[i].name;
	*version = libraries[i].version();
	return true;
}
