#!/bin/bash
# Results that can't be written are an error: a full disk, a closed pipe, no stdout at all.
. "$(dirname "$0")/../lib.sh"
unpack bitmaps
image=$tmp/bitmaps.img
mkfifo "$tmp/pipe"
exec 3<>"$tmp/pipe" 4>"$tmp/pipe" 3<&- # descriptor 4: a pipe that has no reader any more
group=$("$program" --format json groups "$image" | jq '[.block_groups[] | select(.cache)][0].bytenr')
for arguments in "super" "groups" "cache --group $group" "diff" "validate" "tree --root root" "explain cache-crc" --help --version; do
	for format in text json; do
		line=(--format $format)
		# shellcheck disable=SC2206
		line+=($arguments)
		case $arguments in
		explain* | --*) ;;
		*) line+=("$image") ;;
		esac
		status=0
		"$program" "${line[@]}" >/dev/full 2>"$tmp/err" || status=$?
		if [ "$arguments" = diff ] && [ "$format" = text ] && [ ! -s <("$program" "${line[@]}") ]; then
			continue # nothing to say, nothing to lose
		fi
		expect 2 "$arguments as $format on a full disk"
		expect_sentence "$arguments as $format on a full disk"
		status=0
		"$program" "${line[@]}" >&4 2>"$tmp/err" || status=$?
		expect 2 "$arguments as $format into a closed pipe"
	done
done
status=0
"$program" groups "$image" >&- 2>"$tmp/err" || status=$?
expect 2 "stdout closed"
finish
