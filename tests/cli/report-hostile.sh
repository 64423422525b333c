#!/bin/bash
# SPDX-License-Identifier: MIT
# Saved reports from strangers: cut, with values of other types, out of order, huge. Each is read, or refused in a sentence
# that says what and where; nothing crashes, and what is passed over takes no time and no memory.
. "$(dirname "$0")/../lib.sh"
again=$tools/report_again

# refused FILE TEXT WHAT: reading it ends with one line that holds TEXT.
refused() {
	local status=0
	timeout 60 "$again" -q "$1" >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = 2 ] || fail "$3: exit status $status, not 2: $(head -c 300 "$tmp/err")"
	expect_sentence "$3"
	grep -qF -- "$2" "$tmp/err" || fail "$3: not said '$2': $(head -c 300 "$tmp/err")"
}

# taken FILE FILTER WHAT: it is read, and FILTER holds of the records.
taken() {
	timeout 60 "$again" "$1" >"$tmp/out" 2>"$tmp/err" || fail "$3: refused: $(head -c 300 "$tmp/err")"
	jq -e "$2" "$tmp/out" >/dev/null || fail "$3: not so: $2: $(head -c 300 "$tmp/out")"
}

# A report with one of everything: copies, kernels that crash, holders of both kinds, both kinds of differences.
for name in crash-wrap stale-label raid1-copy-wrong v2-excess misplaced bitmaps; do
	run --format json diff "$samples/$name.tar.zst"
	mv "$tmp/out" "$tmp/$name.json"
done
# Addresses are moved apart, so that block groups of different filesystems can stand in one list.
jq -n '[foreach inputs as $report (0; . + 1; (. * 68719476736) as $move |
	($report.block_groups | map(select(.ranges != [])) + map(select(.copies != [])) + . | .[0]) as $group |
	{group: ($group | .bytenr += $move),
	findings: [$report.findings[] | select(.block_group == $group.bytenr or .block_group == null) | .block_group |= (if . then . + $move else . end)]})] |
	{block_groups: map(.group), findings: map(.findings[])}' \
	"$tmp"/*.json >"$tmp/chosen"
jq --slurpfile chosen "$tmp/chosen" '.block_groups = $chosen[0].block_groups | .findings = $chosen[0].findings' \
	"$tmp/crash-wrap.json" >"$tmp/whole"
taken "$tmp/whole" '.images[0] | .block_groups | length > 3 and any(.copies != []) and any(.crash_kernels != []) and
	any(.free_space_tree) and any(.cache) and ([.[].ranges[].held_by.kind] | unique) == [null, "data", "tree_block"]' "the report"

# ---- cut at every 97th byte, and at each of the last

size=$(stat -c %s "$tmp/whole")
mkdir "$tmp/cut"
for ((at = 0; at < size; at += 97)); do
	head -c "$at" "$tmp/whole" >"$tmp/cut/$at"
done
for ((at = size - 90; at < size - 1; at++)); do # the last byte is a newline
	head -c "$at" "$tmp/whole" >"$tmp/cut/$at"
done
status=0
"$again" -q "$tmp"/cut/* >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] || fail "cut reports: exit status $status"
n=$(find "$tmp/cut" -type f | wc -l)
# A word of JSON that is cut (nul) is no JSON.
[ "$(grep -cE ": line [0-9]+: the file ends before the report does\$|: not a report\$|: not JSON of a report: invalid token near '[a-z]+'\$" "$tmp/err")" = "$n" ] ||
	fail "of $n cut reports not all are refused as such: $(grep -vE 'the file ends' "$tmp/err" | head -n 5)"

# ---- every value replaced by another, and every member left out

# changed FILTER: the report once for each value in it, changed so; the files' names in $tmp/names with the values' paths.
changed() {
	rm -rf "$tmp/changed" && mkdir "$tmp/changed"
	jq -c "paths as \$p | $1" "$tmp/whole" | (cd "$tmp/changed" && split -a 5 -d -l 1 -)
	jq -r 'paths | map(tostring) | join(".")' "$tmp/whole" >"$tmp/paths"
	[ "$(find "$tmp/changed" -type f | wc -l)" = "$(wc -l <"$tmp/paths")" ] || fail "$1: not one file for each value"
	status=0
	timeout 300 "$again" -q "$tmp"/changed/* >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = 0 ] || [ "$status" = 2 ] || fail "$1: exit status $status: $(tail -n 3 "$tmp/err" | head -c 600)"
	# Which of them were refused, by line.
	sed -n 's|^.*/changed/x\([0-9]*\): .*|\1|p' "$tmp/err" | awk '{print $1 + 1}' | sort -n -u >"$tmp/refused"
	[ "$(wc -l <"$tmp/err")" = "$(wc -l <"$tmp/refused")" ] || fail "$1: not one line for each that is refused: $(head -c 600 "$tmp/err")"
	awk 'NR == FNR {bad[$1]; next} !(FNR in bad)' "$tmp/refused" "$tmp/paths" >"$tmp/read"
}

