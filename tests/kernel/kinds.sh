# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# The kinds of mutations: each a function that sets $ops, drawing from roll and pick, for the target that `take` of
# tests/kernel/mutations has loaded: a block group with a cache in one of the samples.

# ---- kinds: taken by Linux whatever they say ----------------------------------------------------------------

unused_page() { roll $page && ops="page $g $((pages - 1)) $r/1 ^=$((RANDOM % 255 + 1))"; }
unused_slot() { ops="crc $g $((pages - 1)) $RANDOM"; }
num_bitmaps() { ops="header $g bitmaps $((RANDOM + 1))"; }
location() { pick "type 132" "offset $RANDOM" "type 0" "offset -1" && ops="header $g location_$r"; }
inode_other() {
	pick nbytes rdev uid gid block_group sequence nlink
	ops="inode $g $r $((RANDOM + 1))"
}
extent_other() {
	pick "other $RANDOM" "ram_bytes $((RANDOM * page))" "generation $RANDOM" "disk_num_bytes $((RANDOM * page))" \
		"num_bytes $((pages * page * 2))"
	ops="extent $g $r"
}
unaligned() {
	pick "${extents[@]}"
	ops="entry $g $r offset +=$((RANDOM % page))"
}
moved() {
	local entry
	roll "$n"
	entry=$r
	roll_any
	ops="entry $g $entry offset $r"
}
moved_inside() {
	local entry
	roll "$n"
	entry=$r
	roll $((length / page))
	ops="entry $g $entry offset $((g + r * page))"
}
swapped() {
	local one
	roll "$n"
	one=$r
	roll "$n"
	ops="entry-swap $g $one $r"
}
split() {
	roll $((size[spare] / page - 1))
	ops="entry-split $g $spare $(((r + 1) * page))"
}
overlap() {
	local one
	pick "${extents[@]}"
	one=$r
	pick "${extents[@]}"
	local other=$r
	roll $((size[other] / page + 1))
	ops="entry $g $one offset $((at[other] + r * page))"
}
entry_type() {
	local entry
	roll "$n"
	entry=$r
	pick 0 2 3 17 255
	ops="entry $g $entry type $r"
}
to_bitmap() {
	roll $(((length + bitmap_span - 1) / bitmap_span))
	window=$r
	ops="to-bitmap $g $window"
}
# A fragment of its own in a new bitmap: $1 more bits than its entry says, at random places.
bits() { # COUNT
	local i
	to_bitmap
	for ((i = 0; i < $1; i++)); do
		roll $((8 * page))
		ops="$ops then bitmap $g 0 $r $((RANDOM % 3 > 0))"
	done
}
bitmap_bits() { bits 6; }
off_grid() {
	to_bitmap
	pick $page -$page 100 $bitmap_span -$bitmap_span -134213632 $((1 << 40)) -$g
	# the new bitmap is the only entry whose number is known: with the extents of one window gone, the last
	ops="entry-add $g $((g + r)) $page 2 then bitmap $g ${#bitmaps[@]} $((RANDOM % (8 * page))) 1"
	ops="$ops then entry $g $spare bytes -=$page"
}
endian() {
	to_bitmap
	pick 4 8
	ops="$ops then bitmap-swap $g $r"
}
stamps() { pick 1 "-=1" "+=1" 0x10000 && ops="stamps $g $r"; }
wrapped() {
	# outside the block group, so that the total wraps and FITRIM finds an end
	roll_any
	ops="entry-add $g $((g + length + bitmap_span)) $r 1 then entry $g $spare bytes -=$r"
}
many_bitmaps() {
	local i count=$((length / bitmap_span + 2))
	ops=
	for ((i = 0; i < count; i++)); do
		ops="${ops:+$ops then }entry-add $g $((g + (i + 8) * bitmap_span)) $page 2"
	done
	ops="$ops then entry $g $spare bytes -=$((count * page))"
}
resized() {
	pick 16 17 64 240 500 1000 1016 1017
	[ "$r" -ge "$pages" ] || r=$pages
	ops="resize $g $((r * page - RANDOM % 2 * 100))"
}
huge_size() { pick 44 45 50 62 && ops="inode $g size $(((1 << r) + pages * page))"; }
size_inside() {
	# i_size ends within page 0, somewhere about the end of the entries
	ops="resize $g $((12 + n * 17 + RANDOM % 40 - 20))"
}

