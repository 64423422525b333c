#!/bin/bash
# SPDX-License-Identifier: MIT
# The terminal browser gives the terminal back on every way out: keys, signals, crashes in any thread, Ctrl-Z.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../tmux.sh"
tool=$tools/tui_term
# Sanitizers would end a crash with a status of their own.
export ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:handle_abort=0
# The shell between is one that leaves the terminal's modes alone.
# shellcheck disable=SC2016
in_pane='dir=$1; shift; stty -g >"$dir/before"; sh -c "echo \$\$ >\"$dir/pid\"; exec \"\$@\"" sh "$@" 2>"$dir/err"
	echo $? >"$dir/status"; stty -g >"$dir/after"; echo "the end"'

# start [VARIABLE=VALUE...] [OPTION...]: leaves the program's $pid.
start() {
	local names=()
	while [[ ${1-} == *=* ]]; do names+=("$1"); shift; done
	rm -f "$tmp/pid" "$tmp/status" "$tmp/err"
	open_pane 100 40 env LC_ALL=C.UTF-8 TERM=screen-256color "${names[@]}" sh -c "$in_pane" sh "$tmp" "$tool" "$@"
	wait_for '^size'
	pid=$(cat "$tmp/pid")
	stty -F "$($pane display -p '#{pane_tty}')" -g >"$tmp/during"
	cmp -s "$tmp/before" "$tmp/during" && fail "the modes were never changed: there is nothing to prove"
	[ "$(modes)" = '1 0 1 1' ] || fail "the screen was never taken: $(modes)"
}

# Alternate screen, cursor, mouse, application keys: as the terminal has them.
modes() {
	$pane display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}'
}

# ended STATUS WHAT: it is over with this status, and nothing is left of it.
ended() {
	wait_for '^the end' "$2" || return
	[ "$(cat "$tmp/status")" = "$1" ] || fail "$2: exit status $(cat "$tmp/status"), not $1"
	[ "$(modes)" = '0 1 0 0' ] || fail "$2: left alternate screen, cursor, mouse, application keys: $(modes)"
	cmp "$tmp/before" "$tmp/after" || fail "$2: the modes have changed"
	# All was written at the end, not only what this terminal needs.
	for name in rmcup cnorm rmkx; do
		written $name || fail "$2: $name was not written"
	done
}

# written NAME: this capability is among the last bytes.
written() {
	tail -c 100 "$tmp/bytes" | awk -v RS='\001' -v what="$(tput -T screen-256color "$1")" '
		{ found = index($0, what) } END { exit !found }'
}

start
keys q
ended 0 q
[ ! -s "$tmp/err" ] || fail "q: $(cat "$tmp/err")"

for signal in TERM 15 HUP 1 INT 2 QUIT 3; do
	case $signal in
	[0-9]*) wait_for "^ended by $signal" "SIG$name"; ended 0 "SIG$name" ;;
	*) name=$signal; start; kill -s "$signal" "$pid" ;;
	esac
done

# crashed STATUS WHAT: by a signal, with one sentence, and once only.
crashed() {
	ended "$1" "$2"
	written op || fail "$2: colours may stay"
	grep -q "^spacescope-tui: crashed (signal $(($1 - 128))); the terminal was restored" "$tmp/err" ||
		fail "$2: $(cat "$tmp/err")"
	[ "$(grep -c crashed "$tmp/err")" = 1 ] || fail "$2: $(cat "$tmp/err")"
}

for crash in SEGV:139 BUS:135 ILL:132 FPE:136 ABRT:134; do
	start
	kill -s "${crash%:*}" "$pid"
	crashed "${crash#*:}" "kill -${crash%:*}"
done
i=0
for status in 139 139 134 139; do
	i=$((i + 1))
	start
	keys $i
	crashed $status "crash $i"
done

# A request to end that is not heeded, and another; two at once are the same.
start --busy
kill -s TERM "$pid"
kill -s HUP "$pid"
sleep 0.7
kill -0 "$pid" || fail 'a hang-up that came twice was taken for two requests'
kill -s TERM "$pid"
ended 143 'two requests'

# Stopped from outside, where nobody could give the terminal back: modes and picture are set up anew.
start
tty=$($pane display -p '#{pane_tty}')
kill -s STOP "$pid"
stty -F "$tty" sane
echo junk >"$tty"
kill -s CONT "$pid"
keys x
wait_for ' 120$' 'stopped from outside, and on'
screen | grep -q junk && fail 'stopped from outside: what others wrote is still there'
keys q
ended 0 'stopped from outside'

# The terminal goes away: the program ends, whether the hang-up is told or not.
for trap in '' "trap '' HUP; "; do
	rm -f "$tmp/pid"
	open_pane 100 40 env LC_ALL=C.UTF-8 TERM=screen-256color sh -c "$trap"'echo $$ >"$1"; exec "$0"' "$tool" "$tmp/pid"
	wait_for '^size'
	pid=$(cat "$tmp/pid")
	$pane kill-server
	for i in $(seq 100); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	[ "$i" != 100 ] || { fail "lives on without a terminal ($trap)"; kill -9 "$pid"; }
done

# Ctrl-Z in a shell with jobs: the shell has its terminal; fg has the picture again, in the size of now.
open_pane 100 40 env LC_ALL=C.UTF-8 TERM=screen-256color PS1='ready> ' bash --norc --noprofile -i
wait_for '^ready>'
for way in key signal; do
	keys "stty -g >$tmp/before; echo \$\$ >$tmp/shell; $tool" Enter
	wait_for '^size'
	case $way in
	key) keys C-z ;;
	signal) kill -s TSTP "$(pgrep -P "$(cat "$tmp/shell")" tui_term)" ;;
	esac
	wait_for Stopped "$way"
	[ "$(modes)" = '0 1 0 0' ] || fail "$way: left behind: $(modes)"
	$pane resize-window -t test -x 90 -y 35
	keys "clear; sh -c 'stty -g' >$tmp/stopped; fg >$tmp/fg" Enter
	wait_for '^size 35 x 90' "$way, fg"
	[ "$(modes)" = '1 0 1 1' ] || fail "$way, fg: $(modes)"
	cmp "$tmp/before" "$tmp/stopped" || fail "$way: modes while it was stopped"
	keys x
	wait_for ' 120$' "$way, fg"
	case $way in
	key) keys q; wait_for '^ended by 0' "$way" ;;
	signal) keys 1; wait_for '^spacescope-tui: crashed' "$way" ;;
	esac
	[ "$(modes)" = '0 1 0 0' ] || fail "$way, at the end: left behind: $(modes)"
	keys clear Enter
	$pane resize-window -t test -x 100 -y 40
done

# Stopped, then told to go: it doesn't wait for the terminal.
keys "$tool" Enter
wait_for '^size'
keys C-z
wait_for Stopped
keys 'kill %1; wait; echo "gone: $?"' Enter
wait_for '^gone: ' 'kill %1'
[ "$(modes)" = '0 1 0 0' ] || fail "kill %1: $(modes)"
finish
