# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2086,SC2046,SC1010
# Images as kernel and mkfs leave them.

no_fst=(-R ^free-space-tree)
# where mkfs and Linux put the two large block groups of a 2 GiB image
meta=30408704
data=137756672

# A v1 filesystem in use: written, remounted, written again, so that both large block groups are cached.
used_v1() { # SIZE COUNT MKFS-OPTIONS...
	new_fs "$1" "$2" "${no_fst[@]}" "${@:3}"
	attach "${images[@]}"
	mount_with space_cache=v1
	fill 10
	umount "$mnt"
	mount_with space_cache=v1
	rm "$mnt/f3"
	sync
	umount "$mnt"
	detach
}

make_clean() {
	used_v1 2G 1
	keep 0 "caches on both large block groups, as a clean unmount leaves them" \
		$meta=WRITTEN/accepted/accepted/-/ $data=WRITTEN/accepted/accepted/-/
}
sample clean

make_fresh_mkfs() {
	new_fs 2G 1 "${no_fst[@]}"
	keep 0 "straight from mkfs: v1 allowed, nothing written yet (cache_generation -1)" \
		$meta=CLEAR/ignored/ignored/-/cache-absent:note
}
sample fresh-mkfs

make_cleared() {
	used_v1 2G 1
	btrfs check --clear-space-cache v1 "${images[@]}" >/dev/null 2>&1
	keep 0 "caches removed by btrfs check --clear-space-cache v1: large block groups without a header" \
		$meta=CLEAR/ignored/ignored/-/cache-absent:note $data=CLEAR/ignored/ignored/-/cache-absent:note
}
sample cleared

make_stale_harmless() {
	used_v1 1G 1
	btrfs filesystem label "${images[0]}" harmless
	keep 0 "a label set by btrfs-progs where metadata has no cache: cache_generation is behind, the cache still equal" \
		"$(last_group)=WRITTEN/ignored/accepted/3/cache-generation:warning"
}

# The address of the last block group.
last_group() {
	"$facts" "${images[@]}" | jq '.block_groups[-1].bytenr'
}
sample stale-harmless

make_stale_label() {
	used_v1 2G 1
	btrfs filesystem label "${images[0]}" hazard
	keep 1 "the stale-cache hazard: a label set by btrfs-progs moved metadata, the old cache still has the right total" \
		$meta=NEED_WRITE/ignored/accepted/3/cache-stale-danger:danger \
		$data=WRITTEN/ignored/accepted/3/cache-generation:warning
}
sample stale-label

make_stale_blessed() {
	used_v1 2G 1
	btrfs filesystem label "${images[0]}" blessed
	"$mutate" "${images[0]}" super cache_generation +=1
	keep 1 "the stale-cache hazard come true: the old stamps blessed again, Linux takes a cache that is wrong" \
		$meta=NEED_WRITE/accepted/accepted/-/content-misplaced:danger $data=WRITTEN/accepted/accepted/-/
}
sample stale-blessed

make_left_over() {
	used_v1 2G 1
	"$mutate" "${images[0]}" super cache_generation 0
	keep 0 "headers left over at cache_generation 0: the space cache is off, the caches still equal" \
		$meta=NONE/not-loaded/accepted/-/cache-left-over:note $data=NONE/not-loaded/accepted/-/cache-left-over:note
}
sample left-over

# Takes what space there is in extents of these sizes.
eat() { # SIZE...
	local size
	for size in "$@"; do
		while fallocate -l "$size" "$mnt/eaten$eaten" 2>/dev/null; do eaten=$((eaten + 1)); done
	done
	sync
}

make_enospc() {
	local eaten=0
	new_fs 1200M 1 -m single "${no_fst[@]}"
	attach "${images[@]}"
	mount_with space_cache=v1,max_inline=0
	eat 64M 16M 4M 1M
	rm "$mnt/eaten3"
	fallocate -l 63M "$mnt/most"
	sync
	comb 100
	eat 1M 64K 16K 4K
	open_gaps
	touch "$mnt/t"
	umount "$mnt"
	detach
	local without
	without=$("$facts" "${images[@]}" | jq '.block_groups[] | select(.inode_generation == 0).bytenr')
	[ -n "$without" ] || die "$name: every cache found room"
	keep 0 "only holes of 4K are free, so a cache file has no room (ENOSPC): inode generation 0" \
		$(printf '%s=SETUP/ignored/ignored/-/cache-discarded:warning ' $without)
}
sample enospc

