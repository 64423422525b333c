#!/bin/bash
# SPDX-License-Identifier: MIT
# --undo and undo: byte for byte, again and again, and only where the image holds what the undo file knows.
. "$(dirname "$0")/../lib.sh"
unpack stale-label
unpack bitmaps
image=$tmp/stale-label.img before=$tmp/before.img after=$tmp/after.img undo=$tmp/undo
cp "$image" "$before"

run rewrite --undo "$undo" "$image"
expect 0 "rewrite --undo"
cp "$image" "$after"
[ "$(stat -c %a "$undo")" = 600 ] || fail "the undo file's mode is $(stat -c %a "$undo")"
[ "$(tail -n 1 "$tmp/out")" = "to take it back: spacescope undo $image $undo" ] || fail "how to undo: $(tail -n 1 "$tmp/out")"
[ "$(digest "$image")" != "$(digest "$before")" ] || fail "the rewrite changed nothing"

# refused WORDS: the undo must be refused, the image left alone.
refused() {
	local hash
	hash=$(digest "$image")
	run undo "$image" "${2:-$undo}"
	expect 2 "undo of $3"
	expect_sentence "undo of $3"
	grep -qiE -e "$1" "$tmp/err" || fail "undo of $3: no '$1' in: $(cat "$tmp/err")"
	[ "$hash" = "$(digest "$image")" ] || fail "undo of $3: refused, but it writes"
}

told=$(sed -n '$s/^to take it back: //p' "$tmp/out")
PATH=$build:$PATH bash -c "$told" >"$tmp/out" || fail "the command that is told ends with $?: $told"
generation=$("$program" --format json super "$before" | jq .filesystem.generation)
grep -qE "^$image: generation $generation is there again, byte for byte: .* put back\$" "$tmp/out" || fail "undo says $(cat "$tmp/out")"
same "$image" "$before" || fail "undo does not restore every byte"
run undo "$image" "$undo"
expect 0 "undo a second time"
grep -q 'nothing was written' "$tmp/out" || fail "undo a second time says $(cat "$tmp/out")"
same "$image" "$before" || fail "the second undo changes bytes"

# JSON.
cp "$after" "$image"
run --format json undo "$image" "$undo"
expect 0 "undo as JSON"
jq -e "(keys_unsorted | join(\" \")) == \"__header command image filesystem undone\" and .command == \"undo\" and
	.filesystem.generation == $generation and .undone.generation == $generation and .undone.bytes > 0 and .undone.was_there == false" \
	"$tmp/out" >/dev/null || fail "undo's JSON: $(cat "$tmp/out")"
run --format json undo "$image" "$undo"
jq -e '.undone.was_there' "$tmp/out" >/dev/null || fail "undo's JSON a second time: $(cat "$tmp/out")"
same "$image" "$before" || fail "undo as JSON does not restore every byte"

# Killed at its n-th write: the next one finishes it.
if command -v strace >/dev/null; then
	for n in 1 2 3 5; do
		cp "$after" "$image"
		{
			ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$tmp/trace" -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=$n \
				"$program" undo "$image" "$undo" && fail "undo is not killed at write $n"
		} >"$tmp/out" 2>&1
		run undo "$image" "$undo"
		expect 0 "undo after a kill at write $n"
		same "$image" "$before" || fail "undo after a kill at write $n does not restore every byte"
	done
fi

# Another image, the right image written to since, a damaged undo file, what is no undo file.
cp "$tmp/bitmaps.img" "$image"
refused '' "$undo" "another filesystem"
cp "$after" "$image"
run rewrite --all "$image"
expect 0 "a second rewrite"
refused '' "$undo" "an image that was written to since"
cp "$after" "$image"
group=$("$program" --format json groups "$image" | jq "first(.block_groups[] | select(.cache.generation == $generation + 1).bytenr)")
at=$("$program" --format json cache --group "$group" "$image" | jq '.pages[-1].physical[0].image_offset + 100')
printf 'x' | dd of="$image" bs=1 seek="$at" conv=notrunc status=none
refused '' "$undo" "an image with a foreign byte"
cp "$after" "$image"
for at in 0 $(($(stat -c %s "$undo") / 2)) $(($(stat -c %s "$undo") - 1)); do
	cp "$undo" "$tmp/bad"
	byte=$(od -An -tu1 -j "$at" -N 1 "$undo")
	# shellcheck disable=SC2059
	printf "\\x$(printf '%02x' $((byte ^ 255)))" | dd of="$tmp/bad" bs=1 seek="$at" conv=notrunc status=none
	refused '' "$tmp/bad" "a damaged undo file (byte $at)"
done
head -c $(($(stat -c %s "$undo") - 1)) "$undo" >"$tmp/short"
refused '' "$tmp/short" "a shortened undo file"
: >"$tmp/empty"
refused '' "$tmp/empty" "an empty undo file"
refused '' "$tmp/none" "an undo file that is not there"
refused '' "$before" "a file that is no undo file"
exec 9<"$image"
flock -x 9
refused 'locked|in use' "$undo" "a locked image"
exec 9<&-
run undo "$image" "$undo"
expect 0 "the untouched image"
same "$image" "$before" || fail "the untouched image is not restored"

# Several devices.
unpack raid1
set -- "$tmp"/raid1*.img
first=$1 second=$2
cp "$first" "$tmp/first" && cp "$second" "$tmp/second"
run rewrite --all --undo "$tmp/undo2" "$first" --device "$second"
expect 0 "rewrite of two devices"
{ [ "$(digest "$first")" != "$(digest "$tmp/first")" ] && [ "$(digest "$second")" != "$(digest "$tmp/second")" ]; } || fail "not both devices were written"
run undo "$first" --device "$second" "$tmp/undo2"
expect 0 "undo of two devices"
{ same "$first" "$tmp/first" && same "$second" "$tmp/second"; } || fail "undo does not restore both devices"
finish
