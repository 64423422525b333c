/* SPDX-License-Identifier: MIT */
/* Compressed files and archives: which members hold a btrfs. */
#include "archive.h"
#include "containers.h"

#include <errno.h>
#include <stdlib.h>

#define UNPACK_LIMIT (8 * GIB)
/* The least that may hold a btrfs: a dump, whose index block alone has this size. */
#define LEAST DUMP_HEAD
/* An archive of millions of empty members costs time and says nothing. */
#define MAX_MEMBERS 100000u

typedef int (*support_fn)(struct archive *archive);

/*
 * By name, never "all": for some filters libarchive would run a program from PATH. It does so also
 * for these where it was built without the library, and says ARCHIVE_WARN; those are left out.
 */
static const support_fn filters[] = {
	archive_read_support_filter_gzip,
	archive_read_support_filter_bzip2,
	archive_read_support_filter_xz,
	archive_read_support_filter_lzma,
	archive_read_support_filter_zstd,
	archive_read_support_filter_lz4,
};
static const support_fn formats[] = {
	archive_read_support_format_tar,
	archive_read_support_format_cpio,
	archive_read_support_format_zip,
	archive_read_support_format_7zip,
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool filter_is_built_in(support_fn filter)
{
	struct archive *trial = archive_read_new();
	bool ok = trial && filter(trial) == ARCHIVE_OK;

	archive_read_free(trial);
	return ok;
}

/* single: one compressed file; otherwise an archive of members. */
static void enable(struct archive *archive, bool single)
{
	for (size_t i = 0; i < COUNT(filters); i++)
		if (filter_is_built_in(filters[i]))
			filters[i](archive);
	for (size_t i = 0; i < COUNT(formats) && !single; i++)
		formats[i](archive);
	if (single)
		archive_read_support_format_raw(archive);
}

/* ---- how libarchive reads the compressed file: through the one descriptor */

static la_ssize_t on_read(struct archive *archive, void *arg, const void **data)
{
	struct reader *r = arg;
	uint64_t left = r->base->size - r->position;
	size_t n = left < sizeof r->buffer ? (size_t)left : sizeof r->buffer;

	*data = r->buffer;
	if (!reader_goes_on(r, n) || source_read(r->base, r->buffer, n, r->position, &r->read_error)) {
		archive_set_error(archive, EIO, "read stopped");
		return -1;
	}
	r->position += n;
	return (la_ssize_t)n;
}

static la_int64_t on_skip(struct archive *archive, void *arg, la_int64_t request)
{
	struct reader *r = arg;
	uint64_t left = r->base->size - r->position;
	uint64_t n = request < 0 ? 0 : (uint64_t)request;

	(void)archive;
	if (n > left)
		n = left;
	r->position += n;
	return (la_int64_t)n;
}

static la_int64_t on_seek(struct archive *archive, void *arg, la_int64_t offset, int whence)
{
	struct reader *r = arg;
	int64_t from = whence == SEEK_SET ? 0 : (int64_t)(whence == SEEK_CUR ? r->position : r->base->size);
	int64_t to;

	(void)archive;
	if (__builtin_add_overflow(from, offset, &to) || to < 0 || (uint64_t)to > r->base->size)
		return ARCHIVE_FATAL;
	r->position = (uint64_t)to;
	return to;
}

static int start(struct reader *r)
{
	archive_read_set_read_callback(r->archive, on_read);
	archive_read_set_skip_callback(r->archive, on_skip);
	archive_read_set_seek_callback(r->archive, on_seek);
	archive_read_set_callback_data(r->archive, r);
	return archive_read_open1(r->archive);
}

/* ---- members */

static bool is_compressed(const struct reader *r)
{
	return archive_filter_count(r->archive) > 1; /* "none" counts as one */
}

bool reader_is_single(const struct reader *r)
{
	return archive_format(r->archive) == ARCHIVE_FORMAT_RAW;
}

/* Linux and tar give names in the locale's or in no encoding; both are only bytes to us. */
static const char *entry_name(const struct reader *r, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname_utf8(entry);

	if (reader_is_single(r))
		return r->base->name;
	if (!name)
		name = archive_entry_pathname(entry);
	return name ? name : "(unnamed)";
}

static bool same_name(const char *a, const char *b)
{
	if (strncmp(a, "./", 2) == 0)
		a += 2;
	if (strncmp(b, "./", 2) == 0)
		b += 2;
	return strcmp(a, b) == 0;
}

/* A dump, which has a descriptor of its own; unpacked is closed on success. Positive: it is none. */
static int open_dump(
	const struct reader *r, struct source *unpacked, struct source **out, struct fsr_error *err)
{
	uint8_t head[DUMP_HEAD];
	const char *format = NULL;
	int e;

	if (!source_read(unpacked, head, sizeof head, 0, NULL))
		format = dump_container.recognise(unpacked->name, head, sizeof head);
	if (!format)
		return 1;
	e = dump_container.open(unpacked->name, unpacked, r->options, out, err);
	if (e)
		return e;
	(*out)->container = format;
	source_close(unpacked);
	return 0;
}

static int take_unpacked(
	struct reader *r, struct source *unpacked, bool chosen, struct candidates *set, struct fsr_error *err)
{
	struct source *found;
	int e = open_dump(r, unpacked, &found, err);

	if (e > 0)
		e = find_filesystem(unpacked, r->options, &found, err);
	if (!e)
		return candidates_add(set, found, chosen, err);
	source_close(unpacked);
	/* A disk image without a btrfs in the archive is no reason to fail. */
	if (!chosen && !reader_is_single(r) &&
		(e == FSR_E_NOT_BTRFS || e == FSR_E_NOT_FOUND || e == FSR_E_INVALID))
		return 0;
	return e;
}

/* Positive: it holds no btrfs. A member that is too small says so in its header; most of an archive's are. */
static int unpack_entry(struct reader *r, struct archive_entry *entry, const char *name, struct source **out,
	struct fsr_error *err)
{
	int e;

	if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) >= (la_int64_t)LEAST)
		return unpack_member(r, name, out, err);
	e = reader_pass_over(r, name, err);
	return e ? e : 1;
}

