#!/bin/bash
# SPDX-License-Identifier: MIT
# Every copy of tree blocks, cache pages and superblocks: those that nothing would read otherwise are damaged, and
# exactly they are named. Places are worked out by hand from `btrfs inspect-internal dump-tree -t chunk` and the
# file extents of `dump-tree -t root`.
. "$(dirname "$0")/../lib.sh"

# plant FILE OFFSET: turns one byte over.
plant() {
	local old
	old=$(od -An -tu1 -j"$2" -N1 "$1" | tr -d ' ')
	# shellcheck disable=SC2059  # the format is the byte
	printf "\\$(printf %03o $((old ^ 255)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

devices() { # SAMPLE FROM COUNT: options for the devices from FROM on
	local i
	for ((i = $2; i <= $3; i++)); do printf -- '--device %s ' "$tmp/$1.$i.img"; done
}

all='.images[0].findings'
# validate --all-copies of ARGUMENT...; leaves $tmp/out and the findings of copies in $tmp/found, a line each.
compared() {
	run --format json validate --all-copies "$@"
	jq -c "$all"' | .[] | select(.code | test("copy|copies|super")) | [.code, .details.copy // .details.mirror,
		.details.devid, .details.offset, .details.page, .details.first_byte]' "$tmp/out" | sort >"$tmp/found"
}

counts() { jq -c '.images[0].copies | [.read, .differing, .failing]' "$tmp/out"; }

# check WHAT COUNTS FINDING...: what compared() gave.
check() {
	local what=$1 counts=$2
	shift 2
	[ "$(counts)" = "$counts" ] || fail "$what: counts $(counts), not $counts"
	[ "$(cat "$tmp/found")" = "$(printf '%s\n' "$@" | sort)" ] || fail "$what: $(cat "$tmp/found")"
}

# ---- samples as the kernel left them

# Two superblocks on each device, eight tree blocks (root, chunk, extent, dev, fs, csum, uuid, data reloc), and
# caches of 16 pages but for the third of raid1c3, which has 32.
while read -r sample devs read; do
	tar -C "$tmp" -xf "$samples/$sample.tar.zst"
	first=$tmp/$sample.img
	[ "$devs" = 1 ] || first=$tmp/$sample.1.img
	# shellcheck disable=SC2046  # words
	compared $(devices "$sample" 2 "$devs") "$first"
	expect 0 "$sample"
	check "$sample" "[$read,0,0]"
done <<-END
	clean 1 $((2 + 8 * 2 + 3 * 16))
	dup-data 1 $((2 + 8 * 2 + 3 * 16 * 2))
	raid1 2 $((4 + 8 * 2 + 3 * 16 * 2))
	raid1c3 3 $((6 + 8 * 3 + (16 + 16 + 32) * 3))
	raid10 4 $((8 + 8 * 2 + (16 + 16 + 48) * 2))
END
run --format json validate "$tmp/clean.img"
jq -e '.images[0] | has("copies") and .copies == null' "$tmp/out" >/dev/null || fail "counts that were not asked for"
compared "$samples/raid1c4.tar.zst"
expect 0 "raid1c4"
[ ! -s "$tmp/found" ] || fail "raid1c4: $(cat "$tmp/found")"

# ---- samples with one bad copy each

compared "$samples/tree-block-copy.tar.zst"
check tree-block-copy "[66,0,1]" '["tree-block-copy",0,1,38846464,null,2000]'
compared "$samples/super-mirror.tar.zst"
check super-mirror "[66,0,1]" '["super-mirror",1,1,67108864,null,null]'
compared "$samples/raid1-copies-differ.tar.zst"
expect 1 "raid1-copies-differ"
check raid1-copies-differ "[116,1,0]" '["cache-copies-differ",1,1,513736704,0,null]' '["cache-page-copy",1,1,513736704,0,80]'
compared "$samples/dup-copy-bad.tar.zst"
check dup-copy-bad "[114,1,0]" '["cache-copies-differ",1,1,1441464320,0,null]' '["cache-page-copy",1,1,1441464320,0,80]'

