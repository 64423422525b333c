# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2086,SC2046,SC1010
# What Linux does not check (docs/format.md, A7), and the rest of the wrong and odd.

accepted() { # CODE:SEVERITY
	echo "$group=NEED_WRITE/accepted/accepted/-/$1"
}

damaged overlap 1 "$(accepted content-overlap:danger)" \
	"two entries overlap, the total is right" \
	entry-split $group LARGEST 65536 then entry $group LARGEST bytes +=4096 then entry-split $group LARGEST 4096 then \
	entry-drop $group LARGEST
damaged outside 1 "$(accepted content-outside:danger)" \
	"an entry lies outside its block group, the total is right" \
	entry $group SMALL offset $((group + length + 1048576))
damaged unaligned 1 "$(accepted content-unaligned:danger)" \
	"an entry is not aligned to sectors, the total is right" \
	entry $group SMALL offset +=512
damaged misplaced 1 "$(accepted content-misplaced:danger)" \
	"an entry is shifted over space in use, the total is right" \
	entry $group SMALL offset -=65536
damaged bitmap-count 1 "$(accepted content-bitmap-count:danger)" \
	"a bitmap has one bit less than its entry's bytes say" \
	to-bitmap $group 0 then bitmap $group 0 5 0
damaged bitmap-grid 1 "$(accepted content-bitmap-grid:-,content-misplaced:danger)" \
	"a bitmap starts off the 128 MiB grid" \
	to-bitmap $group 0 then entry $group 1 offset +=4096
damaged bitmap-past-end 1 "$(accepted content-outside:danger)" \
	"a bit past the block group's end is set, another one is not: the total is right" \
	to-bitmap $group 1 then bitmap $group 0 20479 0 then bitmap $group 0 20480 1
damaged num-bitmaps 1 "$(accepted cache-num-bitmaps:error)" \
	"the header counts 5 bitmaps and there are none: Linux does not look, btrfs check may abort" \
	header $group bitmaps 5
damaged location 1 "$(accepted cache-location:error)" \
	"the header's location is no plain inode key" \
	header $group location_type 96 then header $group location_offset 7
damaged future-stamp 1 "$(accepted cache-future-stamp:error)" \
	"all three stamps are one ahead of the filesystem" \
	stamps $group +=1
damaged shared-inode 1 "$meta=ERROR/accepted/accepted/-/cache-shared-inode:error \
	$group=ERROR/refused/refused/20/cache-shared-inode:error fs=cache-orphan-inode:warning" \
	"two headers name one inode" \
	header $group location_objectid 256
damaged orphan-header 0 "$(ignored CLEAR 4 cache-absent:note) fs=cache-orphan-header:warning" \
	"a header whose block group is gone" \
	header-move $group 1099511627776
damaged small-group 1 "13631488=ERROR/refused/refused/20/cache-small-group:error" \
	"a header on a block group under 100 MiB: Linux loads it but never renews it" \
	header-move $group 13631488
damaged inline-extent 1 "$(accepted cache-inline-extent:error)" \
	"the cache lies in an inline extent" \
	extent-inline $group
damaged unsorted 0 "$group=WRITTEN/accepted/accepted/-/" \
	"entries out of order and not merged: lawful" \
	entry-split $group LARGEST 1048576 then entry-swap $group 0 1
damaged group-used 1 "$group=-/refused/refused/20/group-used:error fs=super-bytes-used:error" \
	"the block group item's used is not the sum of its extents" \
	group $group used +=4096
damaged super-mirror 0 "fs=super-mirror:warning" \
	"the second superblock fails its checksum" \
	mirror 1 then mend no then super bytes_used ^=1

make_tree_block_copy() {
	from clean
	damage copy 0 then mend no then block "$("$facts" "${images[@]}" | jq .super.root)" 2000 ^=1
	keep 0 "DUP metadata: the first copy of the root tree's block fails its checksum, the second is good" fs=tree-block-copy:warning
}
sample tree-block-copy

make_full_wrong() {
	from enospc
	local full
	full=$("$facts" "${images[@]}" | jq '[.block_groups[] | select(.header and .used == .length).bytenr][0]')
	damage entry-add "$full" "$full" 4096 1
	keep 0 "a full block group whose cache lists free space: Linux never asks for it" \
		"$full"=-/not-loaded/-/-/-:warning
}
sample full-wrong

# Little-endian hex of a number: VALUE BYTES.
hex() {
	local i
	for ((i = 0; i < $2; i++)); do printf %02x $(($1 >> 8 * i & 255)); done
}

make_inode_number_cache() {
	from clean
	damage item-insert fs -11 0 0 "$(hex -12 8)01$(hex 0 8)$(hex 8 8)$(hex 1 8)$(hex 0 8)" then \
		item-insert fs -12 1 0 "$(hex 8 8)$(hex 8 8)$(hex 65536 8)$(hex 0 16)$(hex 1 4)$(hex 0 8)$(hex 0100600 4)$(hex 0 104)"
	keep 0 "a cache of inode numbers, as kernels before 5.11 kept them in subvolumes: no cache of free space" \
		$group=WRITTEN/accepted/accepted/-/
}
sample inode-number-cache