static int take_member(
	struct reader *r, struct archive_entry *entry, struct candidates *set, struct fsr_error *err)
{
	const char *wanted = r->options->member;
	char *name = strdup(entry_name(r, entry));
	struct source *unpacked = NULL;
	bool chosen;
	int e;

	if (!name)
		return fsr_fail_nomem(err);
	chosen = wanted && !reader_is_single(r) && same_name(name, wanted);
	e = unpack_entry(r, entry, name, &unpacked, err);
	if (e == 0)
		e = take_unpacked(r, unpacked, chosen, set, err);
	else if (e > 0)
		e = chosen ? fsr_fail(
				     err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR, "no btrfs in member " NAME, name)
			   : 0;
	free(name);
	return e;
}

/* Only regular files with data of their own: what a link names is none of the archive's business. */
static bool is_plain_file(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
	       !archive_entry_symlink(entry);
}

static int take_members(struct reader *r, struct candidates *set, unsigned *members, struct fsr_error *err)
{
	struct archive_entry *entry;
	int e = 0;

	for (*members = 0; !e; ++*members) {
		int a = archive_read_next_header(r->archive, &entry);

		if (a == ARCHIVE_EOF)
			break;
		if (a == ARCHIVE_FATAL || !reader_goes_on(r, 0))
			return reader_fail(r, NULL, err);
		if (*members == MAX_MEMBERS)
			return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, NAME " has more than %u members",
				r->base->name, MAX_MEMBERS);
		if (a == ARCHIVE_RETRY)
			continue;
		e = is_plain_file(entry) ? take_member(r, entry, set, err) : reader_pass_over(r, NULL, err);
	}
	return e;
}

static bool none_chosen(const struct candidates *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->list[i].chosen)
			return false;
	return true;
}

static int open_members(
	struct reader *r, struct candidates *set, struct source ***list, size_t *count, struct fsr_error *err)
{
	unsigned members;
	int e = take_members(r, set, &members, err);

	if (e)
		return members || r->stopped || r->read_error.code ? e : 1;
	/* A file of zeros passes for an empty tar. */
	if (!members)
		return 1;
	if (r->options->member && none_chosen(set))
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, NAME " has no member " NAME,
			r->base->name, r->options->member);
	if (!set->count)
		return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
			"no btrfs in any of the %u members of " NAME, members, r->base->name);
	return candidates_choose(set, r->base->name, list, count, err);
}

/* The one file that a compressed file holds. */
static int open_only(
	struct reader *r, struct candidates *set, struct source ***list, size_t *count, struct fsr_error *err)
{
	struct archive_entry *entry;
	int a = archive_read_next_header(r->archive, &entry);
	int e;

	if (a != ARCHIVE_OK && a != ARCHIVE_WARN)
		return reader_fail(r, NULL, err);
	e = take_member(r, entry, set, err);
	if (e)
		return e;
	if (!set->count)
		return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
			"no btrfs in what " NAME " holds compressed", r->base->name);
	return candidates_choose(set, r->base->name, list, count, err);
}

/* Positive: not compressed and no archive, or (where not `single`) perhaps a single compressed file. */
static int open_as(struct reader *r, bool single, struct source ***list, size_t *count, struct fsr_error *err)
{
	struct candidates set = {NULL, 0};
	int e;

	r->archive = archive_read_new();
	if (!r->archive)
		return fsr_fail_nomem(err);
	r->position = 0;
	enable(r->archive, single);
	if (start(r) != ARCHIVE_OK)
		e = r->stopped || r->read_error.code || single ? reader_fail(r, NULL, err) : 1;
	else if (archive_filter_count(r->archive) > 2)
		e = fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, NAME " is compressed more than once",
			r->base->name);
	else if (!single)
		e = open_members(r, &set, list, count, err);
	else if (is_compressed(r))
		e = open_only(r, &set, list, count, err);
	else
		e = 1;
	candidates_free(&set);
	archive_read_free(r->archive);
	return e;
}

int archive_open(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	struct reader *r;
	int e = check_dictionary(base, err);

	if (e)
		return e;
	r = calloc(1, sizeof *r);
	if (!r)
		return fsr_fail_nomem(err);
	r->base = base;
	r->options = options;
	r->written_left = options->unpack_limit ? options->unpack_limit : UNPACK_LIMIT;
	r->passed_over_left = r->written_left;
	e = open_as(r, false, list, count, err);
	if (e > 0 && !options->member)
		e = open_as(r, true, list, count, err);
	free(r);
	return e;
}
