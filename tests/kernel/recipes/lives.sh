# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# What becomes of filesystems: caches off, behind or lost; balances, devices that come and go, many subvolumes.

# ---- caches that are not there, or behind ----------------------------------------------------------------------

image fresh default new_fs 2G 1
image fresh-raid1 default new_fs 2G 2 -d raid1 -m raid1

mounted_once() {
	new_fs 2G 1
	mount_v1
	touch "$mnt/one"
	unmount
}
image mounted-once default mounted_once

by_label() { # SIZE COUNT MKFS-OPTIONS...
	in_use "$@"
	if [ "$2" = 1 ]; then
		btrfs filesystem label "${images[0]}" behind
	else
		attach "${images[@]}"
		btrfs filesystem label "${loops[0]}" behind
		detach
	fi
}
image label default,group by_label 2G 1
image label-mixed default by_label 2G 1 -M
image label-raid1 default by_label 2G 2 -d raid1 -m raid1
image label-old-items default by_label 2G 1 -O ^skinny-metadata --nodesize 4k

cleared() {
	in_use 2G 1
	btrfs check --clear-space-cache v1 "${images[0]}" >/dev/null 2>&1
}
image cleared default,group cleared

# More than one large data block group.
large() { # SIZE MKFS-OPTIONS...
	new_fs "$1" 1 "${@:2}"
	mount_v1
	fallocate -l 1G "$mnt/large"
	put_files "$mnt/a" 6
	rm "$mnt/large"
	fallocate -l 300M "$mnt/pad"
	put_files "$mnt/b" 3
	unmount
}
image large-4k all large 3G --nodesize 4k

# Linux forgets all caches and writes those again that this mount changes.
clear_mount() {
	large 3G
	mount_v1 clear_cache
	touch "$mnt/one"
	unmount
}
image clear-mount default,all clear_mount

# Caches off: Linux takes the headers away; with --enable-v1 they come back.
caches_off() {
	in_use 2G 1
	attach "${images[@]}"
	mount_with nospace_cache
	put_files "$mnt/c" 2
	unmount
}
image caches-off enable caches_off

# Caches off with the headers left behind, as kernels before 5.11 did; then changed by btrfs-progs, so that the
# metadata's is wrong.
left_over() { # [label]
	in_use 2G 1
	remember_files
	"$build/tests/mutate" "${images[0]}" super cache_generation 0 >/dev/null
	[ $# = 0 ] || btrfs filesystem label "${images[0]}" changed
	note damaged
}
image left-over enable left_over
image left-over-label enable left_over label

# From v1 to v2 and back.
there_and_back() {
	in_use 2G 1
	attach "${images[@]}"
	mount_with space_cache=v2
	put_files "$mnt/c" 2
	umount "$mnt"
	mount_v1 clear_cache
	touch "$mnt/back"
	unmount
}
image there-and-back default,all there_and_back

# The power goes while files are being written, after a commit.
power_cut() {
	new_fs 2G 1
	mount_v1
	pad
	put_files "$mnt/a" 8
	put_files "$mnt/b" 3
	rm -r "$mnt/a"
	echo late >"$mnt/b/late"
	crash_copy
}
image power-cut all power_cut

# ---- changes of shape ------------------------------------------------------------------------------------------

balanced() { # SIZE COUNT MKFS-OPTIONS...
	in_use "$@"
	mount_v1
	btrfs balance start --full-balance "$mnt" >/dev/null
	rm "$mnt/a/f5"
	unmount
}
image balanced default,all balanced 2G 1
image balanced-raid10 all balanced 2G 4 -d raid10 -m raid10

# One device becomes two, and one of three goes: device ids with a gap.
converted() {
	in_use 2G 1 -d single -m dup
	mount_v1
	truncate -s 2G "$folder/2.img"
	images+=("$folder/2.img")
	loops+=("$(losetup --find --show "$folder/2.img")")
	btrfs device add -f "${loops[1]}" "$mnt" >/dev/null
	btrfs balance start -dconvert=raid1 -mconvert=raid1 "$mnt" >/dev/null
	put_files "$mnt/c" 2
	unmount
}
image converted default,all converted

device_gone() {
	in_use 2G 3 -d raid0 -m raid1
	mount_v1
	btrfs device remove "${loops[0]}" "$mnt" >/dev/null
	put_files "$mnt/c" 2
	unmount
	rm "${images[0]}"
	images=("${images[@]:1}")
}
image device-gone default,all device_gone

shrunk() {
	in_use 4G 1
	mount_v1
	btrfs filesystem resize 2G "$mnt" >/dev/null
	put_files "$mnt/c" 2
	unmount
}
image shrunk all shrunk

# ---- many trees, deep trees --------------------------------------------------------------------------------------

subvolumes() { # COUNT MKFS-OPTIONS...
	new_fs 2G 1 "${@:2}"
	mount_v1
	pad
	mkdir "$mnt/many"
	"$build/tests/ask_btrfs" subvolumes "$mnt/many" "$1"
	put_files "$mnt/many/s1" 4
	unmount
}
image subvolumes all subvolumes 2000
image subvolumes-4k all subvolumes 500 --nodesize 4k

snapshots() { # COUNT MKFS-OPTIONS...
	new_fs 2G 1 "${@:2}"
	mount_v1
	pad
	btrfs subvolume create "$mnt/a" >/dev/null
	put_files "$mnt/a" 4
	mkdir "$mnt/many"
	"$build/tests/ask_btrfs" snapshots "$mnt/a" "$mnt/many" "$1"
	put_files "$mnt/many/s7" 2
	btrfs subvolume delete -C "$mnt/many/s5" "$mnt/many/s9" >/dev/null
	unmount
}
image snapshots all snapshots 300
image snapshots-4k all snapshots 100 --nodesize 4k

# Extents of all kinds: shared, compressed, inline, preallocated, without checksums.
kinds_of_extents() {
	new_fs 2G 1
	mount_v1 compress-force=zlib
	pad
	put_files "$mnt/a" 5
	umount "$mnt"
	mount_v1
	cp -r --reflink=always "$mnt/a" "$mnt/shared"
	mkdir "$mnt/plain"
	chattr +C "$mnt/plain"
	put_files "$mnt/plain" 5
	seq 1000 | (cd "$mnt/plain" && split -l 1 -a 3 - inline)
	unmount
}
image kinds-of-extents all kinds_of_extents
