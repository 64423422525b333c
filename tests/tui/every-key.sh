#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/tui/every-key.sh [SCREENS]: every action of the table, on every screen that has it, is seen to do something, by
# each of its keys; keys that are not in the table do nothing.
. "$(dirname "$0")/../tui.sh"
[ $# != 0 ] || side_by_side OM CB DT RF
letters=OMCBDTRF
names=(Overview Map Cache Bytes Diff Tree Rewrite Findings)
wanted=$1

start() {
	tui_start 80x24 screen-256color samples/stale-label.tar.zst samples/misplaced.tar.zst
}

# reset: nothing is open, and to the screen, from another one, at the first block group with a danger.
reset() {
	local other=8
	[ "$digit" != 8 ] || other=1
	tui_keys Esc Esc 1 g . "$other" "$digit"
	tui_settle || return
	if [ "$screen" = Rewrite ] && screen | grep -qF '[Plan]'; then
		tui_keys Backspace
		tui_settle
	fi
}

# on NAME: that screen is shown.
on() {
	head -n 1 "$tmp/plain.txt" | grep -qF "[$1]"
}

# shows PATTERN
shows() {
	grep -q -e "$1" "$tmp/plain.txt"
}

# changed: marks and colours count too.
changed() {
	! cmp -s "$tmp/before.txt" "$tmp/after.txt"
}

# what an action is seen by: its setup, and what must be true behind the key.
setup_of() {
	case $1 in
	forward) echo '[' ;;
	target) echo Enter ;; # Rewrite: in the plan
	next-wrong | next-sibling) echo g ;;
	up | page-up | first | previous-wrong | next-pane | previous-pane | previous-sibling) echo G ;;
	last | page-down | down) echo g ;;
	previous-field) echo 'Tab Tab' ;;
	line-start) echo 'Right Right' ;;
	left) echo 'l' ;; # where columns are hidden
	search-next | search-previous) echo '/ 0 0 Enter' ;;
	mark-none) echo 'u a' ;;
	mark-all) echo u ;;
	fold) echo '+' ;;
	unfold) echo '-' ;;
	open) [ "$screen" != Bytes ] || echo Tab ;;
	zoom-out) echo '+' ;;
	cancel) echo ']' ;;
	esac
}

seen() {
	case $1 in
	screen-?) on "${1#screen-}${names[${1#screen-} - 1]}" ;;
	forward) on "$digit$screen" ;;
	next-image | previous-image) head -n 1 "$tmp/plain.txt" | grep -q '^ 2/2 ' ;;
	search) shows '^ /' && shows Keep ;;
	go) shows '^ :' && shows Go ;;
	filter) shows '^ filter: ' && shows Keep ;;
	help) shows '^ help: keys' ;;
	why) shows ' why: ' ;;
	export) shows ' export: ' ;;
	redraw) on "$digit$screen" ;;
	*) changed ;;
	esac
}

# nothing_there ACTION: what this screen has nothing for: hidden columns.
nothing_there() {
	case $1:$letter in
	left:[CDTRF] | right:[CDTRF]) true ;;
	*) false ;;
	esac
}

# press ACTION KEY
press() {
	local action=$1 key=$2 keys
	reset || return
	read -r -a keys <<<"$(setup_of "$action")"
	if [ ${#keys[@]} -gt 0 ]; then
		tui_keys "${keys[@]}"
		tui_settle || return
	fi
	tui_colours >"$tmp/before.txt"
	tui_keys "$key"
	case $action in
	quit)
		tui_ended 0 "$screen, $key"
		start
		return ;;
	esac
	tui_settle || return
	tui_colours | tee "$tmp/after.txt" | sed 's/\\e\[[0-9;]*m//g' >"$tmp/plain.txt"
	case $action in next-image | previous-image) tui_keys "$key" ;; esac
	seen "$action" || fail "$screen, ${keys[*]} $key: $action is not seen; it is: $(grep -v '^$' "$tmp/plain.txt")"
}

mapfile -t table < <("$tools/tui_actions")
[ ${#table[@]} -gt 50 ] || fail "the action table has only ${#table[@]} rows"
# Keys that are also an earlier row's, there: the first row that fits counts.
start
for ((i = 0; i < ${#wanted}; i++)); do
	letter=${wanted:i:1}
	at=${letters%"$letter"*}
	digit=$((${#at} + 1)) screen=${names[${#at}]}
	taken=' '
	nth=0
	for row in "${table[@]}"; do
		IFS=$'\t' read -r action keys screens _ <<<"$row"
		case $screens in *"$letter"* | '*'*) ;; *) continue ;; esac
		[ "$action" != suspend ] || continue # ways-out.sh
		! nothing_there "$action" || continue
		first=1
		for key in $keys; do
			nth=$((nth + 1))
			[[ $taken != *" $key "* ]] || continue
			taken="$taken$key "
			# the first key everywhere, the others on a screen each
			[ -n "$first" ] || [ $((nth % 8)) = $((digit - 1)) ] || continue
			first=
			press "$action" "$key" || break 3
		done
	done
	reset
	tui_colours >"$tmp/before.txt"
	for key in z Z b M '&' F5 F9; do
		[[ $taken != *" $key "* ]] || fail "$key is in the table now: take another one"
		tui_keys "$key"
	done
	tui_settle
	tui_colours | tee "$tmp/after.txt" | sed 's/\\e\[[0-9;]*m//g' >"$tmp/plain.txt"
	! changed || fail "$screen: keys that are in no table do something: $(diff "$tmp/before.txt" "$tmp/after.txt")"
done
tui_end
finish
