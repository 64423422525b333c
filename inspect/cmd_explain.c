/* SPDX-License-Identifier: MIT */
/* explain: what a finding code means. */
#include "document.h"
#include "message.h"
#include "report/report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define LINE_WIDTH 88
#define NEAR_MOST 3 /* near matches named */

static void print_code_line(const struct fsr_finding_info *info)
{
	printf("%-24s ", info->name);
	put_severity(info->severity);
	printf("  %s\n", info->title);
}

/* A paragraph, filled, after its title. */
static void print_paragraph(const char *title, const char *text)
{
	size_t column = 0;

	printf("\n%s\n", title);
	while (*text) {
		size_t length = strcspn(text, " ");
		if (column && column + 1 + length > LINE_WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column ? " " : "  ", (int)length, text);
		text += length + strspn(text + length, " ");
	}
	putchar('\n');
}

static void print_code(const struct fsr_finding_info *info)
{
	print_code_line(info);
	print_paragraph("What it means", info->meaning);
	print_paragraph("What Linux does", info->linux_does);
	print_paragraph("What to do", info->action);
}

/* Letters to change, add or take away to turn a into b; both are short. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b);

	if (n >= sizeof row / sizeof *row)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			row[j] = change < other ? change : other;
		}
	}
	return row[n];
}

/* Names the codes that `name` is part of or nearly is. */
static int refuse(const char *name)
{
	char near[256] = "";
	size_t used = 0;
	int found = 0;

	for (int code = FSR_FINDING_NONE + 1; code < FSR_FINDING_COUNT && found < NEAR_MOST; code++) {
		const char *other = fsr_finding_info(code)->name;
		if (distance(name, other) > 3 && !(strlen(name) > 2 && strstr(other, name)))
			continue;
		used += (size_t)snprintf(
			near + used, sizeof near - used, "%s%s", found++ ? ", " : "; near it: ", other);
		if (used >= sizeof near)
			break;
	}
	complain("no finding code '%s'%s; 'spacescope explain' lists all of them", name, near);
	return STATUS_TROUBLE;
}

static void put_code(const struct settings *settings, struct json_stream *json,
	const struct fsr_finding_info *info, bool whole)
{
	if (settings->format == FORMAT_JSON)
		json_put(json, NULL, report_finding_info(info));
	else if (whole)
		print_code(info);
	else
		print_code_line(info);
}

int cmd_explain(const struct settings *settings)
{
	const struct fsr_finding_info *info = NULL;
	struct json_stream json;

	if (settings->noperands) {
		info = fsr_finding_by_name(settings->operands[0]);
		if (!info)
			return refuse(settings->operands[0]);
	}
	if (settings->format == FORMAT_JSON) {
		document_open(&json, settings, NULL);
		json_open(&json, "codes", '[');
	}
	if (info)
		put_code(settings, &json, info, true);
	for (int code = FSR_FINDING_NONE + 1; !info && code < FSR_FINDING_COUNT; code++)
		put_code(settings, &json, fsr_finding_info(code), false);
	if (settings->format == FORMAT_JSON) {
		json_close(&json, ']');
		document_close(&json, NULL);
	}
	return STATUS_CLEAN;
}
