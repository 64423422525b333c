#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/tui/exports.sh [SAMPLE...]: what the browser exports as JSON is the document that the command of the same name writes about the image.
. "$(dirname "$0")/../tui.sh"
[ $# != 0 ] || side_by_side 'misplaced bitmaps-mixed crash-pages' 'raid1-copies-differ unreadable tree-block-copy' \
	'v2-excess stale-label old-format' 'crash-wrap raid10 mixed'

# export_by KEY...: goes there, and writes the file whose name is offered.
export_by() {
	tui_keys "$@" && tui_settle && tui_keys e && tui_settle && tui_keys Enter && tui_settle
}

# export_all KEY...: the same with all rows, not those shown.
export_all() {
	tui_keys "$@" && tui_settle && tui_keys e Tab Right && tui_settle && tui_keys Enter && tui_settle
}

# same_as COMMAND...: what was exported of $sample and what the command writes about it.
same_as() {
	local file
	for file in "$sample.$1.json" "$1.json"; do
		[ ! -e "$file" ] || break
	done
	[ -s "$file" ] || { fail "$sample: $1 was not written: $(screen | tail -n 2 | head -n 1)"; return; }
	"$program" --format json "$@" "samples/$sample.tar.zst" 2>/dev/null | jq -S . >"$tmp/expected"
	[ -s "$tmp/expected" ] || fail "$sample: $* writes nothing"
	jq -S . "$file" >"$tmp/exported" || fail "$sample: $file is no JSON"
	diff "$tmp/expected" "$tmp/exported" >"$tmp/diff" || fail "$sample: not what '$*' writes: $(head -n 20 "$tmp/diff")"
	rm -f "$file"
}

images=("${@/#/samples/}")
tui_start 80x24 screen-256color "${images[@]/%/.tar.zst}" || finish
for sample in "$@"; do
	export_all 1 G
	last=$(jq '.block_groups[-1].bytenr' "$sample.groups.json")
	same_as groups
	export_by 3
	same_as cache --group "$last"
	export_all 5
	same_as diff
	export_by 8
	same_as validate
	tui_keys 6 : && tui_type root
	export_by Enter
	same_as tree --root root
	tui_keys 7 Enter && tui_settle
	if screen | grep -qF '[Plan]'; then
		export_by x Esc
		same_as rewrite --dry-run
	fi
	[ "$bad" = 0 ] || break
	tui_keys '>'
	tui_settle || break
done
tui_end
finish
