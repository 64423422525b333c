/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "../inspect/report/report.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum option_id {
	OPTION_WRITE = 256,
	OPTION_COLOR,
	OPTION_ASCII,
	OPTION_DEVICE,
	OPTION_PARTITION,
	OPTION_OFFSET,
	OPTION_MEMBER,
	OPTION_UNPACK_LIMIT,
	OPTION_DDRESCUE_MAP,
	OPTION_ALLOW_OUTSIDE,
	OPTION_THREADS,
	OPTION_HELP,
	OPTION_VERSION,
};

const struct option_row tui_option_table[] = {
	{"write", OPTION_WRITE, NULL, "allow the Rewrite screen to commit (else it shows the plan only)"},
	{"color", OPTION_COLOR, "WHEN", "auto (default), always or never; NO_COLOR is heeded by auto"},
	{"ascii", OPTION_ASCII, NULL, "draw with ASCII only"},
	{"device", OPTION_DEVICE, "FILE",
		"another device of the filesystem; can be repeated, with one IMAGE only"},
	{"partition", OPTION_PARTITION, "N", "open partition N of the image"},
	{"offset", OPTION_OFFSET, "BYTES", "the filesystem begins so many bytes into the image"},
	{"member", OPTION_MEMBER, "NAME", "open this member of the archive"},
	{"unpack-limit", OPTION_UNPACK_LIMIT, "BYTES",
		"unpack at most so many non-zero bytes (default 8 GiB)"},
	{"ddrescue-map", OPTION_DDRESCUE_MAP, "FILE",
		"GNU ddrescue's map of the image: what it did not read counts as missing"},
	{"allow-outside", OPTION_ALLOW_OUTSIDE, NULL,
		"virtual disks may read files outside their own folder"},
	{"threads", OPTION_THREADS, "N", "judge with N threads, 1 to 8 (default: one per processor)"},
	{"help", OPTION_HELP, NULL, "show this help"},
	{"version", OPTION_VERSION, NULL, "show the version"},
	{NULL, 0, NULL, NULL},
};
#define OPTION_COUNT (sizeof tui_option_table / sizeof *tui_option_table)

static void print_help(void)
{
	puts("Usage: spacescope-tui [OPTIONS] IMAGE|REPORT...\n\n"
	     "Browses the free space caches of unmounted btrfs images, or reports saved by\n"
	     "'spacescope --format json groups|diff|validate|cache', in a terminal. Nothing is written\n"
	     "without --write. The key ? shows all keys.\n\nOptions:");
	for (const struct option_row *row = tui_option_table; row->name; row++) {
		int width = printf("  --%s%s%s", row->name, row->argument ? " " : "",
			row->argument ? row->argument : "");

		printf("%*s  %s\n", width < 24 ? 24 - width : 0, "", row->help);
	}
	puts("\nExit status: 0; 2 when an image can't be read or the terminal can't be used.");
}

static void print_version(void)
{
	const char *name, *version;
	struct fsr_container c;
	char text[CONTAINER_TEXT_SIZE];

	puts("spacescope-tui " FSR_VERSION);
	for (size_t i = 0; fsr_library(i, &name, &version); i++)
		printf("%s %s\n", name, version);
	printf("jansson %s\n%s\n", jansson_version_str(), term_library());
	for (size_t i = 0; fsr_container(i, &c); i++) {
		words_container(&c, text);
		puts(text);
	}
}

/* A whole number from low to high, decimal or 0x; false: it is none, which was said. */
static bool take_number(const char *name, const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *out >= low && *out <= high)
		return true;
	fprintf(stderr, "spacescope-tui: --%s takes a number from %" PRIu64 " to %" PRIu64 "\n", name, low,
		high);
	return false;
}

static bool take_colour(struct options *options, const char *text)
{
	static const char *const words[] = {
		[TERM_COLOUR_AUTO] = "auto", [TERM_COLOUR_ALWAYS] = "always", [TERM_COLOUR_NEVER] = "never"};

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(text, words[i]))
			continue;
		options->ui.term.colour = (enum term_colour)i;
		return true;
	}
	fputs("spacescope-tui: --color takes auto, always or never\n", stderr);
	return false;
}

/* false: what is wrong was said. */
static bool take(struct options *options, int id)
{
	struct fsr_open_options *open = &options->ui.tab.open;
	uint64_t number = 0;
	bool ok = true;

	switch (id) {
	case OPTION_WRITE:
		options->ui.write = true;
		break;
	case OPTION_COLOR:
		return take_colour(options, optarg);
	case OPTION_ASCII:
		options->ui.term.ascii = true;
		break;
	case OPTION_DEVICE:
		options->devices[options->ui.tab.ndevices++] = optarg;
		break;
	case OPTION_PARTITION:
		ok = take_number("partition", optarg, 1, UINT_MAX, &number);
		open->partition = (unsigned)number;
		break;
	case OPTION_OFFSET:
		open->has_offset = true;
		return take_number("offset", optarg, 0, INT64_MAX, &open->offset);
	case OPTION_MEMBER:
		open->member = optarg;
		break;
	case OPTION_UNPACK_LIMIT:
		return take_number("unpack-limit", optarg, 1, INT64_MAX, &open->unpack_limit);
	case OPTION_DDRESCUE_MAP:
		open->ddrescue_map = optarg;
		break;
	case OPTION_ALLOW_OUTSIDE:
		open->allow_outside = true;
		break;
	case OPTION_THREADS:
		ok = take_number("threads", optarg, 1, 8, &number);
		options->ui.tab.threads = (unsigned)number;
		break;
	default:
		return false; /* getopt has said what is wrong */
	}
	return ok;
}

static int usage_error(void)
{
	fputs("spacescope-tui: 'spacescope-tui --help' tells more\n", stderr);
	return 2;
}

static int check_operands(struct options *options)
{
	if (!options->npaths) {
		fputs("spacescope-tui: no image given\n", stderr);
		return usage_error();
	}
	if (options->npaths > 1 && options->ui.tab.ndevices) {
		fputs("spacescope-tui: --device goes with one image only\n", stderr);
		return usage_error();
	}
	if (options->npaths > 1 && options->ui.tab.open.ddrescue_map) {
		fputs("spacescope-tui: --ddrescue-map goes with one image only\n", stderr);
		return usage_error();
	}
	return -1;
}

int options_parse(struct options *options, int argc, char **argv)
{
	struct option longs[OPTION_COUNT] = {{0}};
	int id;

	*options = (struct options){0};
	options->devices = calloc((size_t)argc + 1, sizeof *options->devices);
	if (!options->devices) {
		fputs("spacescope-tui: memory ran out\n", stderr);
		return 2;
	}
	for (size_t i = 0; tui_option_table[i].name; i++)
		longs[i] = (struct option){tui_option_table[i].name,
			tui_option_table[i].argument ? required_argument : no_argument, NULL,
			tui_option_table[i].id};
	while ((id = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		if (id == OPTION_HELP || id == OPTION_VERSION) {
			(id == OPTION_HELP ? print_help : print_version)();
			return fflush(stdout) ? 2 : 0;
		}
		if (!take(options, id))
			return usage_error();
	}
	options->ui.tab.devices = options->devices;
	options->paths = (const char **)argv + optind;
	options->npaths = (size_t)(argc - optind);
	return check_operands(options);
}

void options_free(struct options *options)
{
	free(options->devices);
}
