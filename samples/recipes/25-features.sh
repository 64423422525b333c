# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2086
# Features that change where things stand: another tree of block groups, owners in extent items, seeds.

# The machine that judges has Linux 6.1, which mounts no simple quotas, and btrfs-progs before 6.7 can't read them, nor
# make a block group tree: these two want 6.14 in $PATH. The running kernel judges them in tests/kernel/host.sh.

make_simple_quota() {
	new_fs 2G 1 "${no_fst[@]}"
	attach "${images[@]}"
	mount_with space_cache=v1
	"$build/tests/ask_btrfs" simple-quota "$mnt"
	fill 10
	umount "$mnt"
	mount_with space_cache=v1
	rm "$mnt/f3"
	sync
	umount "$mnt"
	detach
	keep 0 "simple quotas: an owner stands first in the extent items of data, those of the caches too" \
		$meta=WRITTEN/accepted/accepted/-/ $data=WRITTEN/accepted/accepted/-/
}
sample simple-quota

make_block_group_tree() {
	new_fs 2G 1 -O block-group-tree
	attach "${images[@]}"
	mount_with defaults
	fill 10
	umount "$mnt"
	detach
	keep 0 "block group items in a tree of their own, beside a free space tree"
}
sample block-group-tree

make_seed() {
	used_v1 2G 1
	btrfstune -S 1 "${images[0]}" >/dev/null
	keep 1 "a seed, made so by btrfstune, whose commit left cache_generation behind: one cache is wrong already" \
		$meta=NEED_WRITE/ignored/accepted/3/cache-stale-danger:danger \
		$data=WRITTEN/ignored/accepted/3/cache-generation:warning
}
sample seed

# Adds a device to a seed: it becomes the first of the images, since its superblock speaks for both.
grow() { # MOUNT-OPTIONS
	local seed=$tmp/$name.2.img
	btrfstune -S 1 "${images[0]}" >/dev/null
	mv "${images[0]}" "$seed"
	images=("$tmp/$name.1.img" "$seed")
	truncate -s 2G "${images[0]}"
	attach "$seed"
	mount_with "$1"
	loops=("$(losetup --find --show "${images[0]}")" "${loops[0]}")
	btrfs device add -f "${loops[0]}" "$mnt" >/dev/null
	mount -o "remount,rw,$1" "$mnt"
	fill 10
	umount "$mnt"
	btrfs device scan "${loops[@]}" >/dev/null
	mount_with "$1"
	rm "$mnt/f4"
	sync
	umount "$mnt"
	detach
}

make_grown() {
	used_v1 2G 1
	grow space_cache=v1
	keep 0 "grown from a seed by adding a device: the seed's chunks are in use, its fsid is another" \
		$meta=WRITTEN/accepted/accepted/-/
}
sample grown
