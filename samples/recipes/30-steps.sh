# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2086,SC2046,SC1010
# Damage that Linux meets while it loads a cache, in the order of its steps (docs/format.md, A6). All is done to the
# last block group of the sample `clean`. Its free space: 64 KiB at its start (entry FIRST), 64 KiB after 64 KiB in use
# (SMALL), and the LARGEST, after 128 KiB in use, to its end.

group=355860480
length=218103808

damaged() { # NAME EXIT EXPECT WHAT OPS...
	name=$1
	selected "$name" || return 0
	images=()
	from clean
	damage_entries $group "${@:5}"
	keep "$2" "$4" $3
	rm "${images[@]}"
}

refused() { # STEP CODE
	echo "$group=NEED_WRITE/refused/refused/$1/$2:error"
}

ignored() { # STATE STEP CODE:SEVERITY
	echo "$group=$1/ignored/ignored/$2/$3"
}

damaged header-missing 0 "$(ignored CLEAR 4 cache-absent:note) fs=cache-orphan-inode:warning" \
	"no header: the cache's inode is left over" \
	header-delete $group
damaged inode-missing 1 "$(ignored ERROR 5 cache-inode-missing:error)" \
	"the header's inode does not exist" \
	inode-delete $group
damaged old-format 0 "$(ignored NEED_WRITE 6 cache-old-format:warning)" \
	"the format of Linux 2.6.37 to 3.0: inode flags 0x19, the generation outside page 0's checksum" \
	format-a $group
damaged size-zero 1 "$(ignored ERROR 7 cache-size-zero:error)" \
	"inode size 0 though its generation says valid" \
	inode $group size 0
damaged inode-generation-zero 0 "$(ignored SETUP 8 cache-discarded:warning)" \
	"inode generation 0: nothing valid in it" \
	inode $group generation 0
damaged stamps-differ 1 "$(ignored NEED_WRITE 9 cache-stamps:error)" \
	"the header's generation is not the inode's" \
	header $group generation -=1
damaged no-entries 1 "$(ignored NEED_WRITE 10 cache-no-entries:error)" \
	"0 entries where there is free space" \
	header $group entries 0
damaged unreadable 1 "$group=-/refused/refused/11/cache-unreadable:error" \
	"the cache's extent lies at an address of no chunk" \
	extent $group disk_bytenr 0x10000000000
damaged no-extent 1 "$group=ERROR/refused/refused/-/cache-no-extent:error" \
	"the cache file has no extent behind its size" \
	extent-delete $group
damaged crc-page-0 1 "$(refused 12 cache-crc)" \
	"page 0 fails its checksum" \
	mend no then page $group 0 80/1 ^=1
damaged extent-prealloc 1 "$group=-/refused/refused/12/" \
	"the extent is only preallocated, so it reads as zeros" \
	extent $group type 2
damaged page-generation 1 "$(refused 13 cache-page-stamp)" \
	"the generation in page 0 is not the header's" \
	stamp $group -=1
damaged crc-later-page 1 "$(refused 14 cache-crc)" \
	"a later page of entries fails its checksum" \
	entries-fill $group 300 then mend no then page $group 1 10/1 ^=1
damaged entries-overrun 1 "$(refused 14 cache-overrun)" \
	"more entries than the pages hold: older kernels may oops (CVE-2026-64567)" \
	entries-fill $group 3836 then header $group entries +=1
damaged entry-zero 1 "$(refused 15 cache-zero-entry)" \
	"one entry too many in the header: an entry of 0 bytes" \
	header $group entries +=1
damaged entry-duplicate 1 "$(refused 16 cache-duplicate)" \
	"two entries at one address" \
	entry $group SMALL offset $group
damaged entry-type 1 "$group=NEED_WRITE/accepted/accepted/-/content-bitmap-count:danger" \
	"an entry of type 3: Linux takes it for a bitmap, here an empty one" \
	entry $group FIRST type 3
damaged entry-type-equal 1 "$group=NEED_WRITE/accepted/accepted/-/cache-entry-type:error" \
	"a bitmap entry of type 3: Linux takes it, and its free space is right" \
	to-bitmap $group 0 then entry $group 1 type 3
damaged too-many-bitmaps 1 "$group=NEED_WRITE/accepted/accepted/-/cache-many-bitmaps:error" \
	"three bitmaps where two are all it can need: Linux complains and goes on" \
	to-bitmap $group 0 then to-bitmap $group 1 then bitmap $group 1 20479 0 then entry $group 1 bytes -=4096 then \
	entry-add $group $((group + length - 4096)) 4096 2 then bitmap $group 2 0 1
damaged crc-bitmap 1 "$(refused 19 cache-crc)" \
	"a bitmap's page fails its checksum" \
	to-bitmap $group 0 then mend no then page $group 1 0/1 ^=1
damaged total-short 1 "$(refused 20 cache-total)" \
	"the entries add up to less than the free space" \
	entry $group LARGEST bytes -=4096
damaged total-excess 1 "$(refused 20 cache-total)" \
	"the entries add up to more than the free space" \
	entry $group LARGEST bytes +=4096
damaged insertion-fails 1 "$group=NEED_WRITE/refused/refused/21/cache-insert:danger" \
	"an extent starts where a bitmap's run starts: Linux stops half-way and keeps what it copied" \
	to-bitmap $group 0 then bitmap $group 0 32767 0 then entry $group 1 bytes -=4096 then \
	entry-add $group $group 4096 1
