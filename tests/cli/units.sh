#!/bin/bash
# SPDX-License-Identifier: MIT
# Sizes follow --raw, --iec and --si; addresses are decimal bytes always; JSON has bytes always.
. "$(dirname "$0")/../lib.sh"
unpack clean
image=$tmp/clean.img
bytes=$("$program" --format json groups "$image" | jq '.block_groups[0].length')
first=$("$program" --format json groups "$image" | jq '.block_groups[0].bytenr')

# size OPTION: the first block group's length as text.
# shellcheck disable=SC2086
size() {
	"$program" $1 groups "$image" | awk -v first="$first" '$1 == first {print ($3 ~ /B$/ ? $2 " " $3 : $2)}'
}
[ "$(size --raw)" = "$bytes" ] || fail "--raw: $(size --raw), not $bytes"
[ "$(size --iec)" = "$(awk -v b="$bytes" 'BEGIN {printf "%.2f MiB", b / 1048576}')" ] || fail "--iec: $(size --iec)"
[ "$(size --si)" = "$(awk -v b="$bytes" 'BEGIN {printf "%.2f MB", b / 1000000}')" ] || fail "--si: $(size --si)"
[ "$(size "")" = "$(size --iec)" ] || fail "the default is not --iec"
"$program" --format json groups "$image" >"$tmp/plain"
for option in --raw --iec --si -v -q; do
	"$program" $option --format json groups "$image" | cmp -s - "$tmp/plain" || fail "$option changes JSON"
done

# A block group by its address in hex is the same.
"$program" diff --group "$first" "$image" >"$tmp/decimal"
"$program" diff --group "$(printf '0x%x' "$first")" "$image" | cmp -s - "$tmp/decimal" || fail "--group in hex differs"

# Quiet prints the rows and no more; colour is for terminals.
[ "$("$program" -q groups "$image" | wc -l)" = "$(jq '.block_groups | length + 1' "$tmp/plain")" ] || fail "-q prints more than rows"
if "$program" groups "$image" | grep -q "$(printf '\033')"; then
	fail "colour without a terminal"
fi
run groups --group 1 "$image"
expect 2 "an option of another command"
run diff --group 1 "$image"
expect 2 "a block group that is not there"
expect_sentence "a block group that is not there"
run cache --group 1 "$image"
expect 2 "a cache that is not there"
expect_sentence "a cache that is not there"
run tree --root nowhere "$image"
expect 2 "a tree that is not there"
expect_sentence "a tree that is not there"
finish
