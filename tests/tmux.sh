# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced after lib.sh by tests that need a terminal: one pane of a tmux of their own.
command -v tmux >/dev/null || skip "tmux is not installed"
unset TMUX
panes=0
pane="tmux -u -S $tmp/tmux.0 -f /dev/null"
trap '$pane kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

# open_pane COLS ROWS COMMAND [ARGUMENT...]: runs it in a fresh pane; the picture stays when it ends. All bytes that
# it writes go to $tmp/bytes.
open_pane() {
	local cols=$1 rows=$2
	shift 2
	$pane kill-server 2>/dev/null
	# A socket of its own for each: a server that is told to go doesn't go at once. None of the user's settings.
	panes=$((panes + 1))
	pane="tmux -u -S $tmp/tmux.$panes -f /dev/null"
	printf '%q ' "$@" >"$tmp/pane.sh"
	$pane start-server \; set -g status off \; set -g default-shell /bin/sh \; \
		new-session -d -s test -x "$cols" -y "$rows" "bash $tmp/pane.sh; exec sleep 1000" \; pipe-pane "cat >$tmp/bytes" || exit 2
}

# keys KEY...: as tmux send-keys has them.
keys() {
	$pane send-keys -t test "$@"
}

screen() {
	$pane capture-pane -p -t test
}

# wait_for PATTERN [WHAT]: until a line of the screen matches; fails after 10 s.
wait_for() {
	local i
	for i in $(seq 200); do
		screen | grep -q -e "$1" && return 0
		sleep 0.05
	done
	fail "${2-the screen} never showed '$1':"
	screen | grep -v '^$'
	return 1
}

# wait_file FILE: until it is there and not empty; fails after 10 s.
wait_file() {
	local i
	for i in $(seq 200); do
		[ -s "$1" ] && return 0
		sleep 0.05
	done
	fail "$1 never came"
	return 1
}
