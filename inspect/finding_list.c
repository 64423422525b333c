/* SPDX-License-Identifier: MIT */
#include "finding_list.h"

#include "message.h"
#include "report/escape.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void finding_list_add(struct finding_list *findings, const struct fsr_finding *from, size_t n)
{
	if (n > findings->room - findings->count) {
		size_t room = 2 * findings->room + n;
		struct fsr_finding *list = reallocarray(findings->list, room, sizeof *list);
		if (!list)
			out_of_memory();
		findings->list = list;
		findings->room = room;
	}
	for (size_t i = 0; i < n; i++) {
		findings->list[findings->count++] = from[i];
		findings->by_severity[from[i].severity]++;
	}
}

void finding_list_add_filesystem(struct finding_list *findings, struct fsr_fs *fs)
{
	const struct fsr_finding *list = NULL;
	size_t n = fsr_findings(fs, &list);

	finding_list_add(findings, list, n);
}

bool finding_list_bad(const struct finding_list *findings)
{
	return findings->by_severity[FSR_SEVERITY_ERROR] || findings->by_severity[FSR_SEVERITY_DANGER];
}

/* By severity, worst first; what is equally bad keeps its order. */
static void sort(struct finding_list *findings)
{
	struct finding_list sorted = {0};

	for (int severity = FSR_SEVERITY_DANGER; severity >= FSR_SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < findings->count; i++)
			if (findings->list[i].severity == (enum fsr_severity)severity)
				finding_list_add(&sorted, &findings->list[i], 1);
	finding_list_free(findings);
	*findings = sorted;
}

static void print_finding(const struct fsr_finding *finding, const char *indent)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);

	fputs(indent, stdout);
	put_severity(finding->severity);
	printf("  %s  ", word(info ? info->name : NULL));
	if (finding->block_group != FSR_NO_BYTENR)
		printf("block group %" PRIu64 ": ", finding->block_group);
	put_escaped(stdout, finding->message, strlen(finding->message));
	putchar('\n');
}

/* The least severity to print. */
static enum fsr_severity least(const struct settings *settings)
{
	return settings->verbosity == VERBOSITY_VERBOSE ? FSR_SEVERITY_NOTE : FSR_SEVERITY_WARNING;
}

void finding_list_print(
	const struct settings *settings, const struct finding_list *findings, const char *indent)
{
	if (settings->verbosity == VERBOSITY_QUIET)
		return;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].severity >= least(settings))
			print_finding(&findings->list[i], indent);
}

void finding_list_print_section(const struct settings *settings, struct finding_list *findings)
{
	sort(findings);
	if (settings->verbosity != VERBOSITY_QUIET && findings->count &&
		findings->list[0].severity >= least(settings))
		putchar('\n');
	finding_list_print(settings, findings, "");
}

void finding_list_free(struct finding_list *findings)
{
	free(findings->list);
	*findings = (struct finding_list){0};
}
