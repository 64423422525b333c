# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Free space itself: in fragments, nearly none, in block groups of a GiB and more.

# Every other extent is freed: plain entries in that commit's cache, bitmaps when later ones write it again.
fragments() { # SIZE PAIRS TOOTH MKFS-OPTIONS...
	new_fs "$1" 1 "${@:4}"
	mount_v1 nodiscard
	pad
	put_files "$mnt/a" 3
	comb "$2" "$3"
	open_gaps
	fallocate -l 64K "$mnt/touch"
	sync
	rm "$mnt/touch"
	unmount
}
image fragments all,invalidate fragments 2G 3000 4096
image fragments-4k all fragments 2G 9000 4096 --nodesize 4k
image fragments-mixed all fragments 2G 3000 4096 -M
image fragments-old-items all fragments 2G 3000 4096 -O ^skinny-metadata
image fragments-20g all fragments 20G 12000 65536
image fragments-64k all fragments 20G 5000 4096 --nodesize 64k

# More ranges freed in one commit than the cache's file holds: Linux gives the cache up.
mass_deletion() {
	local left
	new_fs 2G 1
	mount_v1 nodiscard
	pad
	put_files "$mnt/a" 3
	comb 5000
	open_gaps
	crash_copy
	left=$("$here/../cli/facts" "${images[@]}" | jq '[.block_groups[] | select(.inode_generation == 0)] | length')
	[ "$left" != 0 ] || { echo "Linux has cached everything" >&2 && return 1; }
}
image mass-deletion default,all mass_deletion

# Takes what there is in extents of these sizes: files SIZE-NUMBER.
eat() { # SIZE...
	local size n
	mkdir -p "$mnt/eaten"
	for size in "$@"; do
		n=1
		while fallocate -l "$size" "$mnt/eaten/$size-$n" 2>/dev/null; do n=$((n + 1)); done
	done
	sync
}

# A filesystem without any space left, in files of one size as far as they go.
eat_all() { # FIRST-SIZE SIZE COUNT MKFS-OPTIONS...
	new_fs "${@:2}"
	mount_v1
	put_files "$mnt/a" 3
	eat "$1" 16M 4M 1M 64K 4K
}

full() { # SIZE COUNT MKFS-OPTIONS...
	eat_all 256M "$@"
	unmount
	note tight
}
image full default,all full 1200M 1 -m single
image full-raid1 default full 1200M 2 -d raid1 -m raid1

# A few MiB are left, here and there.
nearly_full() { # SIZE COUNT MKFS-OPTIONS...
	eat_all 29M "$@"
	rm "$mnt/eaten/4M-"*[147] "$mnt/eaten/1M-"*[258] "$mnt/a/f2"
	unmount
	note full
}
image nearly-full default,all nearly_full 1200M 1 -m single
image nearly-full-mixed default,all nearly_full 1200M 1 -M

# Full data block groups beside others with room.
full_groups() { # SIZE COUNT MKFS-OPTIONS...
	eat_all 256M "$@"
	rm "$mnt/eaten/256M-2"
	sync
	put_files "$mnt/c" 2
	unmount
	note full
}
image full-groups default,all full_groups 1200M 1 -m single
image full-groups-dup default,all full_groups 2G 1 -d dup -m dup

# Only single sectors are free, so that no cache file has room.
no_room() {
	new_fs 1200M 1 -m single
	mount_v1 max_inline=0
	put_files "$mnt/a" 2
	eat 64M 16M 4M 1M
	rm "$mnt/eaten/64M-4"
	fallocate -l 63M "$mnt/most"
	sync
	comb 100
	eat 1M 64K 16K 4K
	open_gaps
	touch "$mnt/t"
	note tight
	unmount
}
image no-room default,all no_room

image large-20g all,group large 20G

# Block groups of 10 GiB, the largest there are: a stripe is 1 GiB at most.
image large-10-devices all in_use 12G 10 -d raid0 -m raid1