# What a report may say of itself, or leave out, without harm.
free='^(__header\.tool|image\.devices(\..*)?|findings(\.[0-9]+\.details(\.[^.]*)?)?|block_groups\.[0-9]+(\.crash_kernels|\.copies)?)$'
for value in '{}' '[]' 'true' 'null' '-1' '0.5' '"x"' '"0xffffffffffffffff"' '0'; do
	changed "setpath(\$p; $value)"
	grep -vE "$free" "$tmp/read" | sed 's/\.[0-9]\+//g' | sort -u >"$tmp/kept"
	case $value in
	'{}' | '[]' | true | -1 | 0.5)
		# Each is the right type for few: what is an object or array itself, may be empty, or is a flag.
		odd=$(grep -vxE 'filesystem\.(incompat_flags|compat_ro_flags)|block_groups|block_groups\.(type|ranges|recomputed|cache|free_space_tree\.valid)' "$tmp/kept")
		[ -z "$odd" ] || fail "$value is taken for: $odd" ;;
	null)
		odd=$(grep -vxE 'image|filesystem(\.(fsid|metadata_uuid|log_root|cache_generation))?|block_groups\.(used|profile|step|reason|cache|recomputed|compare|free_space_tree)|block_groups\.cache\.(inode_generation|page_generation|declared_bytes|format)|block_groups\.(compare|free_space_tree)\.(relation|excess_bytes|missing_bytes)|block_groups\.copies\.step|block_groups\.ranges\.held_by(\.objectid)?|findings\.(code|block_group)|findings\.details' "$tmp/kept")
		[ -z "$odd" ] || fail "null is taken for: $odd" ;;
	'"x"')
		odd=$(grep -vxE 'image\.path|filesystem\.label|block_groups\.(reason|crash_kernels|cache\.format)|findings\.(code|message)' "$tmp/kept")
		[ -z "$odd" ] || fail "a text is taken for: $odd" ;;
	esac
done

changed 'delpaths([$p])'
grep -vE "$free|\.[0-9]+$" "$tmp/read" | sed 's/\.[0-9]\+//g' | sort -u >"$tmp/kept"
odd=$(grep -vxE 'filesystem\.(incompat_flags|compat_ro_flags)|block_groups\.(type|ranges|cache\.format|recomputed\.largest|ranges\.held_by\.(bytenr|length))' "$tmp/kept")
[ -z "$odd" ] || fail "these can be missing: $odd"

# ---- numbers at their ends

# edit FILTER: the report after jq, in $tmp/edited.
edit() {
	jq "$1" "$tmp/whole" >"$tmp/edited"
}
edit '.filesystem.generation = "0xfffffffffffffffe" | .image.size = "0x8000000000000000"'
taken "$tmp/edited" '.images[0] | .filesystem.generation == "0xfffffffffffffffe" and .size == "0x8000000000000000"' "numbers above 2^63"
for odd in 0x7fffffffffffffff 0x0000000000000001 0xFFFFFFFFFFFFFFFF 0xfffffffffffffff 0x0xffffffffffffff 18446744073709551615; do
	edit ".filesystem.generation = \"$odd\""
	refused "$tmp/edited" "'filesystem.generation' is a text" "the number $odd"
done
sed 's/"generation": [0-9]*,/"generation": 9223372036854775808,/' "$tmp/whole" >"$tmp/edited"
refused "$tmp/edited" "too big integer" "a number that jansson can't hold"
edit '.block_groups[1].length = "0xffffffffffffffff"'
refused "$tmp/edited" "block_groups[1] ($(jq '.block_groups[1].bytenr' "$tmp/whole")): 'length' is 18446744073709551615, at most" "a block group that wraps"
edit '.block_groups[1].ranges[0].bytenr = "0xffffffffffffffff"'
refused "$tmp/edited" "block_groups[1], ranges[0]: 'ranges.length' is" "a range that wraps"
edit '.filesystem.sectorsize = 0'
refused "$tmp/edited" "'filesystem.sectorsize' is 0" "sectors of 0 bytes"
edit '.block_groups[0].step = 22'
refused "$tmp/edited" "'step' is 22, which is no step" "step 22"
edit '.block_groups[0].copies = [range(5) | {devid: 1, verdict: "refused", step: 1}]'
refused "$tmp/edited" "'copies' are 5" "five copies"

# ---- words

for key in state verdict verdict_if_trusted profile; do
	edit ".block_groups[1].$key = \"new\""
	refused "$tmp/edited" "'$key' is 'new', a word not known here" "an unknown $key"
