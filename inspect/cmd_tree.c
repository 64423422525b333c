/* SPDX-License-Identifier: MIT */
/* tree: a tree's items, decoded. */
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>

struct walk {
	const struct settings *settings;
	struct json_stream json;
};

static int print_item(void *arg, const struct fsr_item *item)
{
	struct walk *walk = arg;
	char key[KEY_TEXT_SIZE];

	words_key(&item->key, key);
	printf("%s  leaf %" PRIu64 " slot %u size %u\n", key, item->leaf, item->slot, item->size);
	put_item_fields(item);
	if (walk->settings->hex)
		put_hex(item->data, item->size);
	return output_stopped();
}

static int put_item(void *arg, const struct fsr_item *item)
{
	struct walk *walk = arg;

	json_put(&walk->json, NULL, report_item(item));
	return output_stopped();
}

static int walk_text(struct walk *walk, struct fsr_fs *fs, struct fsr_error *err)
{
	struct finding_list findings = {0};

	put_head(walk->settings, fs, walk->settings->operands[0]);
	int ret = fsr_tree_walk(fs, walk->settings->root, print_item, walk, err);
	finding_list_add_filesystem(&findings, fs);
	finding_list_print_section(walk->settings, &findings);
	finding_list_free(&findings);
	return ret;
}

static int walk_json(struct walk *walk, struct fsr_fs *fs, struct fsr_error *err)
{
	struct finding_list findings = {0};

	document_open(&walk->json, walk->settings, fs);
	json_open(&walk->json, "items", '[');
	int ret = fsr_tree_walk(fs, walk->settings->root, put_item, walk, err);
	json_close(&walk->json, ']');
	finding_list_add_filesystem(&findings, fs);
	document_findings(&walk->json, &findings);
	document_close(&walk->json, ret < 0 ? err : NULL);
	finding_list_free(&findings);
	return ret;
}

int cmd_tree(const struct settings *settings)
{
	struct walk walk = {.settings = settings};
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	struct fsr_fs *fs = image_open_only(settings);

	if (!fs)
		return STATUS_TROUBLE;
	int ret = settings->format == FORMAT_JSON ? walk_json(&walk, fs, &err) : walk_text(&walk, fs, &err);
	if (ret < 0)
		complain_error(settings->operands[0], &err);
	else if (ret > 0)
		complain("%s: %d part%s of the tree can't be read; the findings say which",
			settings->operands[0], ret, ret == 1 ? "" : "s");
	fsr_close(fs);
	return ret ? STATUS_TROUBLE : STATUS_CLEAN;
}
