#!/bin/bash
# SPDX-License-Identifier: MIT
# validate over several images: 2 beats 1 beats 0, and no image hides the others.
. "$(dirname "$0")/../lib.sh"
unpack clean
unpack stale-label
good=$tmp/clean.img broken=$tmp/stale-label.img none=$tmp/none.img
head -c 100000 /dev/zero >"$none"

run validate "$good"
expect 0 "a clean image"
[ "$(sed -n 1p "$tmp/out")" = "$good: clean  0 danger, 0 error, 0 warning" ] || fail "a clean image's line: $(cat "$tmp/out")"
run validate "$broken"
expect 1 "a bad image"
grep -q "^$broken: findings  [1-9][0-9]* danger, " "$tmp/out" || fail "a bad image's line: $(cat "$tmp/out")"
grep -qE '^  danger +[a-z-]+ +block group [0-9]+: ' "$tmp/out" || fail "a bad image's findings: $(cat "$tmp/out")"
run validate "$none"
expect 2 "no btrfs"
expect_sentence "no btrfs"
grep -q "^$none: unreadable" "$tmp/out" || fail "an unreadable image's line: $(cat "$tmp/out")"
[ "$(wc -l <"$tmp/out")" = 1 ] || fail "an unreadable image has more than its line"

run validate "$good" "$broken"
expect 1 "clean and bad"
run validate "$broken" "$good"
expect 1 "bad and clean"
run validate "$none" "$broken" "$tmp/missing" "$good"
expect 2 "all kinds"
[ "$(grep -oE '^[^ ].*: (clean|findings|unreadable)' "$tmp/out" | sed 's/.*: //' | tr '\n' ' ')" = "unreadable findings unreadable clean " ] ||
	fail "results of all kinds: $(cat "$tmp/out")"
[ "$(wc -l <"$tmp/err")" = 2 ] || fail "two unreadable images, but on stderr: $(cat "$tmp/err")"

# The same in JSON and NDJSON.
for format in json ndjson; do
	run --format $format validate "$none" "$broken" "$tmp/missing" "$good"
	expect 2 "all kinds as $format"
	cp "$tmp/out" "$tmp/$format"
done
[ "$(jq -c '[.images[].result]' "$tmp/json")" = '["unreadable","findings","unreadable","clean"]' ] || fail "results in JSON"
[ "$(jq -c '[.images[].path]' "$tmp/json")" = "[\"$none\",\"$broken\",\"$tmp/missing\",\"$good\"]" ] || fail "paths in JSON"
jq -e '.images | all((.result == "unreadable") == (.error != null))' "$tmp/json" >/dev/null || fail "errors in JSON"
jq -e '.summary | .images == 4 and .clean == 1 and .findings == 1 and .unreadable == 2 and .danger > 0' "$tmp/json" >/dev/null ||
	fail "the summary: $(jq -c .summary "$tmp/json")"
[ "$(jq -r .type "$tmp/ndjson" | uniq | tr '\n' ' ')" = "header image block_group finding image block_group image summary " ] ||
	[ "$(jq -r .type "$tmp/ndjson" | sort -u | tr '\n' ' ')" = "block_group finding header image summary " ] || fail "types of NDJSON"
[ "$(jq -r .type "$tmp/ndjson" | sed -n '1p;$p' | tr '\n' ' ')" = "header summary " ] || fail "NDJSON's first and last line"
[ "$(jq -c 'select(.type == "block_group").block_group' "$tmp/ndjson")" = "$(jq -c '.images[].block_groups[]' "$tmp/json")" ] ||
	fail "NDJSON has other block groups than JSON"
[ "$(jq -c 'select(.type == "finding").finding' "$tmp/ndjson")" = "$(jq -c '.images[].findings[]' "$tmp/json")" ] ||
	fail "NDJSON has other findings than JSON"
[ "$(jq -c 'select(.type == "summary") | del(.type)' "$tmp/ndjson")" = "$(jq -c .summary "$tmp/json")" ] ||
	fail "NDJSON has another summary than JSON"

# Quiet: a line each; verbose: notes too.
run -q validate "$broken" "$good"
[ "$(wc -l <"$tmp/out")" = 2 ] || fail "-q prints more than a line for an image"
finish