# ---- kinds: any outcome ------------------------------------------------------------------------------------

page_byte() {
	local begin=$((4 * pages))
	roll $((n * 17 + 30 < page - begin ? n * 17 + 30 : page - begin))
	ops="page $g 0 $((begin + r))/1 ^=$((1 << RANDOM % 8))"
}
entry_field() {
	local entry
	roll "$n"
	entry=$r
	pick "offset ^=$((1 << RANDOM % 45))" "bytes ^=$((page << RANDOM % 8))" "type ^=$((1 << RANDOM % 8))"
	ops="entry $g $entry $r"
}
moved_bytes() {
	local one bytes
	pick "${extents[@]}"
	one=$r
	roll $((size[spare] / page - 1))
	bytes=$(((r + 1) * page))
	ops="entry $g $one bytes +=$bytes then entry $g $spare bytes -=$bytes"
}
inode_flags() { roll 32 && ops="inode $g flags $r"; }
inode_size() { roll $((pages * page * 2)) && ops="inode $g size $r"; }
extent_offsets() {
	pick "disk_bytenr +=$((page * (RANDOM % 15 + 1)))" "offset $((page * (RANDOM % 15 + 1)))" \
		"num_bytes $((page * (RANDOM % pages)))"
	ops="extent $g $r"
}
# Several at once: which rule speaks first?
stacked() {
	local first second wanted
	pick flags_lost size_zero discarded stamp_header stamp_inode no_entries page_stamp page_crc zero_entry total
	first=$r
	pick flags_lost size_zero discarded stamp_header no_entries page_stamp zero_entry duplicate total
	second=$r
	$first
	wanted=$ops
	$second
	[ "$first" = size_zero ] || [ "$first" = no_entries ] || wanted="$wanted then $ops"
	ops=$wanted
}

# ---- kinds: the steps --------------------------------------------------------------------------------------

cache_off() { ops="super cache_generation 0"; }
full_or_empty() { pick 0 "$length" && ops="group $g used $r"; }
untrusted() { pick "-=1" "+=1" -1 "-=3" && ops="super cache_generation $r"; }
no_header() { ops="header-delete $g"; }
header_moved() { ops="header-move $g $((RANDOM % 2 || small == 0 ? g + page : small))"; }
no_inode() { ops="inode-delete $g"; }
inode_number() { pick 0 5 1000 -1 -9 && ops="header $g location_objectid $r"; }
flags_lost() { pick 0 0x18 0x19 0x1a 1 2 && ops="inode $g flags $r"; }
size_zero() { ops="inode $g size 0"; }
discarded() { ops="inode $g generation 0"; }
stamp_header() { pick "+=1" "-=1" 0 1 -1 && ops="header $g generation $r"; }
stamp_inode() { pick "-=1" 1 "-=2" && ops="inode $g generation $r"; }
no_entries() { ops="header $g entries 0"; }
beyond_chunks() { pick disk_bytenr offset && ops="extent $g $r 0x10000000000"; }
compressed() { ops="extent $g compression $((RANDOM % 3 + 1))"; }
symlink() { ops="inode $g mode 0120777"; }
no_pages() { pick $((1 << 44)) $((1 << 43)) -4096 -1 $((1 << 63)) && ops="inode $g size $r"; }
page_crc() {
	local begin=$((4 * pages))
	roll $((page - begin))
	ops="mend no then page $g 0 $((begin + r))/1 ^=$((RANDOM % 255 + 1)) then mend yes"
}
slot_crc() { ops="crc $g 0 $RANDOM"; }
prealloc() { ops="extent $g type 2"; }
no_extent() { ops="extent-delete $g"; }
hole() { ops="extent $g disk_bytenr 0"; }
large_unmended() { roll 7 && ops="inode $g size $(((1018 + r) * page))"; }
page_stamp() { pick "+=1" "-=1" 0 -1 $RANDOM && ops="stamp $g $r"; }
large_stamp() { roll 5 && ops="inode $g size $(((1018 + r) * page)) then stamp $g 1"; }
later_page() { ops="entries-fill $g $((n + 300)) then mend no then page $g 1 $((RANDOM % page))/1 ^=1"; }
overrun() { ops="entries-fill $g 240 then resize $g $page then header $g entries +=$((RANDOM % 9 + 1))"; }
zero_entry() { roll "$n" && ops="entry $g $r bytes 0"; }
entry_more() { ops="header $g entries +=$((RANDOM % 3 + 1))"; }
duplicate() {
	local one
	pick "${extents[@]}"
	one=$r
	roll 2
	if [ "$r" = 0 ]; then
		ops="entry-split $g $spare $page then entry $g $((spare + 1)) offset -=$page"
	else
		ops="entry-add $g ${at[one]} $page 1"
	fi
}
bitmap_crc() { # the first bitmap's page follows the last entry's
	roll $((8 * page))
	ops="to-bitmap $g 0 then mend no then bitmap-byte $g 0 $((r / 8)) ^=$((1 << r % 8))"
}
bitmap_beyond() { ops="resize $g $page then entry $g $spare type $((RANDOM % 2 * 3))"; }
total() {
	roll "$n"
	pick "entry $g $r bytes +=$page" "entry $g $r bytes -=1" "group $g used +=$page" "group $g used -=$page" \
		"entry-drop $g $spare" "entry-add $g $((data_end + 64 * page)) $page 1" "entry $g $r bytes +=$((1 << 32))"
	ops=$r
}
# A bitmap's run starts where an extent does that is inserted after it.
insertion() {
	local bit=$(((at[spare] - g) / page)) window
	window=$((bit / (8 * page)))
	ops="entry-add $g $((g + window * bitmap_span)) $page 2 then bitmap $g ${#bitmaps[@]} $((bit % (8 * page))) 1"
	ops="$ops then entry $g $spare bytes -=$page"
}
# Two bitmaps, one off the grid, whose runs fall on one address.
insertion_twice() {
	local bit
	roll $((2 * page))
	bit=$((r + 64))
	ops="entry-add $g $((g + length)) $page 2 then bitmap $g ${#bitmaps[@]} $bit 1"
	ops="$ops then entry-add $g $((g + length + page)) $page 2 then bitmap $g $((${#bitmaps[@]} + 1)) $((bit - 1)) 1"
	ops="$ops then entry $g $spare bytes -=$((2 * page))"
}