done
edit '.findings[2].severity = "new"'
refused "$tmp/edited" "findings[2]: 'severity' is 'new'" "an unknown severity"
edit '.filesystem.incompat_flags = ["BIT_63", "MIXED_BACKREF", "BIT_1"]'
taken "$tmp/edited" '.images[0].filesystem.incompat_flags == ["MIXED_BACKREF", "DEFAULT_SUBVOL", "BIT_63"]' "flags by number"
edit '.filesystem.incompat_flags = ["BIT_64"]'
refused "$tmp/edited" "'filesystem.incompat_flags' is 'BIT_64'" "flag 64"
edit '.findings[0].code = "of-tomorrow" | .block_groups[0].reason = "of-tomorrow"'
taken "$tmp/edited" '.images[0] | ([.findings[] | select(.code == null)] | length) == 1 and .block_groups[0].reason == null and
	([.findings[] | select(.code == null)][0] | .message != "" and .severity != null)' "a finding of a newer version"
edit '.block_groups[0].profile = null'
taken "$tmp/edited" '.images[0].block_groups[0].profile == null' "a profile without a name"

# ---- texts: as they are, cut where there is no room, between characters

long=$(printf 'é%.0s' {1..200})
edit ".filesystem.label = \"$long\" | .findings[0].message = \"x$long\" | .findings[0].details = {text: \"xy$long\"}"
taken "$tmp/edited" '.images[0] | .filesystem.label == "é" * 128 and any(.findings[]; .message == "x" + "é" * 127 and .details.text == "xy" + "é" * 22)' "long texts"
edit '.image.path = "\u001b[31m\n\u202e##"'
taken "$tmp/edited" '.images[0].path == "\u001b[31m\n\u202e##"' "a path with control characters"
edit '.findings[0].details = ([range(20) | {key: "d\(.)", value: .}] | from_entries)'
taken "$tmp/edited" '.images[0].findings | any(.details | keys == ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7"])' "20 details"
sed 's/"label": "[^"]*"/"label": "a\\u0000b"/' "$tmp/whole" >"$tmp/edited"
refused "$tmp/edited" "u0000" "a text with a 0 in it"
printf '{"__header": {"version": "1"}, "command": "groups\xff"}' >"$tmp/edited"
refused "$tmp/edited" "line 1" "a text that is no UTF-8"

# ---- order, doubles

edit '.block_groups |= [.[1], .[0]] + .[2:]'
refused "$tmp/edited" "block_groups[1]" "block groups out of order"
edit '.block_groups |= [.[0], .[0]] + .[1:]'
refused "$tmp/edited" "in order, none twice" "a block group that is there twice"
for key in command findings __header image block_groups; do
	sed "1s/{/{\"$key\": $(jq -c ".$key" "$tmp/whole" | sed 's/[&/\\]/\\&/g'), /" "$tmp/whole" >"$tmp/edited"
	refused "$tmp/edited" "'$key' is there twice" "a second $key"
done
sed '0,/"state"/s//"state": "CLEAR", "state"/' "$tmp/whole" >"$tmp/edited"
refused "$tmp/edited" "'state' is there twice" "a second state"
sed '0,/"cache": {/s//"cache": {"generation": 1, /' "$tmp/whole" >"$tmp/edited"
refused "$tmp/edited" "duplicate object key" "a second generation of a cache"
sed '0,/"ranges": \[/s//"ranges": [], "ranges": [/' "$tmp/whole" >"$tmp/edited"
refused "$tmp/edited" "'ranges' is there twice" "ranges twice"
{ cat "$tmp/whole"; echo '{}'; } >"$tmp/edited"
refused "$tmp/edited" "something follows the report" "two reports in a file"
edit '.findings |= reverse'
taken "$tmp/edited" '.images[0].findings | map(select(.block_group)) | map(.block_group) | . == sort' "findings backwards"

# ---- what is no report, or not one that can be opened

for command in super "tree --root root" "rewrite --dry-run" explain; do
	set -- "$samples/clean.tar.zst"
	[ "$command" != explain ] || shift
	# shellcheck disable=SC2086
	run --format json $command "$@"
	cp "$tmp/out" "$tmp/edited"
	refused "$tmp/edited" "this is what '${command%% *}' printed; only what groups, diff, validate or cache printed can be opened" "$command"
done
edit '.__header.version = "2"'
refused "$tmp/edited" "version 2 of the format" "version 2"
edit '.__header.version = 1'
refused "$tmp/edited" "'__header.version' is a number" "a version that is no text"
echo '{"a": [1, 2, {"b": null}]}' >"$tmp/edited"
refused "$tmp/edited" "no report of spacescope" "any JSON"
for text in '{' '{]' '{"a" 1}' '{"a": }' '{"a": 1,}' '{,}' '{"a": [1 2]}' '{"a": [1,]}' '{"a": {"b": [}}' "{'a': 1}" '{"a
": 1}' '{"\q": 1}' '{"a": nul}' '{"a": 1]' '{"a": 1}}'; do
	printf '%s' "$text" >"$tmp/edited"
	refused "$tmp/edited" "" "'$text'"
