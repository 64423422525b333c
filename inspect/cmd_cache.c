/* SPDX-License-Identifier: MIT */
/* cache: one block group's cache in full. */
#include "cache_text.h"
#include "document.h"
#include "image.h"
#include "message.h"
#include "text.h"

static void cache_json(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache,
	const struct finding_list *findings)
{
	struct json_stream json;

	document_open(&json, settings, fs);
	export_cache(&json, fs, cache, settings->hex, settings->mirrors);
	document_findings(&json, findings);
	document_close(&json, NULL);
}

static void show(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache)
{
	struct finding_list findings = {0};

	finding_list_add(&findings, cache->group.findings, cache->group.nfindings);
	finding_list_add_filesystem(&findings, fs);
	if (settings->format == FORMAT_JSON) {
		cache_json(settings, fs, cache, &findings);
	} else {
		put_head(settings, fs, settings->operands[0]);
		cache_print(settings, fs, cache);
		finding_list_print_section(settings, &findings);
	}
	finding_list_free(&findings);
}

int cmd_cache(const struct settings *settings)
{
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	struct fsr_fs *fs = image_open_only(settings);
	struct fsr_cache *cache = NULL;

	if (!fs)
		return STATUS_TROUBLE;
	int ret = fsr_cache_open(fs, settings->group.value, &cache, &err);
	if (ret == 0)
		show(settings, fs, cache);
	else
		complain_error(settings->operands[0], &err);
	fsr_cache_free(cache);
	fsr_close(fs);
	return ret ? STATUS_TROUBLE : STATUS_CLEAN;
}
