#!/bin/bash
# SPDX-License-Identifier: MIT
# Each key of the terminal browser arrives, on several terminals; what is no key does nothing; resizing is noticed.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../tmux.sh"
tool=$tools/tui_term

# start TERM: shows what is typed.
start() {
	open_pane 120 40 env LC_ALL=C.UTF-8 TERM="$1" "$tool"
	wait_for '^size' "$1"
}

# typed WHAT EXPECTED: the names of all keys so far.
typed() {
	local i
	for i in $(seq 100); do
		seen=$(screen | sed -n '27s/^ *//p')
		[ "$seen" = "$2" ] && return
		sleep 0.05
	done
	fail "$1: '$seen', not '$2'"
}

named='up down left right page-up page-down home end enter backspace delete tab backtab f1 f10'
for term in screen-256color xterm xterm-256color vt100 linux; do
	start "$term"
	keys Up Down Left Right PPage NPage Home End Enter BSpace DC Tab BTab F1 F10
	typed "$term" "$named"
done

# characters, control characters, UTF-8
start screen-256color
keys a '?' Space 'é' '漢' C-b C-c C-f C-h C-j C-l 'C-\'
typed characters '97 63 32 233 28450 2 3 6 backspace enter 12 28'

# Escape, alone and before another key; and what curses doesn't know comes as one key that means nothing
start screen-256color
keys Escape
typed Escape escape
keys x
typed 'Escape, then x' 'escape 120'
keys -l $'\e[200~'
typed 'bracketed paste' 'escape 120 other'
keys -l $'\e[99;99;99~y\eOzw'
typed 'unknown sequences' 'escape 120 other other 121 other 119'
keys F5 M-v z
typed 'F5 and Alt' 'escape 120 other other 121 other 119 other escape 118 122'
start screen-256color
keys -l $'\e[[B\e\e[Ax'
typed 'F2 of the Linux console, Escape and Up at once' 'other escape up 120'

# A lone Escape is known in much less than the second that curses would wait.
start screen-256color
keys Escape
before=$(date +%s%N)
typed 'Escape alone' escape
[ $((($(date +%s%N) - before) / 1000000)) -lt 900 ] || fail "a lone Escape took $((($(date +%s%N) - before) / 1000000)) ms"

# The mouse, as xterm reports it: buttons 0 (left), 2 (right), 64 and 65 (wheel), column and row from 1
start xterm
keys -l $'\e[<0;1;1M\e[<0;1;1m'
typed 'click, old terminal' click:0,0
keys -l $'\e[<64;5;3M\e[<65;5;3M\e[<2;5;3M\e[<0;101;38M\e[<0;101;38mk'
typed mouse 'click:0,0 wheel-up wheel-down click:37,100 107'
start screen-256color
keys -l $'\e[M !!\e[M#!!\e[M`%#\e[Ma%#'
typed 'mouse, older reports' 'click:0,0 wheel-up wheel-down'

# Another size: drawn anew in full, and a character in the last cell doesn't scroll
for term in screen-256color vt100; do
	start "$term"
	for size in '60 30' '100 30' '7 5' '2 2' '1 1' '120 40'; do
		# shellcheck disable=SC2086
		set -- $size
		$pane resize-window -t test -x "$1" -y "$2"
		[ "$size" != '1 1' ] || continue # curses can't fill the last cell of such a one
		for i in $(seq 100); do
			[ "$(screen | sed -n "${2}p" | awk '{print length($0) substr($0, length($0))}')" = "$1\$" ] && break
			sleep 0.05
		done
		[ "$i" != 100 ] || fail "$term, $size: $(screen)"
	done
	wait_for '^size 40 x 120, 漢字$'
	[ "$(screen | head -n 1 | cut -c 1-5)" = plain ] || fail "scrolled: $(screen)"
done

# No terminal, or none that one can draw on: a sentence, and nothing is written to stdout.
refused() {
	local why=$1
	shift
	status=0
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	expect 2 "$why"
	expect_sentence "$why"
	[ ! -s "$tmp/out" ] || fail "$why: something was written to stdout"
	grep -q "$why" "$tmp/err" || fail "$why: $(cat "$tmp/err")"
}
refused 'standard input is no terminal' env TERM=xterm "$tool"
# shellcheck disable=SC2016
in_pane='stty -g >"$1/before"; TERM=$2 "$0" 2>"$1/err"; echo $? >"$1/status"; stty -g >"$1/after"; echo done'
for term in '' no-such-terminal unknown dumb; do
	rm -f "$tmp/err"
	open_pane 80 24 sh -c "$in_pane" "$tool" "$tmp" "$term"
	wait_for '^done' "TERM='$term'"
	[ "$(cat "$tmp/status")" = 2 ] || fail "TERM='$term': exit status $(cat "$tmp/status")"
	expect_sentence "TERM='$term'"
	grep -q TERM "$tmp/err" || fail "TERM='$term': $(cat "$tmp/err")"
	cmp "$tmp/before" "$tmp/after" || fail "TERM='$term': the terminal's modes have changed"
	[ "$(tr -d '\r\n' <"$tmp/bytes")" = done ] || fail "TERM='$term': $(cat -v "$tmp/bytes") was written"
done
finish
