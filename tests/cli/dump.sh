#!/bin/bash
# SPDX-License-Identifier: MIT
# Dumps that btrfs-image makes say the same as the images that they are of; what they leave out is unknown.
. "$(dirname "$0")/../lib.sh"
btrfs-image --help >/dev/null 2>&1 || skip "no btrfs-image"
export TMPDIR=$tmp

# dumped IMAGE OPTION...: makes $tmp/dump.
dumped() {
	rm -f "$tmp/dump"
	btrfs-image "${@:2}" "$1" "$tmp/dump" >"$tmp/log" 2>&1 || fail "btrfs-image: $(tail -n 1 "$tmp/log")"
}

# said WHAT ARGUMENT...: the records of groups and validate, without the one note, to $tmp/WHAT.
said() {
	run --format json groups "${@:2}"
	[ "$status" = 0 ] || fail "groups of $1: $status: $(head -c 300 "$tmp/err")"
	jq -S '{filesystem, block_groups}' "$tmp/out" >"$tmp/$1"
	run --format json validate "${@:2}"
	echo "$status" >>"$tmp/$1"
	jq -S '.images[0] | {filesystem, block_groups, findings: [.findings[] | select(.code != "image-is-dump")]}' \
		"$tmp/out" >>"$tmp/$1"
}

same_as_image() { # NAME WHAT
	said dump.said "$tmp/dump"
	cmp -s "$tmp/image.said" "$tmp/dump.said" ||
		fail "$1: image and dump $2 differ: $(diff "$tmp/image.said" "$tmp/dump.said" | head -n 6)"
	[ "$(jq -c '[.images[0].findings[] | select(.code == "image-is-dump").severity]' "$tmp/out")" = '["note"]' ] ||
		fail "$1: not one note that the image is a dump"
	[ "$(jq '.images[0].block_groups | length' "$tmp/out")" -ge 2 ] || fail "$1: no block groups"
}

for name in clean dup-data mixed bitmaps bitmaps-many v2 v2-excess crc-page-0 crc-later-page misplaced stale-blessed \
	outside left-over group-used csum-sha256 csum-xxhash node-4k metadata-uuid log-tree; do
	unpack $name
	said image.said "$tmp/$name.img"
	for level in -c0 -c9; do
		dumped "$tmp/$name.img" $level
		same_as_image $name $level
	done
	[ $name = clean ] && dumped "$tmp/$name.img" -c9 -s && same_as_image $name "without names"
	[ $name = v2 ] && dumped "$tmp/$name.img" -c1 -w && same_as_image $name "of a walk"
	[ $name = clean ] || rm "$tmp/$name.img"
done

# Of two devices btrfs-image is given one, and then leaves rubbish where the superblock belongs.
unpack raid1
said image.said "$tmp/raid1.1.img" --device "$tmp/raid1.2.img"
dumped "$tmp/raid1.1.img" -c0
dd if="$tmp/raid1.1.img" of="$tmp/dump" bs=1K skip=64 seek=1 count=4 conv=notrunc status=none
same_as_image raid1 "of both devices"
rm "$tmp"/raid1.?.img

# Inline data is zeroed: no word about what it was.
unpack inline-extent
dumped "$tmp/inline-extent.img" -c9
run --format json groups "$tmp/dump"
[ "$(jq -c '.block_groups[] | select(.bytenr == 355860480) | [.state, .verdict, .step]' "$tmp/out")" = \
	'["UNKNOWN","unknown",11]' ] || fail "an inline cache of a dump: $(jq -c '.block_groups[] | [.state, .verdict]' "$tmp/out")"
rm "$tmp/inline-extent.img"

# number FILE OFFSET SIZE: little-endian.
number() { od -An -v -j "$2" -N "$3" -t "u$3" "$1" | tr -d ' '; }

# leave_out ADDRESS: the item of the uncompressed dump's first index block that holds it goes far away.
leave_out() {
	for ((i = 0; i < $(number "$tmp/dump" 16 4); i++)); do
		start=$(number "$tmp/dump" $((21 + 12 * i)) 8) length=$(number "$tmp/dump" $((29 + 12 * i)) 4)
		((start <= $1 && $1 < start + length)) || continue
		printf '\0\0\0\0\0\0\4\0' | dd of="$tmp/dump" bs=1 seek=$((21 + 12 * i)) conv=notrunc status=none
		return
	done
	fail "nothing in the dump holds $1"
}
states() { jq -c '[.block_groups[] | select(.cache != null or .state == "UNKNOWN").state]' "$tmp/out"; }

