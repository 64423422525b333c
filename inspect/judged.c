/* SPDX-License-Identifier: MIT */
#include "judged.h"

#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "text.h"

static int take_group(void *arg, const struct fsr_group *group)
{
	struct judged *judged = arg;

	finding_list_add(&judged->findings, group->findings, group->nfindings);
	judged->group(judged, group);
	return output_stopped();
}

static int run_text(struct judged *judged, struct fsr_error *err)
{
	put_head(judged->settings, judged->fs, judged->settings->operands[0]);
	if (judged->begin)
		judged->begin(judged);
	int ret = image_judge(judged->settings, judged->fs, take_group, judged, err);
	if (judged->end && judged->settings->verbosity != VERBOSITY_QUIET)
		judged->end(judged);
	finding_list_add_filesystem(&judged->findings, judged->fs);
	finding_list_print_section(judged->settings, &judged->findings);
	return ret;
}

static int run_json(struct judged *judged, struct fsr_error *err)
{
	document_open(&judged->json, judged->settings, judged->fs);
	json_open(&judged->json, "block_groups", '[');
	int ret = image_judge(judged->settings, judged->fs, take_group, judged, err);
	json_close(&judged->json, ']');
	finding_list_add_filesystem(&judged->findings, judged->fs);
	document_findings(&judged->json, &judged->findings);
	document_close(&judged->json, ret ? err : NULL);
	return ret;
}

int judged_run(struct judged *judged)
{
	const struct settings *settings = judged->settings;
	struct fsr_error err;

	judged->fs = image_open_only(settings);
	if (!judged->fs)
		return STATUS_TROUBLE;
	int ret = settings->format == FORMAT_JSON ? run_json(judged, &err) : run_text(judged, &err);
	if (ret)
		complain_error(settings->operands[0], &err);
	finding_list_free(&judged->findings);
	fsr_close(judged->fs);
	return ret ? STATUS_TROUBLE : STATUS_CLEAN;
}