# ---- kinds: crashes, mounts that fail, leaves ---------------------------------------------------------------

crash_mode() { pick 0040755 0010644 0020644 0060644 0140644 && ops="inode $g mode $r"; }
crash_size() { pick 1025 1030 1100 && ops="inode $g size $((r * page))"; }
crash_large() {
	roll 5
	ops="inode $g size $(((1018 + r) * page)) then stamp $g $generation"
}
crash_wrap() {
	local first=${extents[0]} i
	for i in "${extents[@]}"; do
		[ "${at[i]}" -ge "${at[first]}" ] || first=$i
	done
	ops="entry $g $first offset $g then entry $g $first bytes -$page"
	ops="$ops then entry-add $g $((g + length)) $((size[first] + page)) 1"
}
no_mount() {
	pick "inode $g mode 0" "inode $g mode 0170000" "inode $g flags 0xffff" "inode $g generation +=1000" \
		"inode $g transid +=1000" "extent $g type 3" "extent $g encryption 1" "extent $g compression 9" \
		"extent $g num_bytes 100" "extent $g disk_bytenr +=512" "group $g used $((length + page))" \
		"group $g chunk_objectid 255" "group $g flags $((flags ^ 1))" "super generation +=1" "super magic 0" \
		"super bytes_used 0" "super nodesize 0" "super root +=4096"
	ops=$r
}

# A byte in a leaf of the root or extent tree, every checksum made good again.
leaf_byte() {
	local tree leaves leaf place nodesize=16384
	case $sample in
	node-4k | *mixed) nodesize=4096 ;;
	node-64k) nodesize=65536 ;;
	esac
	pick root extent
	tree=$r
	mapfile -t leaves < <("$mutate" "$(images_of "$sample")" leaves "$tree")
	pick "${leaves[@]}"
	leaf=$r
	pick 0 1 1 1 2 2 2 2
	case $r in
	0) roll 69 && place=$((32 + r)) ;;
	1) roll 500 && place=$((101 + r)) ;;
	2) roll 2000 && place=$((nodesize - 1 - r)) ;;
	esac
	ops="block $leaf $place/1 ^=$((1 << RANDOM % 8))"
}
