/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "report/escape.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *size_text(const struct settings *settings, uint64_t bytes, char out[SIZE_TEXT])
{
	static const char *const names[][7] = {
		[UNITS_IEC] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"},
		[UNITS_SI] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"},
	};
	double base = settings->units == UNITS_SI ? 1000 : 1024, value = (double)bytes;
	size_t unit = 0;

	if (settings->units == UNITS_RAW) {
		snprintf(out, SIZE_TEXT, "%" PRIu64, bytes);
		return out;
	}
	/* What would round up to a whole next unit is printed in that unit. */
	for (; value >= (unit ? base - 0.005 : base); unit++)
		value /= base;
	snprintf(out, SIZE_TEXT, "%.*f %s", unit ? 2 : 0, value, names[settings->units][unit]);
	return out;
}

void put_size(const struct settings *settings, uint64_t bytes)
{
	char text[SIZE_TEXT];

	fputs(size_text(settings, bytes, text), stdout);
}

const char *word(const char *name)
{
	return name ? name : "?";
}

void put_severity(enum fsr_severity severity)
{
	static const char *const colours[] = {
		[FSR_SEVERITY_NOTE] = "36",
		[FSR_SEVERITY_WARNING] = "33",
		[FSR_SEVERITY_ERROR] = "31",
		[FSR_SEVERITY_DANGER] = "1;37;41",
	};
	const char *name = word(fsr_severity_name(severity)), *no_color = getenv("NO_COLOR");
	int pad = 7 - (int)strlen(name);

	if (isatty(STDOUT_FILENO) && !(no_color && *no_color))
		printf("\033[%sm%s\033[0m%*s", colours[severity], name, pad, "");
	else
		printf("%s%*s", name, pad, "");
}

const char *type_text(uint64_t flags, char out[TYPE_TEXT])
{
	char *end = out;

	for (unsigned bit = 0; bit < 3; bit++)
		if (flags >> bit & 1)
			end += snprintf(end, TYPE_TEXT - (size_t)(end - out), "%s%s", end == out ? "" : "|",
				word(fsr_type_name(UINT64_C(1) << bit)));
	if (end == out)
		snprintf(out, TYPE_TEXT, "?");
	return out;
}

const char *verdict_text(const struct fsr_group *group, char out[VERDICT_TEXT])
{
	const char *name = word(fsr_verdict_name(group->verdict));

	if (group->step > 0)
		snprintf(out, VERDICT_TEXT, "%.12s (%d)", name, group->step);
	else
		snprintf(out, VERDICT_TEXT, "%.12s", name);
	return out;
}

static void put_flags(const char *title, uint64_t flags, flag_name_fn name)
{
	printf("%s", title);
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (name(bit))
			printf(" %s", name(bit));
		else
			printf(" BIT_%u", bit);
	}
	puts(flags ? "" : " none");
}

void put_head(const struct settings *settings, const struct fsr_fs *fs, const char *path)
{
	const struct fsr_filesystem *f = fsr_filesystem(fs);
	char uuid[37];

	if (settings->verbosity == VERBOSITY_QUIET)
		return;
	put_escaped(stdout, path, strlen(path));
	words_uuid(f->fsid, uuid);
	printf("\nfsid %s  label '", uuid);
	put_escaped(stdout, f->label, strlen(f->label));
	printf("'  generation %" PRIu64 "  cache_generation ", f->generation);
	if (f->cache_generation == UINT64_MAX)
		fputs("none", stdout);
	else
		printf("%" PRIu64, f->cache_generation);
	printf("  space_cache %s\nsize ", word(fsr_space_cache_name(f->space_cache)));
	put_size(settings, f->total_bytes);
	fputs("  used ", stdout);
	put_size(settings, f->bytes_used);
	printf("  devices %" PRIu64 "  nodesize %u  sectorsize %u  checksum %s", f->num_devices, f->nodesize,
		f->sectorsize, word(fsr_csum_type_name(f->csum_type)));
	if (f->log_root)
		printf("  log tree at %" PRIu64, f->log_root);
	putchar('\n');
	if (settings->verbosity != VERBOSITY_VERBOSE)
		return;
	put_flags("incompat", f->incompat_flags, fsr_incompat_name);
	put_flags("compat_ro", f->compat_ro_flags, fsr_compat_ro_name);
}
