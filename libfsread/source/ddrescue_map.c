/* SPDX-License-Identifier: MIT */
/* The text of ddrescue's map file: comments, the status line, then areas as position, size, status. */
#include "ddrescue.h"

#include <errno.h>
#include <stdlib.h>

struct parser {
	struct rescue_map *map;
	const char *name;
	unsigned line;
	bool begun;     /* the status line was there */
	uint64_t ended; /* where the area before ended */
	struct fsr_error *err;
};

static int fail_line(const struct parser *p, const char *why)
{
	return fsr_fail(p->err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR, "line %u of the ddrescue map " NAME " %s",
		p->line, p->name, why);
}

/* Cuts the next word off; NULL: none is left. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\r");
	size_t length = strcspn(word, " \t\r");

	if (!length)
		return NULL;
	*rest = word + length + (word[length] != 0);
	word[length] = 0;
	return word;
}

/* Decimal, octal with 0, or hexadecimal with 0x, as in C; no more than a file can be long. */
static bool read_number(const char *word, uint64_t *number)
{
	char *end;

	if (!word || *word < '0' || *word > '9') /* strtoull would take signs */
		return false;
	errno = 0;
	*number = strtoull(word, &end, 0);
	return !*end && !errno && *number <= INT64_MAX;
}

static bool is_one_of(const char *word, const char *letters)
{
	return word && word[0] && !word[1] && strchr(letters, word[0]);
}

static int add_area(const struct parser *p, uint64_t start, char status)
{
	struct rescue_map *map = p->map;

	if (map->count && map->areas[map->count - 1].status == status)
		return 0;
	if (map->count == map->room) {
		size_t room = map->room ? 2 * map->room : 64;
		struct rescue_area *grown = realloc(map->areas, room * sizeof *grown);

		if (!grown)
			return fsr_fail_nomem(p->err);
		map->areas = grown;
		map->room = room;
	}
	map->areas[map->count++] = (struct rescue_area){start, status};
	return 0;
}

/* "current_pos current_status [current_pass]"; the pass came with version 1.21. */
static int take_status_line(struct parser *p, char *line)
{
	const char *position = next_word(&line), *status = next_word(&line), *pass = next_word(&line);
	uint64_t number;

	p->begun = true;
	if (!read_number(position, &number) || !is_one_of(status, "?*/-FG+") ||
		(pass && !read_number(pass, &number)) || next_word(&line))
		return fail_line(p, "is not the status line: position, status, pass");
	return 0;
}

static int take_area(struct parser *p, char *line)
{
	const char *position = next_word(&line), *length = next_word(&line), *status = next_word(&line);
	uint64_t start, size;
	int e = 0;

	if (!read_number(position, &start) || !read_number(length, &size) || !is_one_of(status, "?*/-+") ||
		next_word(&line))
		return fail_line(p, "is no area: position, size, one of ? * / - +");
	if (!size || size > INT64_MAX - start)
		return fail_line(p, size ? "reaches too far" : "is of an empty area");
	if (start < p->ended)
		return fail_line(p, "begins before the area above it ends");
	if (start > p->ended)
		e = add_area(p, p->ended, RESCUE_UNLISTED);
	if (!e)
		e = add_area(p, start, *status);
	p->ended = start + size;
	return e;
}

static int take_line(struct parser *p, char *line)
{
	if (++p->line > RESCUE_MAX_LINES)
		return fsr_fail(p->err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			"the ddrescue map " NAME " has more than %u lines", p->name, RESCUE_MAX_LINES);
	line[strcspn(line, "#")] = 0;
	if (!line[strspn(line, " \t\r")])
		return 0;
	return p->begun ? take_area(p, line) : take_status_line(p, line);
}

int rescue_map_parse(struct rescue_map *map, char *text, const char *name, struct fsr_error *err)
{
	struct parser p = {.map = map, .name = name, .err = err};
	int e = 0;

	*map = (struct rescue_map){0};
	while (!e && *text) {
		char *end = text + strcspn(text, "\n"), *next = *end ? end + 1 : end;

		*end = 0;
		e = take_line(&p, text);
		text = next;
	}
	if (!e && !p.begun)
		e = fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			NAME " is no ddrescue map: it has no status line", name);
	return e ? e : add_area(&p, p.ended, RESCUE_UNLISTED);
}

void rescue_map_free(struct rescue_map *map)
{
	free(map->areas);
	*map = (struct rescue_map){0};
}

/* The area that holds the byte at offset; there always is one. */
static size_t find_area(const struct rescue_map *map, uint64_t offset)
{
	size_t low = 0, high = map->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (map->areas[middle].start <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t rescue_map_unread(const struct rescue_map *map, uint64_t offset, uint64_t end, char *status)
{
	for (size_t i = find_area(map, offset); i < map->count && map->areas[i].start < end; i++) {
		*status = map->areas[i].status;
		if (*status != RESCUE_READ)
			return offset > map->areas[i].start ? offset : map->areas[i].start;
	}
	return end;
}

uint64_t rescue_map_count(const struct rescue_map *map, uint64_t size)
{
	uint64_t unread = 0;

	for (size_t i = 0; i < map->count && map->areas[i].start < size; i++) {
		uint64_t end = i + 1 < map->count ? map->areas[i + 1].start : size;

		if (map->areas[i].status != RESCUE_READ)
			unread += (end < size ? end : size) - map->areas[i].start;
	}
	return unread;
}
