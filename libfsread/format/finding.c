/* SPDX-License-Identifier: MIT */
#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct fsr_finding_info infos[FSR_FINDING_COUNT] = {
#define FINDING(id, name, severity, title, meaning, linux_does, action)                                      \
	[FSR_FINDING_##id] = {FSR_FINDING_##id, name, severity, title, meaning, linux_does, action},
#include "findings.def"
#undef FINDING
};

const struct fsr_finding_info *fsr_finding_info(enum fsr_finding_code code)
{
	if ((unsigned)code >= FSR_FINDING_COUNT || code == FSR_FINDING_NONE)
		return NULL;
	return &infos[code];
}

const struct fsr_finding_info *fsr_finding_by_name(const char *name)
{
	for (unsigned i = FSR_FINDING_NONE + 1; i < FSR_FINDING_COUNT; i++)
		if (strcmp(infos[i].name, name) == 0)
			return &infos[i];
	return NULL;
}

void finding_init(
	struct fsr_finding *f, enum fsr_finding_code code, uint64_t block_group, const char *format, ...)
{
	va_list args;

	memset(f, 0, sizeof *f);
	f->code = code;
	f->severity = infos[code].severity;
	f->block_group = block_group;
	va_start(args, format);
	vsnprintf(f->message, sizeof f->message, format, args);
	va_end(args);
}

void finding_number(struct fsr_finding *f, const char *name, uint64_t value)
{
	if (f->ndetails < FSR_MAX_DETAILS)
		f->details[f->ndetails++] = (struct fsr_detail){.name = name, .value = value};
}

void finding_text(struct fsr_finding *f, const char *name, const char *text)
{
	if (f->ndetails == FSR_MAX_DETAILS)
		return;
	finding_number(f, name, 0);
	snprintf(f->details[f->ndetails - 1].text, sizeof f->details[0].text, "%s", text);
}
