/* SPDX-License-Identifier: MIT */
/* What Enter opens, and what holds the address under the cursor. */
#include "explain.h"
#include "map.h"
#include "map_entry.h"
#include "places.h"

const struct fsr_holder *map_holder(struct map *map)
{
	if (!tab_has_image(map->view.tab))
		return NULL;
	if (!map->held_known || map->held_at != map->address) {
		map->held_known = true;
		map->held_at = map->address;
		map->held_error =
			fsr_holder_at(map->view.tab->fs, map->address, &map->holder, &map->held_err);
	}
	return map->held_error ? NULL : &map->holder;
}

/* The last item of the free space tree that begins at or before the address. */
static bool to_tree_item(const struct map *map, const struct fsr_group *group, struct place *place)
{
	const struct tab *tab = map->view.tab;
	const struct fsr_key behind = {.objectid = map->address + 1};
	struct fsr_tree tree;
	struct fsr_path path;
	struct fsr_error err;
	int ret;

	if (fsr_tree_find(tab->fs, "free-space", &tree, &err))
		return false;
	ret = fsr_tree_seek(tab->fs, &tree, &behind, &path, &err);
	if (ret < 0)
		return false;
	if (!ret && !path.slot[0]) /* it is in the leaf before: its block group's first item will do */
		return place_of_item(tab, "free-space", group->bytenr, ITEM_FREE_SPACE_INFO, 0, place);
	place->screen = SCREEN_TREE;
	place->target = TARGET_BLOCK;
	place->block = path.bytenr[0];
	place->slot = ret ? path.slot[0] : path.slot[0] - 1;
	return true;
}

static bool to_entry(const struct map *map, const struct fsr_group *group, struct place *place)
{
	const struct tab *tab = map->view.tab;
	struct fsr_cache *cache;
	struct fsr_error err;
	bool found;

	if (!group->has_cache)
		return to_tree_item(map, group, place);
	if (fsr_cache_open(tab->fs, group->bytenr, &cache, &err))
		return false;
	found = map_entry_of(cache, tab->facts.sectorsize, map->address, &place->page, &place->byte);
	fsr_cache_free(cache);
	if (!found)
		return false;
	place->screen = SCREEN_BYTES;
	place->target = TARGET_CACHE;
	return true;
}

/* The extent item; where the tree is damaged, the block that can't be read. */
static bool to_holder(struct map *map, struct place *place)
{
	const struct fsr_holder *holder = map_holder(map);

	if (!holder && map->held_err.bytenr == FSR_NO_BYTENR)
		return false;
	if (holder && !holder->present)
		return false;
	place->screen = SCREEN_TREE;
	place->target = TARGET_BLOCK;
	place->block = holder ? holder->leaf : map->held_err.bytenr;
	place->slot = holder ? holder->slot : 0;
	return true;
}

/* The tree block that hides what is here. */
static bool to_damage(const struct map *map, const struct fsr_group *group, struct place *place)
{
	for (size_t i = 0; i < group->nfindings; i++) {
		enum fsr_finding_code code = group->findings[i].code;

		if (code == FSR_FINDING_GROUP_UNREADABLE)
			return finding_place(map->view.tab, &group->findings[i], place);
	}
	return false;
}

/* What is wrong leads to what says so; else what is there, which for free space is what says that it is free.
 */
static bool from_sector(struct map *map, struct place *place)
{
	uint64_t cell = map_cursor(map);
	struct map_piece piece = map_shape_piece(&map->shape, cell);
	struct map_cell sums = map_store_cell(&map->store, cell);
	const struct fsr_group *group = &map->shape.groups[piece.group].group;

	if (to_damage(map, group, place))
		return true;
	if ((sums.excess || sums.missing) && to_entry(map, group, place))
		return true;
	if (to_holder(map, place) || to_entry(map, group, place))
		return true;
	ui_say(map->view.ui, SAY_INFORMATION, "no extent, and no cache that says it is free");
	return false;
}

bool map_enter(struct view *view, struct place *place)
{
	struct map *map = (struct map *)view;
	uint64_t detail;

	if (!map_shape_cells(&map->shape))
		return false;
	if (!map_deeper(map, &detail))
		return from_sector(map, place);
	place->screen = SCREEN_MAP;
	place->detail = detail;
	return true;
}