make_stale_ahead() {
	from clean
	damage super cache_generation +=5
	keep 0 "cache_generation is ahead, the caches are equal" \
		$group=WRITTEN/ignored/accepted/3/cache-generation:warning
}
sample stale-ahead

# ---- byte order, copies ----------------------------------------------------------------------------------------

for word in 8 4; do
	eval "make_bitmap_be$((word * 8))() {
		from bitmaps
		damage bitmap-swap \$data $word
		keep 1 'a bitmap as a big-endian machine of $((word * 8)) bits writes it: Linux takes it, and it is wrong' \\
			\$data=NEED_WRITE/accepted/accepted/-/content-bitmap-endian:danger
	}"
	sample bitmap-be$((word * 8))
done

make_raid1_copies_differ() {
	from raid1
	undecided=$meta
	damage copy 1 then mend no then page $meta 0 80/1 ^=1
	keep 1 "RAID1: one copy of a cache fails its checksum; which one Linux reads is chance" \
		$meta=NEED_WRITE/refused/refused/12/cache-copies-differ:error
}
sample raid1-copies-differ

make_raid1_copy_wrong() {
	from raid1
	undecided=$meta
	damage_entries $meta copy 1 then entry $meta LARGEST offset -=16384
	keep 1 "RAID1: one copy of a cache is accepted and wrong" \
		$meta=NEED_WRITE/accepted/accepted/-/cache-copies-differ:danger
}
sample raid1-copy-wrong

make_dup_copy_bad() {
	from dup-data
	damage copy 1 then mend no then page $meta 0 80/1 ^=1
	keep 1 "DUP: the copy that Linux does not read fails its checksum" \
		$meta=-/accepted/accepted/-/cache-copies-differ:error
}
sample dup-copy-bad

# ---- free space tree --------------------------------------------------------------------------------------------

# The free space extent that follows space in use: `start length`.
fst_hole() { # IMG
	btrfs inspect-internal dump-tree -t 10 "$1" | sed -nE 's/.*key \(([0-9]+) FREE_SPACE_EXTENT ([0-9]+)\).*/\1 \2/p' |
		awk -v at=$data '$1 > at {print; exit}'
}

fst_extent_moved() { # SHIFT: the extent starts that much later, and ends where it did
	local start size
	read -r start size < <(fst_hole "${images[0]}")
	damage item-move free-space "$start" 199 "$size" $((start + $1)) 199 $((size - $1))
}

make_v2_count() {
	from v2
	damage item free-space $data 198 $length 0/4 +=1
	keep 1 "free space tree: a wrong extent count" $data=NONE/not-loaded/-/-/fst-count:error
}
sample v2-count

make_v2_excess() {
	from v2
	fst_extent_moved -4096
	keep 1 "free space tree: an extent reaches into space in use" $data=NONE/not-loaded/-/-/fst-excess:danger
}
sample v2-excess

make_v2_missing() {
	from v2
	fst_extent_moved 4096
	keep 1 "free space tree: free space that it does not hold" $data=NONE/not-loaded/-/-/fst-short:error
}
sample v2-missing

make_v2_invalid() {
	from v2
	damage super compat_ro ^=2
	keep 0 "free space tree not marked valid: Linux builds it anew" fs=fst-invalid:warning
}
sample v2-invalid

make_v2_left_over() {
	from v2
	damage header-add $data 256 5 2 0
	keep 0 "a v1 header left over beside the free space tree" $data=NONE/not-loaded/-/-/cache-left-over:-
}
sample v2-left-over

# ---- what crashes kernels ---------------------------------------------------------------------------------------

crashes() { # CODE
	echo "$group=ERROR/crashes/crashes/-/$1:danger"
}

make_crash_v2_flags() {
	from v2
	damage item free-space $data 198 $length 4/4 ^=1
	keep 1 "free space tree: FREE_SPACE_INFO flags contradict the items, which crashes kernels" \
		$data=ERROR/crashes/-/-/fst-crash-flags:danger
}
sample crash-v2-flags

damaged crash-mode 1 "$(crashes cache-crash-mode)" \
	"the cache inode is a directory, which crashes kernels" \
	inode $group mode 0040700
damaged crash-pages 1 "$(crashes cache-crash-pages)" \
	"the cache inode says 1040 pages, which crashes kernels" \
	inode $group size 4259840
damaged crash-wrap 1 "$(crashes cache-crash-wrap)" \
	"an entry of 2^64 - 4096 bytes wraps around, the total is right: kernels hang" \
	entry $group FIRST bytes -4096 then entry $group LARGEST bytes +=69632
