#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/tui/random-hostile.sh [SEED [COUNT]]: random keys, clicks and resizes over images made to hurt: the browser answers
# each of them, `q` ends it, no sanitizer has anything to say, and the image stays as it is. One seed is one image and
# one sequence of keys. HOSTILE_KEYS=N presses so many on each.
. "$(dirname "$0")/../tui.sh"
from=${1:-0} count=${2:-52} keys=${HOSTILE_KEYS:-300}
bases=(clean bitmaps v2-excess misplaced)

# Too narrow for the picture below a range: there is none then.
for size in 9x24 3x40; do
	tui_start "$size" screen-256color samples/misplaced.tar.zst
	tui_keys 5 . .
	tui_settle && tui_end
done

# An item of 7000 fields is shown as fast as any other.
unpack node-64k
printf -v fields '%014000d' 0
"$tools/mutate" "$tmp/node-64k.img" item-insert uuid 900 251 16384 "${fields//0/00000000}" || fail "no such item"
tui_start 160x40 screen-256color "$tmp/node-64k.img"
SECONDS=0
tui_keys 6 :
tui_type uuid
tui_keys Enter
tui_settle
tui_keys Tab Down Down
tui_settle
tui_screen | grep -q '3/7000' || { fail "not on its third field:"; tui_screen; }
[ "$SECONDS" -lt 10 ] || fail "its fields take $SECONDS s"
tui_end

# What is exported goes over nothing that is shown, by whatever name.
ln -s "$tmp/node-64k.img" link
before=$(digest "$tmp/node-64k.img")
for name in "$tmp/node-64k.img" link; do
	tui_start 120x40 screen-256color "$tmp/node-64k.img"
	tui_keys e Ctrl-U
	tui_type "$name"
	tui_keys Enter
	tui_settle
	tui_screen | grep -q 'is what is shown here' || { fail "exported to $name:"; tui_screen; }
	tui_end
done
[ "$before" = "$(digest "$tmp/node-64k.img")" ] || fail "an export went over the image"

for base in "${bases[@]}"; do
	unpack "$base"
done
image=$place/hostile.img
for ((seed = from; seed < from + count; seed++)); do
	base=${bases[seed / 13 % ${#bases[@]}]} # 13 classes of damage go round
	cp --sparse=always "$tmp/$base.img" "$image" || exit 2
	how=$("$tools/hostile" "$image" $seed 2>&1 | tr '\n' ';')
	before=$(digest "$image")
	"$tools/tui_random" $seed "$keys" "$limit" "$browser" hostile.img >"$tmp/out" 2>&1 ||
		fail "$base with seed $seed ($how): $(tail -c 6000 "$tmp/out")"
	tui_sanitizers "$base with seed $seed ($how)"
	[ "$before" = "$(digest "$image")" ] || fail "$base with seed $seed: the image was written to"
	find "$place" -mindepth 1 ! -name samples ! -name hostile.img -delete # what was exported
done
finish
