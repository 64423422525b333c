/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "../libfsread/fsread.h"
#include "options.h"
#include "report/report.h"

#include <jansson.h>
#include <stdio.h>

static void print_option(const struct option_row *row)
{
	int width = 0;

	if (row->letter)
		width = printf("  -%c, --%s", row->letter, row->name);
	else
		width = printf("      --%s", row->name);
	if (row->argument)
		width += printf(" %s", row->argument);
	printf("%*s  %s\n", width < 26 ? 26 - width : 0, "", row->help);
}

/* The global ones, or the others, that one of the commands takes. */
static void print_options(bool global, unsigned commands)
{
	for (const struct option_row *row = option_table; row->name; row++)
		if (option_is_global(row) == global && (!row->commands || row->commands & commands))
			print_option(row);
}

static void print_command_help(const struct command *command)
{
	printf("Usage: spacescope %s [OPTIONS] %s\n\n%s\n\n%s\n", command->name, command->usage,
		command->summary, command->help);
	if (command->bit & COMMAND_IMAGES) {
		puts("\nOptions:");
		print_options(false, command->bit);
	}
	puts("\nGlobal options:");
	print_options(true, command->bit);
}

static void print_main_help(void)
{
	puts("Usage: spacescope [OPTIONS] COMMAND [OPTIONS] IMAGE...\n\n"
	     "Shows, judges and rewrites the free space cache of an unmounted btrfs. IMAGE is a raw image, "
	     "a\n"
	     "block device, a virtual disk, an address such as nbd://host, or an image in a compressed\n"
	     "file or archive. Only 'rewrite', 'undo' and 'tui --write' write to it.\n\n"
	     "Commands:");
	for (const struct command *c = command_table; c->name; c++)
		printf("  %-10s %s\n", c->name, c->summary);
	puts("\nOptions:");
	print_options(true, COMMAND_PRINTS);
	puts("\nExit status: 0 as it should be; 1 findings of severity danger or error (validate), any\n"
	     "difference (diff), a cache that was asked for and is not WRITTEN in the end (rewrite); 2 the\n"
	     "work could not be done.\n\n"
	     "'spacescope COMMAND --help' tells more about a command.");
}

int help_print(const struct command *command)
{
	if (command)
		print_command_help(command);
	else
		print_main_help();
	return STATUS_CLEAN;
}

static void print_containers(void)
{
	struct fsr_container c;
	char text[CONTAINER_TEXT_SIZE];

	for (size_t i = 0; fsr_container(i, &c); i++) {
		words_container(&c, text);
		puts(text);
	}
}

int help_print_version(void)
{
	const char *name, *version;

	puts("spacescope " FSR_VERSION);
	for (size_t i = 0; fsr_library(i, &name, &version); i++)
		printf("%s %s\n", name, version);
	printf("jansson %s\n", jansson_version_str());
	print_containers();
	return STATUS_CLEAN;
}
