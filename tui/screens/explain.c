/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 3

/* Words in the fixed texts that stand for a number, and where that is to be found. */
static const struct {
	const char *word, *detail; /* NULL: the block group */
} blanks[] = {
	{"BLOCK GROUP", NULL},
	{"(INODE)", "inode_generation"},
	{"(HEADER)", "header_generation"},
	{"(PAGE)", "page_generation"},
};

/* Puts the number in place of the word at `text`; the length of the word, 0: there is no number there. */
static size_t fill_blank(FILE *out, const char *text, const struct fsr_finding *finding)
{
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
		size_t n = strlen(blanks[i].word);
		uint64_t value = finding->block_group;

		if (strncmp(text, blanks[i].word, n) != 0)
			continue;
		if (blanks[i].detail ? !finding_detail(finding, blanks[i].detail, &value)
				     : value == FSR_NO_BYTENR)
			return 0;
		fprintf(out, blanks[i].detail ? "(%" PRIu64 ")" : "%" PRIu64, value);
		return n;
	}
	return 0;
}

/* The text with its blanks filled in, to be freed; NULL: no memory. */
static char *filled_in(const char *text, const struct fsr_finding *finding)
{
	size_t size;
	char *filled = NULL;
	FILE *out = open_memstream(&filled, &size);

	if (!out)
		return NULL;
	for (size_t n; *text; text += n) {
		n = fill_blank(out, text, finding);
		if (!n) {
			putc(*text, out);
			n = 1;
		}
	}
	if (!fclose(out))
		return filled;
	free(filled);
	return NULL;
}

void explain_linux(struct prose *prose, int indent, const struct fsr_finding *finding)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);
	char *text = info ? filled_in(info->linux_does, finding) : NULL;

	if (text)
		prose_add(prose, STYLE_PLAIN, indent, "Linux: %s", text);
	else if (info)
		prose->failed = true;
	free(text);
}

void explain_step(struct prose *prose, int indent, int step)
{
	const char *meaning = fsr_step_meaning(step);

	if (meaning)
		prose_add(prose, STYLE_PLAIN, indent, "Rule: step %d, %s.", step, meaning);
}

void explain_head(struct prose *prose, const struct fsr_finding *finding)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);
	const char *severity = fsr_severity_name(finding->severity);

	prose_add(prose, STYLE_PLAIN, INDENT, "%s: %s (%s)", severity ? severity : "?",
		info ? info->title : "a finding of a newer version", info ? info->name : "?");
	prose_mark(prose, 1, severity_style((int)finding->severity), severity_letter((int)finding->severity));
}

void explain_message(struct prose *prose, const struct fsr_finding *finding, bool with_group)
{
	if (!with_group || finding->block_group == FSR_NO_BYTENR)
		prose_add(prose, STYLE_PLAIN, INDENT, "%s", finding->message);
	else
		prose_add(prose, STYLE_PLAIN, INDENT, "Block group %" PRIu64 ": %s", finding->block_group,
			finding->message);
}

/* A number as it is best read. */
static void put_detail(FILE *out, const struct fsr_detail *detail)
{
	for (const char *p = detail->name; *p; p++)
		putc(*p == '_' ? ' ' : *p, out);
	if (*detail->text)
		fprintf(out, " %s", detail->text);
	else if (!strncmp(detail->name, "crc_", 4))
		fprintf(out, " %08" PRIx64, detail->value);
	else if (strstr(detail->name, "flags"))
		fprintf(out, " 0x%" PRIx64, detail->value);
	else if (!strcmp(detail->name, "mode"))
		fprintf(out, " 0%" PRIo64, detail->value);
	else
		fprintf(out, " %" PRIu64, detail->value);
}

static void explain_numbers(struct prose *prose, const struct fsr_finding *finding)
{
	size_t size;
	char *text = NULL;
	FILE *out = finding->ndetails ? open_memstream(&text, &size) : NULL;

	if (!out) {
		prose->failed |= finding->ndetails != 0;
		return;
	}
	for (unsigned i = 0; i < finding->ndetails && i < FSR_MAX_DETAILS; i++) {
		fputs(i ? ", " : "", out);
		put_detail(out, &finding->details[i]);
	}
	if (!fclose(out))
		prose_add(prose, STYLE_PLAIN, INDENT, "Numbers: %s.", text);
	free(text);
}

void explain_rest(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);
	char place[PLACE_TEXT];
	uint64_t step;

	explain_numbers(prose, finding);
	if (finding_detail(finding, "step", &step) && step < 32)
		explain_step(prose, INDENT, (int)step);
	if (info)
		prose_add(prose, STYLE_PLAIN, INDENT, "%s", info->meaning);
	explain_linux(prose, INDENT, finding);
	if (info)
		prose_add(prose, STYLE_PLAIN, INDENT, "What to do: %s", info->action);
	if (*finding_place_text(tab, finding, place))
		prose_add(prose, STYLE_PLAIN, INDENT, "Place: %s (Enter)", place);
}

void explain_finding(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding)
{
	explain_head(prose, finding);
	explain_message(prose, finding, true);
	explain_rest(prose, tab, finding);
}
