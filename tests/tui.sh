# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the browser's tests: the real program in one pane of a tmux of their own (see tmux.sh), in a folder of
# their own, where `samples` leads to the samples. All waiting is for something to happen, with a limit.
. "${BASH_SOURCE%/*}/lib.sh"
. "${BASH_SOURCE%/*}/tmux.sh"
browser=$build/spacescope-tui
limit=${TUI_LIMIT:-60} # seconds, for a screen to become still
place=$tmp/place
mkdir "$place"
ln -s "$samples" "$place/samples"
export ASAN_OPTIONS=log_path=$tmp/sanitizer:detect_leaks=1:fast_unwind_on_malloc=0:allocator_may_return_null=1
export UBSAN_OPTIONS=log_path=$tmp/sanitizer:print_stacktrace=1
self=$(realpath "$0")
cd "$place" || exit 2

# side_by_side WORDS...: this script once for each, with these words; most of the time of such tests is waiting.
side_by_side() {
	local words run runs=()
	for words in "$@"; do
		# shellcheck disable=SC2086
		bash "$self" $words & runs+=($!)
	done
	for run in "${runs[@]}"; do
		wait "$run" || bad=1
	done
	finish
}

# What runs in the pane: leaves the program's process, its exit status and what it says on stderr in files.
# shellcheck disable=SC2016
in_pane='dir=$1; shift; stty -g >"$dir/before"; sh -c "echo \$\$ >\"$dir/pid\"; exec \"\$@\"" sh "$@" 2>"$dir/err"
	echo $? >"$dir/status"; stty -g >"$dir/after"'

# tui_launch COLSxROWS TERM [VARIABLE=VALUE...] ARGUMENT...: the browser with these arguments.
tui_launch() {
	local size=$1 term=$2 variables=()
	shift 2
	while [[ ${1-} == *=* ]]; do variables+=("$1"); shift; done
	rm -f "$tmp/pid" "$tmp/status" "$tmp/err" "$tmp/before" "$tmp/after"
	open_pane "${size%x*}" "${size#*x}" env -u COLORTERM LC_ALL=C.UTF-8 TZ=UTC TERM="$term" TMPDIR="$tmp" "${variables[@]}" \
		sh -c "$in_pane" sh "$tmp" "$browser" "$@"
	wait_file "$tmp/pid" || return
	pid=$(<"$tmp/pid")
	IFS=' ' read -r tty server <<<"$($pane set -g automatic-rename off \; display -p -t test '#{pane_tty} #{pid}')"
}

# tui_start: the same, and waits until it is still.
tui_start() {
	tui_launch "$@" && tui_settle
}

# Until all keys are taken and nothing works on: the picture is what the keys have made. Fails when the program ended.
tui_settle() {
	local line code=0
	SECONDS=0
	while [ "$SECONDS" -lt "$limit" ]; do
		code=0
		"$tools/still" "$limit" "$tty" "$pid" "$server" || code=$?
		[ $code = 0 ] || break
		line=$(screen | tail -n 2 | head -n 1)
		[[ $line =~ (judged|planning|reading|comparing|committing)\ [0-9]|(judging|planning|reading|comparing|committing)$ ]] || return 0
	done
	case $code in
	3) fail "the program has ended: status $(cat "$tmp/status" 2>/dev/null), $(head -c 600 "$tmp/err")" ;;
	*) fail "the screen is not still after $limit s:" ;;
	esac
	screen | grep -v '^$'
	return 1
}

# tui_keys KEY...: keys by their names in the action table, or one character each; sent at once.
tui_keys() {
	local key sent=()
	for key in "$@"; do
		case $key in
		Backspace) key=BSpace ;;
		PgUp) key=PPage ;;
		PgDn) key=NPage ;;
		Shift-Tab) key=BTab ;;
		Esc) key=Escape ;;
		Delete) key=DC ;;
		Ctrl-?) key=C-$(tr '[:upper:]' '[:lower:]' <<<"${key#Ctrl-}") ;;
		\;) key='\;' ;;
		esac
		sent+=("$key")
	done
	keys "${sent[@]}"
}

# tui_type TEXT: character by character.
tui_type() {
	keys -l -- "$1"
}

# tui_resize COLSxROWS: and waits until the program's terminal has that size; tmux puts off what comes too soon.
tui_resize() {
	local i
	$pane resize-window -t test -x "${1%x*}" -y "${1#*x}"
	for i in $(seq 500); do
		[ "$(stty -F "$tty" size)" = "${1#*x} ${1%x*}" ] && return
		sleep 0.02
	done
	fail "the terminal never became $1"
}

# The screen as it is, without what is empty at the end of lines.
tui_screen() {
	screen | sed 's/ *$//'
}

# The same with colours and marks, as escape sequences, \e for the escape character.
tui_colours() {
	$pane capture-pane -e -p -t test | sed -e 's/\x1b/\\e/g' -e 's/ *$//'
}

# Alternate screen, cursor, mouse: as the terminal has them.
tui_modes() {
	$pane display -p -t test '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}'
}

# tui_ended STATUS WHAT: waits until the program has ended, with this status, the terminal given back, nothing on stderr
# (but for what `allowed` matches) and nothing from the sanitizers.
tui_ended() {
	local ended
	wait_file "$tmp/after" || { fail "$2: the program lives on:"; screen | grep -v '^$'; return 1; }
	ended=$(<"$tmp/status")
	[ "$ended" = "$1" ] || fail "$2: exit status $ended, not $1: $(head -c 1000 "$tmp/err")"
	[ "$(tui_modes)" = '0 1 0 0' ] || fail "$2: alternate screen, cursor, mouse and keys were left $(tui_modes)"
	cmp "$tmp/before" "$tmp/after" || fail "$2: the terminal's modes have changed"
	if grep -qv -e "${allowed:-^\$}" "$tmp/err"; then fail "$2: on stderr: $(head -c 1000 "$tmp/err")"; fi
	tui_sanitizers "$2"
}

# What address and undefined behaviour sanitizers said.
tui_sanitizers() {
	local report
	for report in "$tmp"/sanitizer.*; do
		[ -e "$report" ] || continue
		fail "$1: $(head -n 40 "$report")"
		rm -f "$report"
	done
}

# tui_end [STATUS]: leaves boxes and prompts, then the program.
tui_end() {
	tui_keys Esc
	tui_settle || return
	tui_keys Esc
	tui_settle || return
	tui_keys q
	tui_ended "${1:-0}" q
}
