/* SPDX-License-Identifier: MIT */
/* Which files are a forensic image. libewf's own search would wait for a FIFO. */
#include "ewf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PER_LETTER (26u * 26u)
#define DECIMAL 99u /* after .E99 come letters */

const char *ewf_recognise(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	if (length >= 8 && memcmp(head, "EVF\x09\x0d\x0a\xff", 8) == 0)
		return "E01";
	return length >= 8 && memcmp(head, "EVF2\x0d\x0a\x81", 8) == 0 ? "Ex01" : NULL;
}

static const char *recognise_logical(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	if (length >= 8 && memcmp(head, "LVF\x09\x0d\x0a\xff", 8) == 0)
		return "L01";
	return length >= 8 && memcmp(head, "LEF2\x0d\x0a\x81", 8) == 0 ? "Lx01" : NULL;
}

static int refuse_logical(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	(void)base;
	(void)options;
	(void)disk;
	return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
		NAME " is a logical forensic image (L01), which holds files and no disk", path);
}

const struct container container_logical_ewf = {NULL, NULL, NULL, recognise_logical, refuse_logical};

/* Where "01" begins in "disk.E01" or "disk.Ex01"; 0: the file is not named so. */
static size_t number_at(const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t length = dot ? strlen(dot + 1) : 0;

	if (length < 3 || length > 4 || (length == 4 && tolower((unsigned char)dot[2]) != 'x') ||
		!isalpha((unsigned char)dot[1]))
		return 0;
	for (const char *c = dot + length - 1; *c; c++)
		if (!isalnum((unsigned char)*c))
			return 0;
	return (size_t)(dot - path) + length - 1;
}

/* The name of segment n, from 1 on; false: there are no more. path ends in the two characters at `at`. */
static bool name_segment(char *path, size_t at, char letter, unsigned n)
{
	char *first = strrchr(path, '.') + 1;
	char a = islower((unsigned char)letter) ? 'a' : 'A';
	unsigned k = n - DECIMAL - 1;

	if (n <= DECIMAL) {
		path[at] = (char)('0' + n / 10);
		path[at + 1] = (char)('0' + n % 10);
		return true;
	}
	if ((unsigned)(letter - a) + k / PER_LETTER > 25)
		return false;
	*first = (char)(letter + (int)(k / PER_LETTER));
	path[at] = (char)(a + (int)(k % PER_LETTER / 26));
	path[at + 1] = (char)(a + (int)(k % 26));
	return true;
}

static int add_segment(
	struct ewf_segments *files, const char *name, const struct stat *st, struct fsr_error *err)
{
	char **grown = realloc(files->names, (files->count + 1) * sizeof *grown);

	if (!grown)
		return fsr_fail_nomem(err);
	files->names = grown;
	grown[files->count] = strdup(name);
	if (!grown[files->count])
		return fsr_fail_nomem(err);
	files->count++;
	files->bytes += (uint64_t)st->st_size;
	return 0;
}

/* Positive: it is not there. */
static int try_segment(struct ewf_segments *files, const char *name, struct fsr_error *err)
{
	struct stat st;
	int e;

	if (stat(name, &st))
		return errno == ENOENT && files->count
			       ? 1
			       : fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME ": %s", name,
					 strerror(errno));
	e = file_refuse_kind(name, &st, err);
	return e ? e : add_segment(files, name, &st, err);
}

int ewf_find_segments(const char *path, struct ewf_segments *files, struct fsr_error *err)
{
	size_t at = number_at(path);
	char *name = strdup(path), letter = at ? strrchr(path, '.')[1] : 0;
	int e = 0;

	*files = (struct ewf_segments){0};
	if (!name)
		return fsr_fail_nomem(err);
	if (!at)
		e = try_segment(files, name, err);
	for (unsigned n = 1; at && !e && name_segment(name, at, letter, n); n++)
		e = try_segment(files, name, err);
	free(name);
	return e < 0 ? e : 0;
}

void ewf_free_segments(struct ewf_segments *files)
{
	while (files->count)
		free(files->names[--files->count]);
	free(files->names);
	*files = (struct ewf_segments){0};
}
