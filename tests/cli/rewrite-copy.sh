#!/bin/bash
# SPDX-License-Identifier: MIT
# --output: the image is left alone, the copy is a new sparse file with the new filesystem; archives too.
. "$(dirname "$0")/../lib.sh"
unpack stale-label
image=$tmp/stale-label.img copy=$tmp/copy.img
hash=$(digest "$image")
times=$(stat -c '%Y %Z' "$image")

run rewrite --output "$copy" "$image"
expect 0 "--output"
grep -q "^the new filesystem is in $copy; the image is as it was\$" "$tmp/out" || fail "--output says $(tail -n 2 "$tmp/out")"
[ "$hash $times" = "$(digest "$image") $(stat -c '%Y %Z' "$image")" ] || fail "--output changes the image"
[ "$(stat -c %a "$copy")" = 600 ] || fail "the copy's mode is $(stat -c %a "$copy")"
[ "$(stat -c %s "$copy")" = "$(stat -c %s "$image")" ] || fail "the copy has another size"
[ "$(stat -c %b "$copy")" -le $(($(stat -c %b "$image") + 8192)) ] || fail "the copy is not sparse: $(stat -c %b "$copy") blocks"
run validate "$copy"
expect 0 "validate of the copy"

# The copy is what a rewrite in place makes.
cp "$image" "$tmp/place.img"
run rewrite "$tmp/place.img"
same "$copy" "$tmp/place.img" || fail "the copy is another than a rewrite in place"

# JSON: the image is the one given, the filesystem the copy's.
rm -f "$copy"
run --format json rewrite --output "$copy" "$image"
expect 0 "--output as JSON"
jq -e ".output == \"$copy\" and .image.path == \"$image\" and .image.devices[0].path == \"$image\" and .committed and
	.filesystem.generation == .transaction.generation" "$tmp/out" >/dev/null || fail "--output as JSON: $(head -c 600 "$tmp/out")"

# An image that someone is writing to is no good to copy.
rm -f "$copy"
exec 9<"$image"
flock -x 9
run rewrite --output "$copy" "$image"
expect 2 "--output of a locked image"
expect_sentence "--output of a locked image"
[ ! -e "$copy" ] || fail "--output of a locked image leaves a copy"
exec 9<&-

# Out of an archive, with an undo file for the copy.
run rewrite --output "$copy" --undo "$tmp/undo" "$samples/stale-label.tar.zst"
expect 0 "--output of an archive"
same "$copy" "$tmp/place.img" || fail "the copy out of an archive is another one"
run undo "$copy" "$tmp/undo"
expect 0 "undo of the copy"
same "$copy" "$image" || fail "undo of the copy does not give what was in the archive"

# A partitioned disk.
run --format json rewrite --all --output "$tmp/disk.img" "$samples/container-gpt.img.zst"
expect 0 "--output of a partitioned disk"
jq -e '.filesystem.generation == .transaction.generation' "$tmp/out" >/dev/null || fail "a partitioned disk: the filesystem in JSON is not the copy's"
run validate "$tmp/disk.img"
expect 0 "validate of the disk's copy"

# Several devices: COPY.1, COPY.2.
run --format json rewrite --all --output "$tmp/raid.img" "$samples/raid1.tar.zst"
expect 0 "--output of two devices"
jq -e '.filesystem.generation == .transaction.generation and .filesystem.num_devices == 2' "$tmp/out" >/dev/null ||
	fail "two devices: the filesystem in JSON is not the copies'"
run validate "$tmp/raid.img.1" --device "$tmp/raid.img.2"
expect 0 "validate of two copies"
[ ! -e "$tmp/raid.img" ] || fail "there is a third file"

# What is printed to take it back does so.
rm -f "$tmp"/raid.img.*
run rewrite --all --output "$tmp/raid.img" --undo "$tmp/raid.undo" "$samples/raid1.tar.zst"
expect 0 "--output of two devices with an undo file"
grep -qx "the new filesystem is in $tmp/raid.img.1 $tmp/raid.img.2; the image is as it was" "$tmp/out" ||
	fail "two devices: $(tail -n 2 "$tmp/out")"
read -r -a words < <(sed -n 's/^to take it back: spacescope //p' "$tmp/out")
run "${words[@]}"
expect 0 "undo as it was printed: ${words[*]}"
tar -C "$tmp" -xf "$samples/raid1.tar.zst"
same "$tmp/raid.img.1" "$tmp/raid1.1.img" && same "$tmp/raid.img.2" "$tmp/raid1.2.img" ||
	fail "undo of two copies does not give what was in the archive"
run --format json rewrite --all --output "$tmp/two.img" "$samples/raid1.tar.zst"
jq -e --arg name "$tmp/two.img" '.outputs == [$name + ".1", $name + ".2"]' "$tmp/out" >/dev/null || fail "outputs: $(jq -c .outputs "$tmp/out")"

# A name like an option's.
cp --sparse=always "$image" "$tmp/-d.img"
(cd "$tmp" && "$program" rewrite --undo d.undo -- -d.img >out 2>err) || fail "an image '-d.img': $(cat "$tmp/err")"
read -r -a words < <(sed -n 's/^to take it back: spacescope //p' "$tmp/out")
(cd "$tmp" && "$program" "${words[@]}" >out 2>err) || fail "undo of '-d.img' as it was printed: $(cat "$tmp/err")"
same "$tmp/-d.img" "$image" || fail "undo of '-d.img' does not put it back"

# A write on the copy that fails leaves neither the copy nor an undo file.
if command -v strace >/dev/null; then
	mkdir "$tmp/failed"
	status=0
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e inject=fdatasync:error=EIO:when=1 "$program" rewrite \
		--output "$tmp/failed/copy" --undo "$tmp/failed/undo" "$image" >"$tmp/out" 2>"$tmp/err" || status=$?
	expect 2 "a failing flush of the copy"
	expect_sentence "a failing flush of the copy"
	[ -z "$(ls "$tmp/failed")" ] || fail "a failing flush of the copy leaves $(ls "$tmp/failed")"
	[ "$hash" = "$(digest "$image")" ] || fail "a failing flush of the copy changes the image"
fi

# What is there already stays.
: >"$tmp/there.part"
run rewrite --output "$tmp/there" "$image"
expect 2 "a file that is being made by somebody else"
[ -e "$tmp/there.part" ] && [ ! -s "$tmp/there.part" ] && [ ! -e "$tmp/there" ] || fail "it is not left alone"

# Nothing to do: the copy is there all the same, and whole.
run rewrite --output "$tmp/clean.img" "$samples/clean.tar.zst"
expect 0 "--output with nothing to do"
grep -qx "the image was copied unchanged to $tmp/clean.img" "$tmp/out" || fail "--output with nothing to do says $(tail -n 2 "$tmp/out")"
[ -z "$(find "$tmp" -name '*.part' -size +0)" ] || fail "parts are left: $(find "$tmp" -name '*.part')"
run validate "$tmp/clean.img"
expect 0 "validate of a copy with nothing to do"
finish
