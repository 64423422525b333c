/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "message.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum option_kind {
	OPTION_CHOICE, /* stores `value` */
	OPTION_NUMBER,
	OPTION_TEXT,
	OPTION_FORMAT,
	OPTION_DEVICE,
	OPTION_GROUP,
	OPTION_PASSED, /* for the program that all words are passed to */
};

#define CHOICE(field, value) offsetof(struct settings, field), OPTION_CHOICE, value, 0
#define NUMBER(field, least, most) offsetof(struct settings, field), OPTION_NUMBER, least, most
#define TEXT(field) offsetof(struct settings, field), OPTION_TEXT, 0, 0
#define PASSED 0, OPTION_PASSED, 0, 0

const struct option_row option_table[] = {
	{"format", "FORMAT", 0, COMMAND_PRINTS, 0, OPTION_FORMAT, 0, 0,
		"print text, json, or (validate only) ndjson; default text"},
	{"raw", NULL, 0, COMMAND_PRINTS, CHOICE(units, UNITS_RAW), "print sizes in bytes"},
	{"iec", NULL, 0, COMMAND_PRINTS, CHOICE(units, UNITS_IEC),
		"print sizes in KiB, MiB, GiB (the default)"},
	{"si", NULL, 0, COMMAND_PRINTS, CHOICE(units, UNITS_SI), "print sizes in kB, MB, GB"},
	{"verbose", NULL, 'v', COMMAND_PRINTS, CHOICE(verbosity, VERBOSITY_VERBOSE),
		"print notes and details too"},
	{"quiet", NULL, 'q', COMMAND_PRINTS, CHOICE(verbosity, VERBOSITY_QUIET),
		"print results only, no findings"},
	{"threads", "N", 0, 0, NUMBER(threads, 1, 256),
		"judge N block groups side by side; default one for each processor, at most 8"},
	{"help", NULL, 0, 0, CHOICE(help, 1), "print this help and stop"},
	{"version", NULL, 0, 0, CHOICE(version, 1), "print the version and the libraries in use, and stop"},
	{"device", "FILE", 0, COMMAND_IMAGES, 0, OPTION_DEVICE, 0, 0,
		"add a further device of the filesystem; can be given several times"},
	{"partition", "N", 0, COMMAND_IMAGES, NUMBER(partition, 1, UINT32_MAX),
		"open partition number N of the image"},
	{"offset", "BYTES", 0, COMMAND_IMAGES, NUMBER(offset, 0, INT64_MAX),
		"take the filesystem that begins BYTES into the image"},
	{"member", "NAME", 0, COMMAND_IMAGES, TEXT(member), "open the archive's member NAME"},
	{"unpack-limit", "BYTES", 0, COMMAND_IMAGES, NUMBER(unpack_limit, 1, UINT64_MAX),
		"unpack at most BYTES that are not zero; default 8 GiB"},
	{"ddrescue-map", "FILE", 0, COMMAND_IMAGES, TEXT(ddrescue_map),
		"GNU ddrescue's map of the image: what it did not read counts as missing"},
	{"allow-outside", NULL, 0, COMMAND_IMAGES, CHOICE(allow_outside, 1),
		"virtual disks may read files outside their own folder"},
	{"group", "BYTENR", 0, COMMAND_CACHE | COMMAND_DIFF | COMMAND_REWRITE,
		offsetof(struct settings, group), OPTION_GROUP, 0, UINT64_MAX,
		"only the block group that begins at BYTENR; rewrite takes several"},
	{"hex", NULL, 0, COMMAND_CACHE | COMMAND_TREE, CHOICE(hex, 1),
		"print the bytes too; of a cache, labelled"},
	{"mirrors", NULL, 0, COMMAND_SUPER | COMMAND_CACHE, CHOICE(mirrors, 1),
		"read every copy, and say where each lies and how it differs"},
	{"all-copies", NULL, 0, COMMAND_VALIDATE, CHOICE(all_copies, 1),
		"compare every copy of tree blocks and cache pages, not just read the first good one"},
	{"root", "NAME", 0, COMMAND_TREE, TEXT(root), "the tree to show, by name or number"},
	{"all", NULL, 0, COMMAND_REWRITE, CHOICE(all, 1), "write caches anew that are WRITTEN already, too"},
	{"invalidate", NULL, 0, COMMAND_REWRITE, CHOICE(invalidate, 1),
		"write no caches, only mark them invalid: the smallest safe write"},
	{"enable-v1", NULL, 0, COMMAND_REWRITE, CHOICE(enable_v1, 1),
		"go on where the v1 cache is off (cache_generation 0), and turn it on"},
	{"dry-run", NULL, 0, COMMAND_REWRITE, CHOICE(dry_run, 1),
		"do and check all of it in memory, say what would be, write nothing"},
	{"undo", "FILE", 0, COMMAND_REWRITE, TEXT(undo),
		"save what is overwritten to the new file FILE, for 'spacescope undo'"},
	{"output", "COPY", 0, COMMAND_REWRITE, TEXT(output),
		"work on the new file COPY, leave IMAGE alone; of several devices COPY.1, COPY.2 ..."},
	{"write", NULL, 0, COMMAND_TUI, PASSED, "allow the Rewrite screen to commit"},
	{"color", "WHEN", 0, COMMAND_TUI, PASSED, "auto (the default), always or never"},
	{"ascii", NULL, 0, COMMAND_TUI, PASSED, "draw with ASCII only"},
	{NULL, NULL, 0, 0, 0, 0, 0, 0, NULL},
};

