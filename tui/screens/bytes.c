/* SPDX-License-Identifier: MIT */
/* Bytes: a page of a cache, a tree block or a superblock, byte by byte, each of them named. */
#include "bytes.h"

#include "cache_export.h"
#include "screens.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_WIDTH 16u

static void forget_model(struct bytes_view *b)
{
	if (b->has_model)
		cache_model_close(&b->model);
	b->has_model = false;
	b->excess.entry = SIZE_MAX;
}

bool bytes_need_model(struct bytes_view *b, uint64_t group)
{
	if (b->has_model && b->model_group == group)
		return true;
	if (b->source.kind == BYTES_CACHE)
		bytes_source_free(&b->source);
	forget_model(b);
	b->error = (struct fsr_error){0};
	b->model_group = group;
	b->has_model = !cache_model_open(&b->model, b->view.tab->fs, group, false, &b->error);
	if (b->has_model)
		b->error.code = 0;
	return b->has_model;
}

void bytes_fold(struct bytes_view *b, unsigned width)
{
	const struct bytes_source *s = &b->source;

	bytes_rows_make(&b->rows, width ? width : DEFAULT_WIDTH, !b->unfolded, s->data, s->size, s->unread,
		s->labels, s->nlabels);
}

/* After the source was made anew. */
static void shown(struct bytes_view *b, bool made, size_t byte)
{
	if (!made)
		ui_say(b->view.ui, SAY_ERROR, "memory ran out");
	b->cursor = byte < b->source.size ? byte : 0;
	b->top = 0;
	free(b->bad);
	b->bad = NULL;
	if (b->source.kind == BYTES_CACHE)
		bytes_find_bad(b);
	bytes_fold(b, b->rows.width);
}

void bytes_show_page(struct bytes_view *b, unsigned page, unsigned copy, size_t byte)
{
	shown(b, bytes_of_page(&b->source, &b->model, page, copy), byte);
}

void bytes_show_block(struct bytes_view *b, uint64_t bytenr, unsigned copy, size_t byte)
{
	shown(b, bytes_of_block(&b->source, b->view.tab->fs, bytenr, copy), byte);
}

void bytes_show_super(struct bytes_view *b, unsigned mirror, size_t byte)
{
	shown(b, bytes_of_super(&b->source, b->view.tab->fs, mirror), byte);
}

static void close_view(struct view *view)
{
	struct bytes_view *b = bytes_self(view);

	forget_model(b);
	bytes_source_free(&b->source);
	bytes_rows_free(&b->rows);
	free(b->bad);
}

static void position(struct view *view, char *out, size_t size)
{
	const struct bytes_view *b = bytes_self(view);

	if (b->source.kind != BYTES_NONE)
		snprintf(out, size, "0x%zx/0x%zx", b->cursor, b->source.size);
}

/* There is no document of a tree block's bytes. */
static int export_json(struct view *view, FILE *out, bool all)
{
	static const struct cache_model none;
	const struct bytes_view *b = bytes_self(view);

	(void)all;
	return cache_export(view, out, b->source.kind == BYTES_CACHE ? &b->model : &none, true);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Follow"},
	{ACTION_NEXT_FIELD, "Field"},
	{ACTION_NEXT_SIBLING, "Page"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_COPY, "Copy"},
	{ACTION_GO, "Go"},
	{ACTION_UNFOLD, "Unfold"},
	{ACTION_WHY, "Why"},
	{ACTION_EXPORT, "Export"},
	{ACTION_SEARCH, "Find"},
	{ACTION_NONE, NULL},
};

const struct screen bytes_screen = {
	.id = SCREEN_BYTES,
	.letter = 'B',
	.name = "Bytes",
	.command = "cache",
	.size = sizeof(struct bytes_view),
	.hints = hints,
	.needs_image = true,
	.close = close_view,
	.show = bytes_show,
	.here = bytes_here,
	.draw = bytes_draw,
	.enter = bytes_enter,
	.act = bytes_act,
	.sentence = bytes_sentence,
	.position = position,
	.click = bytes_click,
	.wheel = bytes_wheel,
	.find = bytes_find,
	.go = bytes_go,
	.export_json = export_json,
	.export_text = bytes_export_text,
};
