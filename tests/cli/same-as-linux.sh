#!/bin/bash
# SPDX-License-Identifier: MIT
# The caches that libfswrite would write hold the same ranges as those that kernels wrote: all of them that are WRITTEN,
# and these are at least the ones that Linux loaded in the judging machine.
. "$(dirname "$0")/../lib.sh"

groups=0 bitmaps=0 loaded=0
while read -r name; do
	expected=$samples/expect/$name.json
	"$tools/same" "$samples/$(jq -r .file "$expected")" >"$tmp/out" 2>&1 ||
		fail "$name: $(tail -n 1 "$tmp/out")"
	for group in $(jq '.block_groups[] | select(.kernel_return == 1) | .bytenr' "$expected"); do
		loaded=$((loaded + 1))
		grep -q "^$group " "$tmp/out" || fail "$name: Linux loads the cache of $group, nothing was compared"
	done
	groups=$((groups + $(grep -c '^[0-9]' "$tmp/out")))
	bitmaps=$((bitmaps + $(awk '{split($NF, of, "/"); sum += of[2]} END {print sum + 0}' "$tmp/out")))
done < <(sed '/^#/d' "$samples/kernel-made.list")
echo "$groups caches of kernels, the same; $bitmaps bitmaps made of them"
[ "$loaded" -ge 50 ] || fail "only $loaded caches that Linux loads"
[ "$bitmaps" -ge 5 ] || fail "only $bitmaps bitmaps"
finish