#define OPTION_MAX 32
/* getopt_long's value for option_table[0]; below are letters and its own answers. */
#define FIRST_VALUE 256

/* The row for an answer of getopt_long. */
static const struct option_row *row_of(int value)
{
	if (value >= FIRST_VALUE)
		return &option_table[value - FIRST_VALUE];
	for (const struct option_row *row = option_table; row->name; row++)
		if (row->letter && row->letter == value)
			return row;
	return NULL;
}

static int parse_number(const struct option_row *row, const char *text, struct number *out)
{
	char *end;

	errno = 0;
	/* strtoull would take signs, blanks and octal. */
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	const char *allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
	out->value = strtoull(digits, &end, hex ? 16 : 10);
	if (!*digits || strspn(digits, allowed) != strlen(digits)) {
		complain("--%s '%s' is not a number; give a decimal one, or one with 0x", row->name, text);
		return -1;
	}
	if (errno == ERANGE || out->value < (uint64_t)row->value || out->value > row->most) {
		complain("--%s %s is out of range; it goes from %d to %" PRIu64, row->name, text, row->value,
			row->most);
		return -1;
	}
	out->given = true;
	return 0;
}

static int parse_format(const char *text, int *out)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_NDJSON] = "ndjson"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], text) == 0) {
			*out = (int)i;
			return 0;
		}
	complain("--format '%s' is unknown; it is text, json or ndjson", text);
	return -1;
}

static int store(struct settings *settings, const struct option_row *row, const char *argument)
{
	void *field = (char *)settings + row->where;

	switch (row->kind) {
	case OPTION_CHOICE:
		*(int *)field = row->value;
		return 0;
	case OPTION_NUMBER:
		return parse_number(row, argument, field);
	case OPTION_TEXT:
		*(const char **)field = argument;
		return 0;
	case OPTION_GROUP:
		if (parse_number(row, argument, &settings->group) != 0)
			return -1;
		settings->groups[settings->ngroups++] = settings->group.value;
		return 0;
	case OPTION_FORMAT:
		return parse_format(argument, &settings->format);
	case OPTION_PASSED:
		return 0;
	default:
		settings->devices[settings->ndevices++] = argument;
		return 0;
	}
}

/* Fills getopt_long's tables from ours: value i + FIRST_VALUE for row i. */
static void fill_tables(struct option longs[OPTION_MAX + 1], char shorts[2 * OPTION_MAX + 3])
{
	int i = 0;

	/* Operands are answered in place ('-'), whatever POSIXLY_CORRECT says. */
	*shorts++ = '-';
	*shorts++ = ':';
	for (const struct option_row *row = option_table; row->name; row++, i++) {
		longs[i] = (struct option){row->name, row->argument != NULL, NULL, FIRST_VALUE + i};
		if (!row->letter)
			continue;
		*shorts++ = row->letter;
		if (row->argument)
			*shorts++ = ':';
	}
	longs[i] = (struct option){NULL, 0, NULL, 0};
	*shorts = 0;
}

/* Says why getopt_long refused a word; `word` is the one it stands behind. */
static int refuse(int answer, const char *word)
{
	const struct option_row *row = row_of(optopt);

	if (answer == ':')
		complain("option '%s' needs %s after it", word, row ? row->argument : "a value");
	else if (row && strncmp(word, "--", 2) == 0)
		complain("option '--%s' takes no value", row->name);
	else if (strncmp(word, "--", 2) == 0)
		complain("unknown or ambiguous option '%s'; see 'spacescope --help'", word);
	else
		complain("unknown option '-%c'; see 'spacescope --help'", optopt);
	return -1;
}

static int add_operand(struct settings *settings, const char *word)
{
	if (settings->command) {
		settings->operands[settings->noperands++] = word;
		return 0;
	}
	settings->command = command_find(word);
	settings->command_word = word;
	if (settings->command)
		return 0;
	complain("unknown command '%s'; see 'spacescope --help'", word);
	return -1;
}

/* All but the command itself. */
static void pass_words(struct settings *settings, int argc, char **argv)
{
	size_t n = 1;

	for (int i = 1; i < argc; i++)
		if (argv[i] != settings->command_word)
			settings->passed[n++] = argv[i];
}