done
for text in '' ' ' '[1]' 'null' '"{"'; do
	printf '%s' "$text" >"$tmp/edited"
	refused "$tmp/edited" "not a report" "'$text'"
done
refused "$samples/clean.tar.zst" "not a report" "an archive"
refused "$tmp" "not a report" "a folder"
refused "$tmp/nowhere" "not a report" "no file"
mkfifo "$tmp/fifo"
refused "$tmp/fifo" "not a report" "a FIFO"

# ---- much of it

printf '{' >"$tmp/edited"
truncate -s $(((1 << 30) + 1)) "$tmp/edited"
refused "$tmp/edited" "over 1 GiB" "a file of over 1 GiB"
awk 'BEGIN {printf "{\"a\": "; for (i = 0; i < 1000000; i++) printf "["}' >"$tmp/edited"
refused "$tmp/edited" "nested deeper" "a million brackets"
header='{"__header": {"version": "1"}, "command": "diff", "image": null, "filesystem": null'
awk -v header="$header" 'BEGIN {printf "%s, \"findings\": [{\"message\": ", header; for (i = 0; i < 50; i++) printf "{\"a\":"}' >"$tmp/edited"
refused "$tmp/edited" "the file ends" "brackets in a finding"
awk -v header="$header" 'BEGIN {printf "%s, \"findings\": [{\"message\": \"", header; for (i = 0; i < 300000; i++) printf "x"; printf "\""}' >"$tmp/edited"
refused "$tmp/edited" "findings[0]: line 1: a value is longer than any of a report" "a message of 300000 bytes"
awk -v header="$header" 'BEGIN {printf "%s, \"block_groups\": [{", header; for (i = 0; i < 100000; i++) printf "\"%d\": 1,", i}' >"$tmp/edited"
refused "$tmp/edited" "block_groups[0]: line 1: an object is longer" "a block group of 100000 members"
awk -v header="$header" 'BEGIN {printf "%s, \"block_groups\": [], \"findings\": [], \"later\": [0", header; for (i = 0; i < 4000000; i++) printf ",{}"; print "]}"}' >"$tmp/edited"
taken "$tmp/edited" '.images[0].block_groups == []' "12 MB to pass over"
jq -c '.block_groups[1].ranges = [range(50000) as $i | .block_groups[1].ranges[0] | .bytenr = $i * 4096]' "$tmp/whole" >"$tmp/edited"
taken "$tmp/edited" '.images[0].block_groups[1].ranges | length == 50000 and .[49999].bytenr == 49999 * 4096' "50000 ranges"

# ---- NDJSON: cut anywhere it is what came before

run --format ndjson validate "$samples/stale-label.tar.zst" "$samples/v2-excess.tar.zst"
cp "$tmp/out" "$tmp/lines"
taken "$tmp/lines" '.cut == false and (.images | length) == 2' "all lines"
lines=$(wc -l <"$tmp/lines")
for ((n = 1; n < lines; n++)); do
	head -n "$n" "$tmp/lines" >"$tmp/edited"
	groups=$(grep -c '"type": "block_group"' "$tmp/edited")
	taken "$tmp/edited" ".cut and ([.images[].block_groups[]] | length) == $groups" "$n lines"
	head -n "$((n + 1))" "$tmp/lines" | tail -n 1 | head -c 60 >>"$tmp/edited"
	taken "$tmp/edited" ".cut and ([.images[].block_groups[]] | length) == $groups" "$n lines and a part of one"
done
{ cat "$tmp/lines"; sed -n 2p "$tmp/lines"; } >"$tmp/edited"
refused "$tmp/edited" "something follows the summary" "a line behind the last"
sed '3s/"type": "[a-z_]*"/"type": "new"/' "$tmp/lines" >"$tmp/edited"
refused "$tmp/edited" "line 3: 'type' is 'new', a word not known here" "a line of an unknown type"
sed '3s/"path": "/&x/' "$tmp/lines" >"$tmp/edited"
refused "$tmp/edited" "line 3: 'path' is another one" "lines of two images mixed"
sed '2s/"block_group": {.*/"block_group": null}/' "$tmp/lines" >"$tmp/edited"
refused "$tmp/edited" "line 2: 'block_group' is null" "a line without its record"
{ head -n 2 "$tmp/lines"; tail -n 1 "$tmp/lines"; } >"$tmp/edited"
refused "$tmp/edited" "the summary comes before the end of an image" "a summary too early"
finish