# ---- copy 1 of a tree block, on DUP: 30457856 - 30408704 = 49152 into the stripe at 146145280

cp --sparse=always "$tmp/clean.img" "$tmp/tree.img"
plant "$tmp/tree.img" $((146145280 + 49152 + 1000))
run validate "$tmp/tree.img"
[ "$(cat "$tmp/out")" = "$tmp/tree.img: clean  0 danger, 0 error, 0 warning" ] || fail "copy 1 is read unasked: $(cat "$tmp/out")"
compared "$tmp/tree.img"
expect 0 "copy 1 of a tree block"
check "copy 1 of a tree block" "[66,0,1]" '["tree-block-copy",1,1,146194432,null,1000]'
run validate --all-copies "$tmp/tree.img"
[ "$(sed -n 1p "$tmp/out")" = "$tmp/tree.img: clean  0 danger, 0 error, 1 warning; of 66 copies 1 fail, 0 differ" ] ||
	fail "the counts as text: $(cat "$tmp/out")"

# The 28 bytes behind a crc32c have no meaning: such a copy is lawful, but not the same.
cp --sparse=always "$tmp/clean.img" "$tmp/tree.img"
plant "$tmp/tree.img" $((146145280 + 49152 + 20))
compared "$tmp/tree.img"
check "a copy that is lawful" "[66,1,0]" '["tree-block-copy",1,1,146194432,null,20]'

# All copies of one block are one unreadable block, and counted.
plant "$tmp/tree.img" $((146145280 + 49152 + 1000))
plant "$tmp/tree.img" $((38797312 + 49152 + 1000))
run --format json validate --all-copies "$tmp/tree.img"
expect 1 "no good copy"
jq -e '(.images[0].copies.failing == 2) and ([.images[0].findings[].code] | index("tree-block") != null and index("tree-block-copy") == null)' \
	"$tmp/out" >/dev/null || fail "no good copy: $(jq -c '.images[0] | .copies, [.findings[].code]' "$tmp/out")"

# ---- copies 1 and 2 of a tree block on RAID1C3, copy 1 on RAID10

plant "$tmp/raid1c3.2.img" $((9437184 + 30441472 - 30408704 + 5))
plant "$tmp/raid1c3.3.img" $((9437184 + 30441472 - 30408704 + 200))
# shellcheck disable=SC2046
compared $(devices raid1c3 2 3) "$tmp/raid1c3.1.img"
check "RAID1C3" "[222,1,1]" '["tree-block-copy",1,2,9469952,null,5]' '["tree-block-copy",2,3,9469952,null,200]'
# Block 38830080 is in unit 0 of its chunk: stripes 0 and 1. The cache at 184025088 begins in unit 168; its page 17
# is in unit 169, in row 84 of stripes 2 and 3, which are devices 3 and 4.
plant "$tmp/raid10.2.img" $((9437184 + 38830080 - 38797312 + 300))
plant "$tmp/raid10.4.img" $((76546048 + 84 * 65536 + 4096 + 9))
# shellcheck disable=SC2046
compared $(devices raid10 2 4) "$tmp/raid10.1.img"
check "RAID10" "[184,1,1]" '["tree-block-copy",1,2,9469952,null,300]' \
	'["cache-copies-differ",1,4,82055168,17,null]' '["cache-page-copy",1,4,82055168,17,9]'

# ---- pages of copy 1 of a cache on DUP, at 513736704: 196608 into the stripe at 1441267712

page=$((1441267712 + 196608 + 5 * 4096))
cp --sparse=always "$tmp/dup-data.img" "$tmp/page.img"
plant "$tmp/page.img" $((page + 7))
compared "$tmp/page.img"
expect 0 "an unused page"
check "an unused page" "[114,1,0]" "[\"cache-copies-differ\",1,1,$page,5,null]" "[\"cache-page-copy\",1,1,$page,5,7]"
jq -e '[.images[0].block_groups[] | select(.bytenr == 30408704) | .verdict, .copies[].verdict] == ["accepted", "accepted", "accepted"]' \
	"$tmp/out" >/dev/null || fail "an unused page changes a verdict"
