#!/bin/bash
# SPDX-License-Identifier: MIT
# Every way out of the browser gives the terminal back: keys, signals, a crash and read errors in a thread that judges,
# images that can't be read, no terminal, Ctrl-Z and a hang-up. (What curses and signal handlers do one by one is
# tests/cli/tui-term-restore.sh.)
. "$(dirname "$0")/../tui.sh"
# shellcheck disable=SC2016,SC2034
# a preloaded library comes before the sanitizers' own, which they allow when told to
preload=LD_PRELOAD=$tools/reads.so
asan=ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:handle_segv=0

start() {
	tui_start 80x24 screen-256color "$@"
}

# ---- keys and signals, from an idle screen and from one with a box

for way in q F10 Ctrl-C; do
	start samples/misplaced.tar.zst
	tui_keys "$way"
	tui_ended 0 "$way"
done
while read -r signal ends box; do
	start samples/misplaced.tar.zst
	[ -z "$box" ] || tui_keys "$box"
	tui_settle
	kill -s "$signal" "$pid"
	tui_ended "$ends" "SIG$signal after '$box'"
done <<'END'
TERM 143
HUP 129 ?
INT 130 :
QUIT 131 e
TERM 143 x
END

# ---- while it judges

# launch_with READS IMAGE: see tests/preload/reads.c
launch_with() {
	tui_launch 80x24 screen-256color READS="$1" "$preload" "$asan" "$2"
}

launch_with slow samples/bitmaps-many.tar.zst
wait_for 'judged [0-9]' 'slow reads'
tui_keys q
tui_ended 0 'q while judging'
launch_with slow samples/bitmaps-many.tar.zst
wait_for 'judged [0-9]' 'slow reads'
kill -s TERM "$pid"
tui_ended 143 'SIGTERM while judging'

crashed='^spacescope-tui: crashed (signal 11); the terminal was restored$'
allowed="$crashed\|^Segmentation fault" # the shell's word on it
launch_with crash samples/bitmaps-many.tar.zst
tui_ended 139 'a crash in a thread'
[ "$(grep -c -e "$crashed" "$tmp/err")" = 1 ] || fail "a crash in a thread: on stderr: $(cat "$tmp/err")"
allowed=

# What can't be read any more is unknown, and the rest goes on.
launch_with fail samples/bitmaps-many.tar.zst
wait_for 'UNKNOWN\|^ *?' 'reads that fail'
tui_settle
tui_end 0

# ---- no memory for a larger terminal: curses would write where it must not

if ! nm "$browser" | grep -q __asan_init; then # those bring an allocator of their own
	for screen in 1 2; do
		rm -f nomem
		tui_start 40x10 screen-256color CURSES_NOMEM=nomem LD_PRELOAD="$tools/curses_nomem.so" samples/misplaced.tar.zst
		tui_keys "$screen"
		tui_settle
		touch nomem
		stty -F "$tty" cols 180 rows 60
		allowed='^spacescope-tui: memory ran out$' tui_ended 2 'no memory for a larger terminal'
		[ "$(wc -l <"$tmp/err")" = 1 ] || fail "no memory: on stderr: $(cat "$tmp/err")"
	done
fi

# ---- images that can't be read

# refused WHAT ARGUMENT...: ends with 2 and a sentence about missing.img, before anything is drawn.
refused() {
	local what=$1
	shift
	tui_launch 80x24 screen-256color "$@"
	allowed='missing.img' tui_ended 2 "$what"
	[ "$(wc -l <"$tmp/err")" = 1 ] || fail "$what: $(wc -l <"$tmp/err") lines on stderr: $(cat "$tmp/err")"
	[ ! -s "$tmp/bytes" ] || fail "$what: was written to the terminal: $(cat -v "$tmp/bytes")"
}
refused 'no such file' missing.img
echo '{}' >missing.img
refused 'no report and no image' missing.img
truncate -s 1M missing.img
refused 'an empty image' missing.img

allowed='missing.img'
tui_start 80x24 screen-256color missing.img samples/misplaced.tar.zst
screen | grep -q 'missing.img' || fail "one of two is unreadable, and it is not shown first: $(screen)"
tui_keys '>'
tui_settle
screen | grep -q NEED_WRITE || fail "one of two is unreadable, and the other is not shown: $(screen)"
tui_end 2
[ "$(grep -c missing.img "$tmp/err")" = 1 ] || fail "one of two is unreadable: $(cat "$tmp/err")"
allowed=

# ---- no terminal

for how in '</dev/null' '| cat'; do
	printf '%s samples/clean.tar.zst 2>%s %s\necho "ended: ${PIPESTATUS[0]}"\n' "$browser" "$tmp/err" "$how" >"$tmp/no-terminal"
	open_pane 80 24 bash "$tmp/no-terminal"
	wait_for '^ended: 2$' "$how"
	expect_sentence "$how"
	grep -q 'no terminal' "$tmp/err" || fail "$how: $(cat "$tmp/err")"
	[ "$(tr -d '\r\n' <"$tmp/bytes")" = 'ended: 2' ] || fail "$how: was written: $(cat -v "$tmp/bytes")"
done

# ---- Ctrl-Z, and fg in another size

open_pane 80 24 env -u COLORTERM LC_ALL=C.UTF-8 TERM=screen-256color "$asan" PS1='ready> ' bash --norc --noprofile -i
wait_for '^ready>'
keys "stty -g >$tmp/before; clear; $browser samples/misplaced.tar.zst" Enter
wait_for 'danger 1' Ctrl-Z
keys 8 C-z
wait_for Stopped Ctrl-Z
[ "$(tui_modes)" = '0 1 0 0' ] || fail "Ctrl-Z: modes $(tui_modes)"
keys "stty -g >$tmp/after; clear" Enter
wait_for '^ready> *$' Ctrl-Z
cmp "$tmp/before" "$tmp/after" || fail "Ctrl-Z: the terminal's modes have changed"
$pane resize-window -t test -x 60 -y 20
keys 'fg' Enter
wait_for '\[8Findings\]$' fg
[ "$(tui_modes | cut -d' ' -f1,2)" = '1 0' ] || fail "fg: modes $(tui_modes)"
keys q
wait_for '^ready>' 'q after fg'
keys clear Enter
keys "stty -g >$tmp/after; echo 'over'" Enter
wait_for '^over$' 'q after fg'
cmp "$tmp/before" "$tmp/after" || fail "q after fg: the terminal's modes have changed"

# ---- the terminal goes away

tui_start 80x24 screen-256color samples/misplaced.tar.zst
$pane kill-server
for _ in $(seq 500); do
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.02
done
! kill -0 "$pid" 2>/dev/null || { fail "lives on without a terminal"; kill -9 "$pid"; }
tui_sanitizers 'without a terminal'
finish
