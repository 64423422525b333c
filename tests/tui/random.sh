#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/tui/random.sh [SEED [COUNT]]: random keys, words in prompts, mouse reports and resizes, on samples in turn: no
# fault, no sanitizer report, nothing is written to an image. 5000 with sanitizers, 1000 without, when not told. One
# seed is one sequence: what failed can be seen again.
. "$(dirname "$0")/../tui.sh"
count=1000
nm "$browser" | grep -q __asan_init && count=5000
seed=${1:-1} count=${2:-$count}
RANDOM=$seed

chosen=(misplaced bitmaps-mixed crash-pages raid1-copies-differ unreadable tree-block-copy v2-excess stale-label bitmaps-many
	old-format crash-wrap super-mirror node-64k mixed outside full-wrong)
sizes=(80x24 40x10 120x40 1x1 300x100 10x3 60x17 200x60)
terms=(screen-256color xterm-256color vt100 linux screen tmux-256color)
texts=(138014720 0x2000000 4g +0x48 extent '257 108 0' 'page 0' 'entry 1' q danger 'data !written' need excess 'x: 00 f0' ROOT
	'Größe ›' '漢字漢字' '%s%n' 'moved' report.json rewrite 99 'bytes' 18446744073709551615 -1)
mapfile -t table < <("$tools/tui_actions" | cut -f2 | tr ' ' '\n' | sort -u | grep -vx -e 'q' -e 'F10' -e 'Ctrl-C' -e 'Ctrl-Z')
[ ${#table[@]} -ge 55 ] || fail "the action table has only ${#table[@]} keys"
common=(Up Down Left Right PgUp PgDn Enter Enter Backspace Tab Esc)

# one of the words: into $one.
one_of() {
	local words=("$@")
	one=${words[RANDOM % ${#words[@]}]}
}

# press NUMBER: so many random keys as tmux knows them; the rare `q` ends the program when no box is open.
press() {
	local i roll
	batch=()
	for ((i = 0; i < $1; i++)); do
		roll=$((RANDOM % 100))
		if [ $roll -lt 45 ]; then one_of "${table[@]}"
		elif [ $roll -lt 75 ]; then one_of "${common[@]}"
		elif [ $roll -lt 88 ]; then one=$((1 + RANDOM % 8))
		elif [ $roll -lt 99 ]; then one=Esc
		else one=q
		fi
		batch+=("$one")
	done
	tui_keys "${batch[@]}"
}

# A prompt, words, and its end; or a click somewhere.
prompt() {
	local text
	one_of "${texts[@]}"
	text=$one
	one_of / : f e
	batch=("$one" "$text")
	tui_keys "$one"
	tui_type "$text"
	one_of Enter Esc Tab Up Backspace
	batch+=("$one")
	tui_keys "$one"
}

click() {
	local button=$((RANDOM % 3 ? 32 : 96 + RANDOM % 2)) report
	printf -v report '\\e[M\\x%x\\x%x\\x%x' $button $((33 + RANDOM % 80)) $((33 + RANDOM % 24))
	batch=("$report")
	printf -v report '%b' "$report"
	tui_type "$report"
}

# The program ends only when it is asked to, and then well.
alive() {
	kill -0 "$pid" 2>/dev/null && return
	tui_ended 0 "the end" || return 1
	running=
}

# Ends the program, unless one of the last keys has.
leave() {
	[ "$running" ] || return 0
	"$tools/still" "$limit" "$tty" "$pid"
	alive || return
	[ -z "$running" ] || tui_end
	running=
}

images=$(sha256sum samples/*.zst)
log=$tmp/pressed
pressed=0 running=
set -- "${chosen[@]}"
while [ $pressed -lt "$count" ] && [ "$bad" = 0 ]; do
	if [ -z "$running" ]; then
		one_of "${sizes[@]}"; size=$one
		one_of "${terms[@]}"
		echo "samples/$1 $one $size" >"$log"
		tui_start "$size" "$one" "samples/$1.tar.zst" "samples/$2.tar.zst" || break
		shift
		[ $# -gt 1 ] || set -- "${chosen[@]}"
		running=1
	fi
	case $((RANDOM % 8)) in
	0) prompt; pressed=$((pressed + 6)) ;;
	1) click; pressed=$((pressed + 1)) ;;
	2) one_of "${sizes[@]}"; batch=("$one"); $pane resize-window -t test -x "${one%x*}" -y "${one#*x}" ;;
	*) press 30; pressed=$((pressed + 30)) ;;
	esac
	echo "${batch[*]}" >>"$log"
	[ $((RANDOM % 6)) != 0 ] || "$tools/still" "$limit" "$tty" "$pid"
	alive || break
	[ $((RANDOM % 25)) != 0 ] || leave # a sample has some hundred keys
done
[ "$bad" != 0 ] || leave
[ "$bad" = 0 ] || { echo "again: tests/tui/random.sh $seed $count; the last of $pressed keys:"; head -n 1 "$log"; tail -n 12 "$log"; }
[ "$images" = "$(sha256sum samples/*.zst)" ] || fail "an image was written to"
left=$(find "$tmp" -mindepth 1 -maxdepth 1 ! -name place ! -name 'tmux.*' -printf '%f\n' | LC_ALL=C sort | tr '\n' ' ')
[ "$left" = 'after before bytes err pane.sh pid pressed status ' ] || fail "files were left: $left"
finish