# What a mass deletion leaves: freed blocks are discarded, or else they would make the sample large.
frag_options=space_cache=v1,max_inline=0,commit=300,discard

# Fills the small data block group that mkfs makes.
pad() {
	dd if=/dev/zero of="$mnt/pad" bs=1M count=8 status=none
	sync
}

make_discarded() {
	new_fs 2G 1 "${no_fst[@]}"
	attach "${images[@]}"
	mount_with $frag_options
	pad
	comb 4000
	open_gaps
	crash_copy
	keep 0 "a mass deletion in one commit frees more ranges than the cache file holds: discarded (inode generation 0)" \
		$data=SETUP/ignored/ignored/8/cache-discarded:warning
}
sample discarded

# A deletion stands as plain entries in its own commit's cache, and as bitmaps when later ones write it again.
bitmaps() { # SIZE PAIRS TOOTH MKFS-OPTIONS...
	new_fs "$1" 1 "${no_fst[@]}" "${@:4}"
	attach "${images[@]}"
	mount_with $frag_options
	pad
	comb "$2" "$3"
	open_gaps
	fallocate -l 64K "$mnt/touch"
	sync
	rm "$mnt/touch"
	sync
	umount "$mnt"
	detach
}

make_bitmaps() {
	bitmaps 2G 700 4096
	keep 0 "fragmented free space: a cache with a bitmap" $data=WRITTEN/accepted/accepted/-/
}
sample bitmaps

make_bitmaps_many() {
	bitmaps 20G 6000 65536
	keep 0 "fragmented free space in a block group of 1 GiB: 64 pages, several bitmaps"
}
sample bitmaps-many

# The deleted extents of one commit are written as they are, so their number settles where the entries end.
make_exact_fill() {
	local pairs=400 entries try
	for try in 1 2 3 4 5 6 7 8; do
		rm -f "${images[@]}"
		new_fs 2G 1 "${no_fst[@]}"
		attach "${images[@]}"
		mount_with $frag_options
		pad
		comb $pairs
		open_gaps
		crash_copy
		entries=$("$facts" "${images[@]}" | jq ".block_groups[] | select(.bytenr == $data).header.entries")
		[ $(((entries - 236) % 240)) != 0 ] || break
		pairs=$((pairs + 476 - entries))
	done
	[ "$entries" = 476 ] || die "$name: $entries entries after $try tries"
	keep 0 "entries that fill their last page to the end: the slot of the page after it stays 0" \
		$data=WRITTEN/accepted/accepted/-/
}
sample exact-fill

make_mixed() {
	used_v1 2G 1 -M
	keep 0 "mixed block groups: data and metadata share them"
}
sample mixed

make_bitmaps_mixed() {
	bitmaps 2G 700 4096 -M
	keep 0 "fragmented mixed block groups: a cache with a bitmap"
}
sample bitmaps-mixed

make_log_tree() {
	new_fs 2G 1 "${no_fst[@]}"
	attach "${images[@]}"
	mount_with space_cache=v1,commit=300
	fill 10
	local i
	for i in 1 2 3 4 5 6; do
		dd if=/dev/zero of="$mnt/log$i" bs=20K count="$i" conv=fsync status=none
	done
	crash_copy
	keep 0 "a power cut after fsync: a log tree, whose blocks the caches rightly list as free" fs=log-tree:note
}
sample log-tree

make_quota() {
	used_v1 2G 1
	attach "${images[@]}"
	mount_with space_cache=v1
	btrfs quota enable "$mnt"
	btrfs subvolume create "$mnt/sub" >/dev/null
	dd if=/dev/zero of="$mnt/sub/file" bs=64K count=20 status=none
	sync
	umount "$mnt"
	detach
	keep 0 "quota on, a subvolume beside the cache inodes in the root tree"
}
sample quota
