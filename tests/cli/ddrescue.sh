#!/bin/bash
# Images that GNU ddrescue made, with its own map: what it did not read is unknown, and never taken for zeros.
. "$(dirname "$0")/../lib.sh"
command -v ddrescue >/dev/null || skip "ddrescue is not installed"
unpack dup-data
image=$tmp/dup-data.img
size=$(stat -c %s "$image")

# Where things lie in the sample, by its chunk tree: copies of metadata at 38797312 and 307232768, the pages of the
# caches' first copy from 1005256704 on. The leaves of extent and root tree are 16 and 32 KiB into the metadata.
supers="0 4194304" mirror="67108864 4096" chunks="22020096 8388608"
metadata="38797312 1048576" metadata2="307232768 1048576" caches="1005256704 196608"

# rescue "START LENGTH"...: reads these parts of the image into out.img, with the map out.map.
rescue() {
	rm -f "$tmp"/out.* "$tmp/domain"
	local at=0
	echo '0 + 1' >"$tmp/domain"
	for part in "$@"; do
		# shellcheck disable=SC2086
		set -- $part
		[ "$1" = $at ] || echo "$at $(($1 - at)) ?" >>"$tmp/domain"
		echo "$1 $2 +" >>"$tmp/domain"
		at=$(($1 + $2))
	done
	echo "$at $((size - at)) ?" >>"$tmp/domain"
	ddrescue -q -S -m "$tmp/domain" "$image" "$tmp/out.img" "$tmp/out.map" || exit 2
	truncate -s "$size" "$tmp/out.img"
}

groups() { "$program" --format json groups "$@" 2>"$tmp/err" </dev/null; }

# judge WHAT FINDING...: the block groups must be those of the whole image, the findings' codes these.
judge() {
	local what=$1 found
	shift
	groups --ddrescue-map "$tmp/out.map" "$tmp/out.img" >"$tmp/out"
	jq -c .block_groups "$tmp/out" | cmp -s "$tmp/whole" - || fail "$what: other block groups: $(cat "$tmp/err")"
	found=$(jq -r '[.findings[].code] | unique | join(" ")' "$tmp/out")
	[ "$found" = "$*" ] || fail "$what: the findings are '$found', not '$*'"
}

# states WHAT STATE...: those of the block groups.
states() {
	local what=$1 found
	shift
	groups --ddrescue-map "$tmp/out.map" "$tmp/out.img" >"$tmp/out"
	found=$(jq -r '[.block_groups[].state] | join(" ")' "$tmp/out")
	[ "$found" = "$*" ] || fail "$what: the states are '$found', not '$*'"
}

# refused MAP WORDS WHAT [IMAGE]
refused() {
	run groups --ddrescue-map "$1" "${4-$image}"
	expect 2 "$3"
	expect_sentence "$3"
	grep -q -- "$2" "$tmp/err" || fail "$3: not the reason: $(cat "$tmp/err")"
}

groups "$image" | jq -c .block_groups >"$tmp/whole"
rescue "0 $((8 << 20))" "$chunks" "$metadata" "$mirror" "$caches"
judge "all that counts was read" image-unread
unread=$(jq '.findings[0].details.unread' "$tmp/out")
read=0
while read -r _ length status _; do
	[ "$status" != + ] || read=$((read + length))
done < <(sed '/^#/d' "$tmp/out.map" | tail -n +2)
[ "$unread" = $((size - read)) ] || fail "image-unread says $unread bytes; the map has $read of $size read"

rescue "$supers" "$chunks" "$metadata" "$caches"
judge "mirror 1 was not read" image-unread super-mirror
rescue "$chunks" "$mirror" "$metadata2" "$caches"
judge "the other copies" image-unread super-primary

# one page of one cache, 65536 bytes behind the first cache
rescue "$supers" "$chunks" "$metadata" "$mirror" "1005256704 65536" "1005326336 127000"
states "a page was not read" NONE WRITTEN UNKNOWN WRITTEN
jq -e '[.findings[].code] | contains(["cache-unreadable"])' "$tmp/out" >/dev/null || fail "the page is not named"

# zeros would be no free space at all, or a cache that is wrong
rescue "$supers" "$chunks" "38797312 16384" "38830080 1015808" "$mirror" "$caches"
states "the extent tree was not read" UNKNOWN UNKNOWN UNKNOWN UNKNOWN
rescue "$supers" "$chunks" "38797312 16384" "38830080 1015808" "$mirror" "307249152 16384" "$caches"
judge "its other copy was" image-unread

run rewrite --all --ddrescue-map "$tmp/out.map" "$tmp/out.img"
expect 2 "rewrite"
expect_sentence "rewrite"
run rewrite --all --ddrescue-map "$tmp/out.map" --output "$tmp/new.img" "$tmp/out.img"
expect 2 "rewrite --output"
grep -q ddrescue "$tmp/err" && [ ! -e "$tmp/new.img" ] || fail "rewrite --output: $(cat "$tmp/err")"

# a map of everything changes nothing; one of nothing leaves nothing
printf '# a comment\n0 + 1\n0 %#x +\n' "$size" >"$tmp/all.map"
groups --ddrescue-map "$tmp/all.map" "$image" | jq -c .block_groups | cmp -s "$tmp/whole" - || fail "a full map: $(cat "$tmp/err")"
run rewrite --dry-run --all --ddrescue-map "$tmp/all.map" "$image"
expect 0 "rewrite with a full map"
printf '0 ? 1\n' >"$tmp/none.map"
refused "$tmp/none.map" "not read" "a map with nothing but its status line"

# no maps
: >"$tmp/empty.map"
refused "$tmp/empty.map" "no status line" "an empty map"
printf '0 + 1\n0 100 +\n50 100 +\n' >"$tmp/bad.map"
refused "$tmp/bad.map" "line 3 " "areas that overlap"
refused "$image" "MiB" "an image as a map"
head -c 70000 /dev/zero >"$tmp/bad.map"
refused "$tmp/bad.map" "no ddrescue map" "zeros as a map"
refused "$tmp/nowhere.map" "cannot open" "no map at all"
refused "$tmp" "a directory" "a folder as a map"
run validate --ddrescue-map "$tmp/all.map" "$image" "$image"
expect 2 "a map and two images"

# over parts
mkdir "$tmp/parts"
dd if="$image" of="$tmp/parts/disk.001" bs=1M count=700 conv=sparse status=none
dd if="$image" of="$tmp/parts/disk.002" bs=1M skip=700 conv=sparse status=none
truncate -s 700M "$tmp/parts/disk.001" && truncate -s 3396M "$tmp/parts/disk.002"
rescue "$supers" "$chunks" "$metadata" "$mirror" "1005256704 65536" "1005326336 127000"
groups --ddrescue-map "$tmp/out.map" "$tmp/parts/disk.001" >"$tmp/out"
[ "$(jq -r '[.block_groups[].state] | join(" ")' "$tmp/out")" = "NONE WRITTEN UNKNOWN WRITTEN" ] || fail "parts with a map"
finish
