#!/bin/bash
# SPDX-License-Identifier: MIT
# Saved reports of every sample, read into records and made again, are what they were; so are those that jq went over.
. "$(dirname "$0")/../lib.sh"
again=$tools/report_again

# What report_again should print of a document: groups, diff and cache have one image, validate has several.
as_images='def one($command): {path: .image.path, command: $command, error: null, size: .image.size, filesystem, block_groups, findings};
	{cut: false, images: (
		if .command == "validate" then [.images[] | {path, command: "validate", error: (if .error then .error.message else null end),
			size: null, filesystem, block_groups, findings}]
		elif .command == "cache" then [.block_groups = [.block_group] | one("cache")]
		else [one(.command)] end)}'

# again FILE WHAT: the report in FILE comes back; leaves $tmp/again.
again() {
	"$again" "$1" >"$tmp/again" 2>"$tmp/err" || fail "$2: $(cat "$tmp/err")"
	jq -S "$as_images" "$1" >"$tmp/want"
	jq -S . "$tmp/again" | diff "$tmp/want" - >"$tmp/difference" || fail "$2: comes back otherwise: $(head -n 8 "$tmp/difference")"
}

count=0
for file in "$samples"/*.tar.zst; do
	name=$(basename "$file" .tar.zst)
	for command in groups diff validate; do
		run --format json $command "$file"
		[ -s "$tmp/out" ] || fail "$name: $command prints nothing: $(cat "$tmp/err")"
		mv "$tmp/out" "$tmp/report"
		again "$tmp/report" "$command of $name"
	done
	# The same judgement as lines. The report is validate's.
	run --format ndjson validate "$file"
	"$again" "$tmp/out" 2>&1 | cmp -s - "$tmp/again" || fail "$name: NDJSON gives other records than JSON"
	count=$((count + 1))
done
[ "$count" -ge 80 ] || fail "only $count samples"

# One block group, by cache and by diff.
file=$samples/crc-bitmap.tar.zst
group=$(jq '[.block_groups[] | select(.header)][0].bytenr' "$samples/expect/crc-bitmap.json")
for command in "cache --hex" diff; do
	# shellcheck disable=SC2086
	run --format json $command --group "$group" "$file"
	cp "$tmp/out" "$tmp/report"
	again "$tmp/report" "$command of one block group"
	[ "$(jq -c '.images[0].block_groups | map(.bytenr)' "$tmp/again")" = "[$group]" ] || fail "$command: not one block group"
done

# Several images in a report, one of them unreadable, and one named twice.
head -c 100000 /dev/zero >"$tmp/nothing"
for format in json ndjson; do
	run --format $format validate "$samples/clean.tar.zst" "$tmp/nothing" "$file" "$samples/clean.tar.zst"
	expect 2 "validate of four"
	cp "$tmp/out" "$tmp/report.$format"
done
again "$tmp/report.json" "four images"
[ "$("$again" "$tmp/report.ndjson")" = "$(cat "$tmp/again")" ] || fail "four images: NDJSON gives other records than JSON"
[ "$(jq -c '.images | map(.error != null)' "$tmp/again")" = "[false,true,false,false]" ] || fail "the unreadable image is not told"

# The order of members and the spaces between them say nothing, nor do members that a newer version adds. (Those of a
# finding's details are of any name.)
newer='walk(if type == "object" then . + {later: [{a: 1}, -1.5e9, "\""]} | if .details then del(.details.later) else . end else . end)'
run --format json diff "$samples/v2.tar.zst"
for report in "$tmp/out" "$tmp/report.json"; do
	"$again" "$report" >"$tmp/want"
	for change in "-S ." "-c ." "-S -c ." "--tab ." "to_entries|reverse|from_entries" \
		'walk(if type == "object" then to_entries | reverse | from_entries else . end)' "$newer"; do
		case $change in
		-*) read -ra filter <<<"$change" ;;
		*) filter=("$change") ;;
		esac
		{ printf '\n \t'; jq "${filter[@]}" "$report"; } >"$tmp/changed"
		"$again" "$tmp/changed" 2>&1 | jq -S . | cmp -s - <(jq -S . "$tmp/want") ||
			fail "other records after jq $change: $("$again" "$tmp/changed" 2>&1 | head -c 300)"
	done
done
finish