# One copy, at its place in the file; on the image there are two.
page_at() { dd if="$1" bs=512 skip="$(($2 / 512))" count=8 status=none | sha256sum; }
unpack dup-data
dumped "$tmp/dup-data.img" -c0
run --format json cache --group 298844160 "$tmp/dup-data.img"
on_image=$(jq -c '[.pages[0].physical[].image_offset]' "$tmp/out")
run --format json cache --group 298844160 "$tmp/dump"
in_dump=$(jq -c '[.pages[0].physical[].image_offset]' "$tmp/out")
[ "$(jq length <<<"$on_image") $(jq length <<<"$in_dump")" = "2 1" ] || fail "copies: $on_image, in the dump $in_dump"
[ "$(page_at "$tmp/dup-data.img" "$(jq '.[0]' <<<"$on_image")")" = "$(page_at "$tmp/dump" "$(jq '.[0]' <<<"$in_dump")")" ] ||
	fail "the page is not at $in_dump of the dump"
rm "$tmp/dup-data.img"

dumped "$tmp/clean.img" -c0
run --format json cache --group 137756672 "$tmp/dump"
page=$(jq '.pages[0].bytenr' "$tmp/out")
leave_out "$page"
run --format json groups "$tmp/dump"
[ "$(jq -c '.block_groups[] | select(.bytenr == 137756672) | [.state, .verdict, .step]' "$tmp/out")" = \
	'["UNKNOWN","unknown",11]' ] || fail "a cache page is left out: $(states)"
run validate "$tmp/dump"
expect 1 "a dump without a cache page"
grep -q "leaves out address $page" "$tmp/out" "$tmp/err" || fail "nobody says which address is left out"

dumped "$tmp/clean.img" -c0
block=$(btrfs inspect-internal dump-tree -t extent "$tmp/clean.img" | sed -n 's/^leaf \([0-9]*\) .*/\1/p' | head -n 1)
leave_out "$block"
run --format json groups "$tmp/dump"
[ "$status" = 0 ] || fail "a dump without an extent tree: $status"
[ "$(jq -c '[.block_groups[].state] | unique' "$tmp/out")" = '["UNKNOWN"]' ] ||
	fail "a tree block is left out: $(jq -c '[.block_groups[].state]' "$tmp/out")"

# In an archive or compressed, any way of threads, and never written to.
said image.said "$tmp/clean.img"
dumped "$tmp/clean.img" -c9
whole=$(sha256sum <"$tmp/dump")
for threads in 1 8; do
	run --format json --threads $threads groups "$tmp/dump"
	cp "$tmp/out" "$tmp/threads.$threads"
done
cmp -s "$tmp/threads.1" "$tmp/threads.8" || fail "the number of threads tells"
for command in "rewrite $tmp/dump" "rewrite $tmp/dump --output $tmp/copy" "rewrite --dry-run $tmp/dump"; do
	# shellcheck disable=SC2086  # words
	run $command
	expect 2 "$command"
	expect_sentence "$command"
	grep -q 'btrfs-image dump, which has no devices' "$tmp/err" || fail "$command: $(cat "$tmp/err")"
done
[ ! -e "$tmp/copy" ] || fail "a copy of a dump was made"
for options in "--partition 1" "--offset 0" "--member x" "--device $tmp/clean.img"; do
	# shellcheck disable=SC2086
	run groups $options "$tmp/dump"
	expect 2 "$options of a dump"
	expect_sentence "$options of a dump"
done
grep -q 'stands for all devices: give it alone' "$tmp/err" || fail "a dump and an image: $(cat "$tmp/err")"
[ "$(sha256sum <"$tmp/dump")" = "$whole" ] || fail "the dump was written to"

# Cut short anywhere before the padding behind the last blob.
used=1024
for ((i = 0; i < $(number "$tmp/dump" 16 4); i++)); do
	used=$((used + $(number "$tmp/dump" $((29 + 12 * i)) 4)))
done
for part in 0 1 20 500 900 999; do
	head -c $((used * part / 1000)) "$tmp/dump" >"$tmp/cut"
	run validate "$tmp/cut"
	expect 2 "a dump cut at $part of 1000"
	expect_sentence "a dump cut at $part of 1000"
done

cp "$tmp/dump" "$tmp/small"
head -c 5000 /dev/urandom >"$tmp/noise"
# shellcheck disable=SC2016  # eval expands them
for kind in 'tar -C $tmp -cf $tmp/packed noise small' 'xz -c $tmp/small >$tmp/packed' 'zstd -qc $tmp/small >$tmp/packed' \
	'tar -C $tmp -czf $tmp/packed small noise'; do
	eval "$kind"
	mv "$tmp/packed" "$tmp/dump"
	same_as_image clean "packed by ${kind%% *}"
done
finish
