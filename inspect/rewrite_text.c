/* SPDX-License-Identifier: MIT */
#include "rewrite_text.h"

#include "report/escape.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

/* ---- events */

static void print_event_titles(void)
{
	printf("%14s  %-13s  %-7s  %-10s  %s\n", "bytenr", "type", "profile", "state", "event");
}

static void put_line(const char *text)
{
	put_escaped(stdout, text, strlen(text));
	putchar('\n');
}

/* A line ends with its last word, not with padding. */
static void print_state_event(const struct fsw_event *event)
{
	const char *state = word(fsr_state_name(event->state));
	char type[TYPE_TEXT];

	printf("%14" PRIu64 "  %-13s  %-7s  ", event->block_group, type_text(event->flags, type),
		word(fsr_profile_name(event->flags)));
	if (!event->text || !event->text[0]) {
		puts(state);
		return;
	}
	printf("%-10s  ", state);
	put_line(event->text);
}

static void print_removed(const struct fsw_removed *removed)
{
	if (removed->kind == FSW_REMOVED_HEADER)
		printf("the cache header of block group %" PRIu64, removed->block_group);
	else
		printf("cache inode %" PRIu64, removed->inode);
}

static void print_removed_event(const struct fsw_event *event)
{
	fputs("removed ", stdout);
	print_removed(&event->removed);
	if (event->text && event->text[0]) {
		fputs(": ", stdout);
		put_line(event->text);
	} else {
		putchar('\n');
	}
}

void rewrite_print_event(const struct fsw_event *event, bool *titled)
{
	if (event->kind == FSW_EVENT_PHASE)
		return;
	if (!*titled)
		print_event_titles();
	*titled = true;
	if (event->kind == FSW_EVENT_STATE)
		print_state_event(event);
	else
		print_removed_event(event);
	fflush(stdout);
}

/* ---- the table */

static void print_titles(void)
{
	printf("%14s  %11s  %-13s  %-7s  %-8s  %-10s  %-10s  %14s  %11s  %7s  %7s\n", "bytenr", "length",
		"type", "profile", "why", "before", "after", "cache at", "cache size", "entries", "bitmaps");
}

static void print_cache(const struct settings *settings, const struct fsw_group *group)
{
	char size[SIZE_TEXT];

	if (!group->cache_bytes) {
		printf("%14s  %11s  %7s  %7s\n", "-", "-", "-", "-");
		return;
	}
	printf("%14" PRIu64 "  %11s  %7" PRIu64 "  %7" PRIu64 "\n", group->cache_bytenr,
		size_text(settings, group->cache_bytes, size), group->entries, group->bitmaps);
}

static void print_group(const struct settings *settings, const struct fsw_group *group)
{
	char size[SIZE_TEXT], type[TYPE_TEXT];

	printf("%14" PRIu64 "  %11s  %-13s  %-7s  %-8s  %-10s  %-10s  ", group->bytenr,
		size_text(settings, group->length, size), type_text(group->flags, type),
		word(fsr_profile_name(group->flags)), word(fsw_why_name(group->why)),
		word(fsr_state_name(group->before)), word(fsr_state_name(group->after)));
	print_cache(settings, group);
	if (!group->problem[0])
		return;
	printf("%14s  problem: ", "");
	put_line(group->problem);
}

/* The block groups that take part; with -v all of them. */
static void print_groups(const struct settings *settings, const struct fsw_result *result)
{
	bool titled = false;

	for (size_t i = 0; i < result->ngroups; i++) {
		const struct fsw_group *group = &result->groups[i];
		if (group->why == FSW_WHY_NONE && settings->verbosity != VERBOSITY_VERBOSE)
			continue;
		if (!titled)
			print_titles();
		titled = true;
		print_group(settings, group);
	}
}

/* ---- the summary */

static void print_transaction(const struct settings *settings, const struct fsw_result *result)
{
	const struct fsw_transaction *t = &result->transaction;

	fputs(result->committed ? "committed" : "dry run, nothing was written: it would commit", stdout);
	printf(" generation %" PRIu64 "  tree blocks %" PRIu64 "  caches ", t->generation, t->blocks_written);
	put_size(settings, t->cache_bytes_written);
	printf("  flushes %" PRIu64 "\n", t->flushes);
}

static void print_summary(const struct settings *settings, const struct fsw_result *result)
{
	if (result->planned)
		print_transaction(settings, result);
	else
		puts(result->unwritten ? "nothing could be done: nothing was written"
				       : "nothing to do: nothing was written");
	if (result->unwritten)
		printf("%zu block group%s asked for without a WRITTEN cache in the end\n", result->unwritten,
			result->unwritten == 1 ? "" : "s");
}

/* One word of a command line, quoted where a shell would make something else of it. */
static void put_word(const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-+,@%";
	const char *quote = text[strspn(text, plain)] ? "'" : "";

	printf(" %s%s", quote, *text == '-' ? "./" : ""); /* no option */
	while (*text) {
		size_t length = strcspn(text, "'");
		put_escaped(stdout, text, length);
		text += length;
		if (*text) {
			fputs("'\\''", stdout);
			text++;
		}
	}
	fputs(quote, stdout);
}

/* The options that find the same filesystem again. */
static void put_open_options(const struct settings *settings, const struct fsw_result *result)
{
	if (settings->partition.given)
		printf(" --partition %" PRIu64, settings->partition.value);
	if (settings->offset.given)
		printf(" --offset %" PRIu64, settings->offset.value);
	for (size_t i = 0; i < settings->ndevices && !result->noutputs; i++) {
		fputs(" --device", stdout);
		put_word(settings->devices[i]);
	}
	for (size_t i = 1; i < result->noutputs; i++) {
		fputs(" --device", stdout);
		put_word(result->outputs[i]);
	}
}

static void print_outputs(const struct fsw_result *result)
{
	if (!result->noutputs)
		return;
	fputs(result->committed ? "the new filesystem is in" : "the image was copied unchanged to", stdout);
	for (size_t i = 0; i < result->noutputs; i++)
		put_word(result->outputs[i]);
	puts(result->committed ? "; the image is as it was" : "");
}

static void print_undo(const struct settings *settings, const struct fsw_result *result)
{
	if (!settings->undo || !result->committed)
		return;
	fputs("to take it back: spacescope undo", stdout);
	put_open_options(settings, result);
	put_word(result->noutputs ? result->outputs[0] : settings->operands[0]);
	put_word(settings->undo);
	putchar('\n');
}

void rewrite_print_result(const struct settings *settings, const struct fsw_result *result)
{
	print_groups(settings, result);
	print_summary(settings, result);
	if (settings->verbosity == VERBOSITY_QUIET)
		return;
	print_outputs(result);
	print_undo(settings, result);
}
