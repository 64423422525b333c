#!/bin/bash
# SPDX-License-Identifier: MIT
# explain: every code has a meaning, what Linux does and what to do, in text and in JSON.
. "$(dirname "$0")/../lib.sh"

run explain
expect 0 explain
cut -d' ' -f1 "$tmp/out" >"$tmp/codes"
[ "$(wc -l <"$tmp/codes")" = "$(grep -c '^FINDING(' "$top/libfsread/format/findings.def")" ] ||
	fail "explain lists $(wc -l <"$tmp/codes") codes"
[ -z "$(sort "$tmp/codes" | uniq -d)" ] || fail "codes are listed twice"

run --format json explain
expect 0 "explain as JSON"
jq -r '.codes[].code' "$tmp/out" | cmp -s - "$tmp/codes" || fail "JSON lists other codes than text"
jq -e '.codes | all(has("severity") and ([.title, .meaning, .linux_does, .action] | all(type == "string" and length > 0)))' \
	"$tmp/out" >/dev/null || fail "a code lacks a text: $(jq -r '.codes[] | select([.meaning, .linux_does, .action] | any(length == 0)) | .code' "$tmp/out" | tr '\n' ' ')"
jq -e '.codes | all(.severity | IN("note", "warning", "error", "danger"))' "$tmp/out" >/dev/null || fail "an unknown severity"
jq -e '.__header.version == "1" and .command == "explain"' "$tmp/out" >/dev/null || fail "no header"

while read -r code; do
	run explain "$code"
	expect 0 "explain $code"
	for part in 'What it means' 'What Linux does' 'What to do'; do
		grep -A1 "^$part\$" "$tmp/out" | grep -q '^  [^ ]' || fail "explain $code: nothing under '$part'"
	done
	[ "$(awk 'length > 110' "$tmp/out" | wc -l)" = 0 ] || fail "explain $code: long lines"
done <"$tmp/codes"

run --format json explain cache-crc
[ "$(jq -r '.codes | length' "$tmp/out")" = 1 ] || fail "explain cache-crc gives more than its code"

# near NAME CODE: an unknown code names what is near it.
near() {
	run explain "$1"
	expect 2 "explain $1"
	expect_sentence "explain $1"
	[ ! -s "$tmp/out" ] || fail "explain $1 prints on stdout"
	grep -q "'$1'.*$2" "$tmp/err" || fail "explain $1 does not name $2: $(cat "$tmp/err")"
}
near cache-crk cache-crc
near CACHE-CRC "explain"
near crc cache-crc
near contentexcess content-excess
near '' "explain"
near zzzzzzzzzzzzzz "explain"
near "$(printf 'z%.0s' {1..300})" "explain"
finish