/* Takes all words of argv; which options were given is noted in *seen, a bit for each row. */
static int take_words(struct settings *settings, int argc, char **argv, uint64_t *seen)
{
	struct option longs[OPTION_MAX + 1];
	char shorts[2 * OPTION_MAX + 3];
	int answer;

	fill_tables(longs, shorts);
	opterr = 0;
	while ((answer = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (answer == 1) {
			if (add_operand(settings, optarg) != 0)
				return -1;
			continue;
		}
		if (answer == '?' || answer == ':')
			return refuse(answer, argv[optind - 1]);
		const struct option_row *row = row_of(answer);
		*seen |= UINT64_C(1) << (row - option_table);
		if (store(settings, row, optarg) != 0)
			return -1;
	}
	for (; optind < argc; optind++)
		if (add_operand(settings, argv[optind]) != 0)
			return -1;
	return 0;
}

/* What rewrite's options say against each other. */
static int check_rewrite(const struct settings *settings)
{
	const char *kept = settings->undo ? "undo" : settings->output ? "output" : NULL;

	if (settings->all && settings->ngroups) {
		complain("--all and --group exclude each other; give one of them");
		return -1;
	}
	if (settings->dry_run && kept) {
		complain("--dry-run writes nothing, so there is nothing for --%s; give one of them", kept);
		return -1;
	}
	if ((settings->undo && !*settings->undo) || (settings->output && !*settings->output)) {
		complain("--%s needs the name of a file to be made",
			settings->undo && !*settings->undo ? "undo" : "output");
		return -1;
	}
	return 0;
}

static int check_options(const struct settings *settings, uint64_t seen)
{
	const struct command *command = settings->command;

	for (const struct option_row *row = option_table; row->name; row++) {
		bool given = seen >> (row - option_table) & 1;
		if (given && row->commands && !(row->commands & command->bit)) {
			complain("'%s' takes no option '--%s'; see 'spacescope %s --help'", command->name,
				row->name, command->name);
			return -1;
		}
	}
	if (settings->format == FORMAT_NDJSON && command->bit != COMMAND_VALIDATE) {
		complain("--format ndjson is for 'validate' only; give --format json");
		return -1;
	}
	if (settings->partition.given && settings->offset.given) {
		complain("--partition and --offset exclude each other; give one of them");
		return -1;
	}
	return check_rewrite(settings);
}

static int check_operands(const struct settings *settings)
{
	const struct command *command = settings->command;

	if (settings->noperands < command->least || settings->noperands > command->most) {
		complain("'%s' takes %s, %zu given; usage: spacescope %s [OPTIONS] %s", command->name,
			!command->least      ? "at most one code"
			: command->most == 1 ? "exactly one image"
			: command->most == 2 ? "an image and its undo file"
					     : "one image or more",
			settings->noperands, command->name, command->usage);
		return -1;
	}
	if (settings->ndevices && settings->noperands > 1 && command->bit == COMMAND_VALIDATE) {
		complain("--device adds to a single image, %zu are given", settings->noperands);
		return -1;
	}
	if (settings->ddrescue_map && settings->noperands > 1 && command->bit == COMMAND_VALIDATE) {
		complain("--ddrescue-map is that of a single image, %zu are given", settings->noperands);
		return -1;
	}
	if (command->bit == COMMAND_CACHE && !settings->group.given) {
		complain("'cache' needs --group BYTENR; 'spacescope groups' lists the block groups");
		return -1;
	}
	if (command->bit == COMMAND_TREE && !settings->root) {
		complain("'tree' needs --root NAME; see 'spacescope tree --help'");
		return -1;
	}
	return 0;
}

int settings_parse(struct settings *settings, int argc, char **argv)
{
	uint64_t seen = 0;
	size_t words = argc > 0 ? (size_t)argc : 1;

	*settings = (struct settings){0};
	settings->devices = calloc(words, sizeof *settings->devices);
	settings->operands = calloc(words, sizeof *settings->operands);
	settings->passed = calloc(words + 1, sizeof *settings->passed);
	settings->groups = calloc(words, sizeof *settings->groups);
	if (!settings->devices || !settings->operands || !settings->passed || !settings->groups)
		out_of_memory();
	if (take_words(settings, argc, argv, &seen) != 0)
		return -1;
	pass_words(settings, argc, argv);
	if (settings->help || settings->version)
		return 0;
	if (!settings->command) {
		complain("no command given; see 'spacescope --help'");
		return -1;
	}
	return check_options(settings, seen) != 0 || check_operands(settings) != 0 ? -1 : 0;
}

void settings_free(struct settings *settings)
{
	free(settings->devices);
	free(settings->operands);
	free(settings->passed);
	free(settings->groups);
}