run --format json validate "$tmp/page.img"
[ "$(jq -c "$all"' | map([.code, (.details | .pages, .page, .copy, .devid, .offset)])' "$tmp/out")" = "[[\"cache-copies-differ\",1,5,1,1,$page]]" ] || fail "pages are named unasked: $(jq -c "$all" "$tmp/out")"
cp "$tmp/dup-data.img" "$tmp/page.img"
plant "$tmp/page.img" $((page - 5 * 4096 + 100))
compared "$tmp/page.img"
expect 1 "page 0"
check "page 0" "[114,1,0]" "[\"cache-copies-differ\",1,1,$((page - 5 * 4096)),0,null]" "[\"cache-page-copy\",1,1,$((page - 5 * 4096)),0,100]"

# More pages than are named one by one: 20 of 32 in copy 1, on device 2, of the cache at 513933312.
for ((i = 0; i < 20; i++)); do plant "$tmp/raid1c3.2.img" $((492568576 + 513933312 - 513540096 + i * 4096)); done
# shellcheck disable=SC2046
compared $(devices raid1c3 2 3) "$tmp/raid1c3.1.img"
[ "$(counts)" = "[222,21,1]" ] || fail "20 pages: $(counts)"
jq -e '[.images[0].findings[] | select(.code == "cache-page-copy") | .details] |
	length == 17 and [.[:16][].page] == [range(16)] and .[16] == {more: 4}' "$tmp/out" >/dev/null || fail "20 pages: $(cat "$tmp/found")"
jq -e '[.images[0].findings[] | select(.code == "cache-copies-differ") | .details] |
	length == 1 and .[0].pages == 20 and .[0].page == 0 and .[0].offset == 492961792' "$tmp/out" >/dev/null || fail "20 pages, as one finding"
for threads in 1 2 8; do
	# shellcheck disable=SC2046
	run --format json --threads $threads validate --all-copies $(devices raid1c3 2 3) "$tmp/raid1c3.1.img"
	cp "$tmp/out" "$tmp/threads.$threads"
	cmp -s "$tmp/threads.1" "$tmp/out" || fail "$threads threads say something else than 1"
done

# ---- a device that was not given is one finding, and what it holds is not counted

compared "$tmp/raid1.1.img"
expect 1 "one device of RAID1"
check "one device of RAID1" "[$((2 + 8 + 3 * 16)),0,0]"
[ "$(jq -c '[.images[0].findings[].code | select(. == "device-missing")] | length' "$tmp/out")" = 1 ] || fail "device-missing"
compared "$tmp/raid1.2.img"
check "the other one" "[$((2 + 8 + 3 * 16)),0,0]"

# ---- superblocks

cp --sparse=always "$tmp/raid1.2.img" "$tmp/super.img"
plant "$tmp/super.img" $((67108864 + 120)) # in bytes_used
compared --device "$tmp/super.img" "$tmp/raid1.1.img"
check "a mirror" "[116,0,1]" '["super-mirror",1,2,67108864,null,null]'
run --format json super --mirrors --device "$tmp/super.img" "$tmp/raid1.1.img"
expect 0 "super --mirrors"
used=$(jq '.mirrors[0].fields.bytes_used' "$tmp/out")
[ "$(jq -c '[.mirrors[] | select(.differs != null and .differs != []) | [.devid, .index, .image_offset, .csum_ok, .generation, .differs]]' "$tmp/out")" = \
	"[[2,1,67108864,false,8,[{\"field\":\"bytes_used\",\"value\":$((used ^ 255)),\"in_use\":$used}]]]" ] || fail "super --mirrors: $(jq -c '.mirrors[] | .differs' "$tmp/out")"
