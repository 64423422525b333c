/* SPDX-License-Identifier: MIT */
#include "report.h"

static json_t *report_details(const struct fsr_finding *finding)
{
	json_t *details = json_object();

	for (unsigned i = 0; details && i < finding->ndetails; i++) {
		const struct fsr_detail *d = &finding->details[i];
		json_t *value = d->text[0] ? report_text(d->text) : report_u64(d->value);
		if (json_object_set_new(details, d->name, value) == 0)
			continue;
		json_decref(details);
		return NULL;
	}
	return details;
}

json_t *report_finding(const struct fsr_finding *finding)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "code", report_word(info ? info->name : NULL),
		"severity", report_word(fsr_severity_name(finding->severity)), "block_group",
		report_maybe(finding->block_group != FSR_NO_BYTENR, finding->block_group), "message",
		report_text(finding->message), "details", report_details(finding));
}

json_t *report_error(const struct fsr_error *err)
{
	return json_pack("{s:o, s:o, s:o}", "message", report_text(err->text), "devid",
		report_maybe(err->devid != 0, err->devid), "bytenr",
		report_maybe(err->bytenr != FSR_NO_BYTENR, err->bytenr));
}

json_t *report_finding_info(const struct fsr_finding_info *info)
{
	return json_pack("{s:s, s:o, s:s, s:s, s:s, s:s}", "code", info->name, "severity",
		report_word(fsr_severity_name(info->severity)), "title", info->title, "meaning",
		info->meaning, "linux_does", info->linux_does, "action", info->action);
}
