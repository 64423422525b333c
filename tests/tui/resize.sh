#!/bin/bash
# SPDX-License-Identifier: MIT
# Storms of resizes, while an image is judged and while keys are pressed: the program lives, and shows in the end what
# it shows when it was begun in that size.
. "$(dirname "$0")/../tui.sh"
sizes=(1x1 10x3 40x10 80x24 300x100 40x1 1x50 120x40)
storms=300
preload=LD_PRELOAD=$tools/reads.so
asan=ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0

# told SIZE: the program's terminal has this size at once; tmux, which makes no such haste, keeps its own.
told() {
	stty -F "$tty" cols "${1%x*}" rows "${1#*x}"
}

# calm: the screen in another size than it began with.
calm() {
	told 80x24
	tui_resize 100x30
	tui_settle && tui_keys G g
	tui_settle && tui_screen
}

image=samples/bitmaps-many.tar.zst
for screen in 1 2 3 4 5 6 7 8; do
	tui_start 100x30 screen-256color "$image"
	tui_keys "$screen" G g
	tui_settle
	tui_screen >"$tmp/quiet.$screen"
	tui_end
done

tui_launch 80x24 screen-256color READS=slow "$preload" "$asan" "$image"
wait_for 'judged [0-9]'
for ((i = 0; i < storms; i++)); do
	told "${sizes[i % 8]}"
	[ $((i % 20)) != 0 ] || tui_keys $((1 + i / 20 % 8))
	[ $((i % 7)) != 0 ] || tui_keys Down Up
done
kill -0 "$pid" || fail "died in the storm"
tui_keys 1
calm >"$tmp/calm"
diff -u "$tmp/quiet.1" "$tmp/calm" || fail "after a storm while judging"
tui_end

for screen in 2 3 4 5 6 7 8; do
	tui_start 80x24 screen-256color "$image"
	tui_keys "$screen" Down
	for ((i = 0; i < storms / 7; i++)); do
		told "${sizes[(i * 3 + screen) % 8]}"
	done
	calm >"$tmp/calm"
	diff -u "$tmp/quiet.$screen" "$tmp/calm" || fail "after a storm on screen $screen"
	tui_end
done
finish