[ "$(jq -c '[.mirrors[] | .differs == null]' "$tmp/out")" = "[false,false,true,false,false,true]" ] || fail "super --mirrors: what is not there"
run super --mirrors --device "$tmp/super.img" "$tmp/raid1.1.img"
[ "$(grep -c ' in use [0-9]' "$tmp/out")" = 1 ] && grep -qE "^  bytes_used +$((used ^ 255))  in use $used\$" "$tmp/out" ||
	fail "super --mirrors as text: $(cat "$tmp/out")"
# What an fsync leaves in the first copy only is lawful, the same in another place is not.
cp --sparse=always "$tmp/clean.img" "$tmp/super.img"
"$tools/mutate" "$tmp/super.img" mirror 1 then super log_root 30425088 || fail "mutate"
run --format json super --mirrors "$tmp/super.img"
[ "$(jq -c '.mirrors[1] | [.csum_ok, .differs_in, .differs]' "$tmp/out")" = '[true,["log_root"],[]]' ] || fail "a log in one mirror: $(jq -c '.mirrors[1].differs' "$tmp/out")"
"$tools/mutate" "$tmp/super.img" mirror 1 then super generation 7 || fail "mutate"
compared "$tmp/super.img"
check "a mirror that is behind" "[66,1,0]" '["super-differs",1,1,67108864,null,72]'
run --format json super --mirrors "$tmp/super.img"
[ "$(jq -c '.mirrors[1] | [.generation, .differs]' "$tmp/out")" = '[7,[{"field":"generation","value":7,"in_use":8}]]' ] || fail "a mirror that is behind"
run --format json super "$tmp/super.img"
jq -e '.mirrors | all(has("differs") or has("generation") or has("image_offset") | not)' "$tmp/out" >/dev/null || fail "super without --mirrors"

# ---- cache --mirrors: page 5 of copy 1 becomes all 0xff, whose crc32c is 0x25c1fe13

cp --sparse=always "$tmp/dup-data.img" "$tmp/page.img"
head -c 4096 /dev/zero | tr '\0' '\377' | dd of="$tmp/page.img" bs=4096 seek=$((page / 4096)) conv=notrunc status=none
run --format json cache --mirrors --group 30408704 "$tmp/page.img"
expect 0 "cache --mirrors"
jq -e '(.pages | length) == 16 and all(.pages[]; .index as $i | .crc_stored as $crc | (.copies | length) == 2 and
	.copies[0].offset == 1005060096 + 196608 + 4096 * $i and .copies[1].offset == 1441267712 + 196608 + 4096 * $i and
	all(.copies[]; .devid == 1 and .image_offset == .offset and .problem == null) and
	([.copies[] | .crc_computed] == (if $i == 5 then [$crc, 633470483] else [$crc, $crc] end)) and
	([.copies[] | [.equal, .first_byte]] == (if $i == 5 then [[true, null], [false, 0]] else [[true, null], [true, null]] end)))' \
	"$tmp/out" >/dev/null || fail "cache --mirrors: $(jq -c '.pages[].copies' "$tmp/out")"
run cache --mirrors --group 30408704 "$tmp/page.img"
grep -qF "  copy 1  device 1 offset $page image offset $page  crc computed 0x25c1fe13  differs, first at byte 0" "$tmp/out" ||
	fail "cache --mirrors as text: $(grep '  copy' "$tmp/out")"
[ "$(grep -c '^  copy' "$tmp/out")" = 32 ] && [ "$(grep -c '  equal$' "$tmp/out")" = 31 ] || fail "cache --mirrors has other copies than two of each page"
run --format json cache --mirrors --group 30408704 "$tmp/raid1.1.img"
jq -e 'all(.pages[].copies[]; (.devid == 2) == (.problem != null) and (.equal == (if .devid == 2 then null else true end)))' "$tmp/out" >/dev/null ||
	fail "cache --mirrors without a device: $(jq -c '.pages[0].copies' "$tmp/out")"
run --format json cache --group 30408704 "$tmp/page.img"
jq -e 'all(.pages[]; has("copies") | not)' "$tmp/out" >/dev/null || fail "cache without --mirrors"
finish
