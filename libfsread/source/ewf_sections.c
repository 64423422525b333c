/* SPDX-License-Identifier: MIT */
/*
 * The lists that an E01's sections hold, counted before libewf reads them: it puts each entry in its place in
 * a linked list, so that what is long and unsorted takes it time by the square.
 */
#include "ewf.h"

#define FILE_HEADER 13u    /* magic, a byte, le16 number of the segment file, le16 0 */
#define SECTION_HEADER 76u /* type, le64 offset of the next section, le64 size, 40 bytes, le32 checksum */
#define TYPE_SIZE 16u

/* A terabyte has some 6,000 sections. */
#define SECTIONS_MAX 100000u
/* That libewf puts in order in less than a second, whatever theirs is. */
#define ENTRIES_MAX 20000u

struct section_walk {
	const char *name;
	uint64_t sections, entries;
};

static bool is_type(const uint8_t *header, const char *type)
{
	return !strncmp((const char *)header, type, TYPE_SIZE);
}

/* Areas that could not be read, and sessions: both begin with a le32 number of entries. */
static void count_entries(struct section_walk *walk, struct source *file, const uint8_t *header, uint64_t at)
{
	uint8_t count[4];

	if ((is_type(header, "error2") || is_type(header, "session")) &&
		!source_read(file, count, sizeof count, at + SECTION_HEADER, NULL))
		walk->entries += get32(count);
}

static int check_limits(const struct section_walk *walk, struct fsr_error *err)
{
	if (walk->sections > SECTIONS_MAX)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, NAME " has more than %u sections",
			walk->name, SECTIONS_MAX);
	if (walk->entries > ENTRIES_MAX)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			NAME " lists %llu areas that could not be read and sessions, more than %u",
			walk->name, (unsigned long long)walk->entries, ENTRIES_MAX);
	return 0;
}

/* Each section names the next, further on; the last one itself. What is damaged is libewf's to say. */
static int walk_file(struct section_walk *walk, struct source *file, struct fsr_error *err)
{
	uint8_t header[SECTION_HEADER];
	uint64_t at = FILE_HEADER, next = at;
	int e = 0;

	do {
		at = next;
		if (source_read(file, header, sizeof header, at, NULL))
			break;
		walk->sections++;
		count_entries(walk, file, header, at);
		e = check_limits(walk, err);
		next = get64(header + TYPE_SIZE);
	} while (!e && next > at);
	return e;
}

int ewf_check_sections(const struct ewf_segments *files, struct fsr_error *err)
{
	struct section_walk walk = {0};
	int e = 0;

	for (size_t i = 0; i < files->count && !e; i++) {
		struct source *file;

		walk.name = files->names[i];
		e = file_open(walk.name, &file, err);
		if (e)
			return e;
		e = walk_file(&walk, file, err);
		source_close(file);
	}
	return e;
}
