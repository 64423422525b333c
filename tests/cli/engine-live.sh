#!/bin/bash
# SPDX-License-Identifier: MIT
# The states that the engine tells of are those it goes through: a set-up that fails shows CLEAR and ERROR, a block group that
# changes again after its item was written shows SETUP twice.
. "$(dirname "$0")/../lib.sh"
for sample in clean enospc node-4k raid10; do
	unpack "$sample"
done

# told SAMPLE GROUP STATE...: what the events of a commit of everything say of the block group.
told() {
	local sample=$1 group=$2 list said
	shift 2
	list=$(printf '%s,' "$tmp/$sample"*.img)
	"$tools/rewrite" all dry-run "${list%,}" >"$tmp/out" 2>&1
	said=$(awk -v g="$group" '$1 == "event" && $2 == g {sub(":", "", $3); printf "%s ", $3}' "$tmp/out")
	[ "$said" = "$* " ] || fail "$sample $group: $said instead of $*"
}

told clean 30408704 CLEAR SETUP NEED_WRITE WRITTEN
told clean 137756672 CLEAR SETUP NEED_WRITE WRITTEN
# Nowhere 64 KiB in a row, but once: the other one that wants a cache gets none.
told enospc 22020096 CLEAR SETUP NEED_WRITE WRITTEN
told enospc 290455552 CLEAR ERROR
grep -q '^event 290455552 ERROR: no 65536 free bytes in a row' "$tmp/out" || fail "enospc: the reason is missing"
grep -q '^group 290455552 why selected before SETUP after SETUP' "$tmp/out" || fail "enospc: $(cat "$tmp/out")"
# Leaves of 4 KiB: the block group items and root items lie in others than what was set up, and move when they are written.
told node-4k 30408704 CLEAR SETUP NEED_WRITE SETUP NEED_WRITE WRITTEN
grep -q '^event 30408704 SETUP: the block group changed again' "$tmp/out" || fail "node-4k: $(cat "$tmp/out")"
# A state once left in the events is left in the order of the loop: every set-up comes before every item.
awk '$1 == "event" {order[$3] = NR} END {exit !(order["SETUP:"] < order["WRITTEN:"])}' "$tmp/out" ||
	fail "node-4k: a cache is written before the last set-up"
finish
