#!/bin/bash
# SPDX-License-Identifier: MIT
# Every sample against what the kernel, btrfs-progs and the hand-written part of its expectation say (samples/README.md).
. "$(dirname "$0")/../lib.sh"

# The same facts, whichever command is asked.
same() { # NAME WHAT FILTER COMMAND
	run --format json "$4" "$samples/$file"
	[ "$status" = 0 ] || fail "$1: $4 ends with $status: $(head -c 200 "$tmp/err")"
	jq -c "$3" "$tmp/out" >"$tmp/one"
	jq -c ".images[0] | $3" "$tmp/validate" >"$tmp/other"
	cmp -s "$tmp/one" "$tmp/other" || fail "$1: $4 and validate differ about $2"
}

count=0
for expected in "$samples"/expect/*.json; do
	name=$(basename "$expected" .json)
	file=$(jq -r .file "$expected")
	run --format json validate "$samples/$file"
	expect "$(jq .exit "$expected")" "$name"
	cp "$tmp/out" "$tmp/validate"
	jq -rn --slurpfile report "$tmp/validate" --slurpfile others "$expected" \
		"\$report[0].images[0] as \$said | \$others[0] as \$others | $(cat "$top/tests/cli/agree.jq")" >"$tmp/differences" ||
		fail "$name: no comparison"
	[ ! -s "$tmp/differences" ] || fail "$name:
$(sed 's/^/  /' "$tmp/differences")"
	same "$name" "block groups" .block_groups groups
	same "$name" "the filesystem" .filesystem super
	count=$((count + 1))
done
[ "$count" -ge 30 ] || fail "only $count samples"
for file in "$samples"/*.zst "$samples"/*.xz; do
	jq -e --arg file "${file##*/}" -n 'any(inputs; .file == $file)' "$samples"/expect/*.json >/dev/null ||
		fail "nothing is expected of ${file##*/}"
	[ "$(stat -c %s "$file")" -lt 100000 ] || fail "${file##*/} is over 100 KB"
done
finish
