#!/bin/bash
# SPDX-License-Identifier: MIT
# Each reason for which the engine refuses a filesystem: exit status 2, its own sentence, nothing written.
. "$(dirname "$0")/../lib.sh"
image=$tmp/work.img
seen=$tmp/seen
: >"$seen"

# refused WORDS SAMPLE [OPS...]: mutated so, it is refused with a sentence that no other reason has.
refused() {
	local words=$1 sample=$2 option
	shift 2
	[ -e "$tmp/$sample.img" ] || unpack "$sample"
	cp --sparse=always "$tmp/$sample.img" "$image" || exit 2
	[ $# = 0 ] || "$tools/mutate" "$image" "$@" >"$tmp/mutate.out" 2>&1 || fail "$sample: $*: $(cat "$tmp/mutate.out")"
	touch -d @1 "$image"
	for option in all dry-run invalidate; do
		status=0
		"$tools/rewrite" $option "$image" >"$tmp/out" 2>"$tmp/err" || status=$?
		expect 2 "$sample: $*: rewrite $option"
		expect_sentence "$sample: $*: rewrite $option"
		grep -qF -- "$words" "$tmp/err" || fail "$sample: $*: no '$words' in: $(cat "$tmp/err")"
		[ ! -s "$tmp/out" ] || fail "$sample: $*: it tells of work: $(head -n 3 "$tmp/out")"
		[ "$(stat -c %Y "$image")" = 1 ] || fail "$sample: $*: rewrite $option wrote"
	done
	grep -qxF -- "$words" "$seen" && fail "'$words' speaks for two reasons"
	echo "$words" >>"$seen"
}

refused "the free space tree (v2) is in use" v2
refused "uses the feature BLOCK_GROUP_TREE, which is not supported for writing" clean super compat_ro 8
refused "unknown feature that forbids writing, compat_ro_flags bit 30" clean super compat_ro 0x40000000
refused "uses the feature FREE_SPACE_TREE_VALID, which" clean super compat_ro 2
refused "flagged ERROR: an error was met" clean super @0x38 5
refused "is a seed (superblock flag SEEDING)" clean super @0x38 0x100000001
refused "flagged METADUMP" clean super @0x38 0x200000001 # btrfs-image
refused "flagged CHANGING_FSID" clean super @0x38 0x1000000001 # btrfstune is changing the fsid
refused "there is a log tree" log-tree
refused "space caches are off" left-over
refused "a balance is under way" clean item-insert root -4 248 0 00
refused "the block groups' used add up to" group-used
refused "block group 30408704: group-used" clean group 30408704 used +=16384 then super bytes_used +=16384
refused "the filesystem has 2 devices, 1 given" clean super num_devices 2

# A replace: DEV_REPLACE (0 250 0) in the dev tree; the source at 0, here device 1, the state at 32.
replace() { printf '01%062d%02d%078d' 0 "$1" 0; }
refused "a device is being replaced" clean item-insert dev 0 250 0 "$(replace 1)"
: >"$seen"
refused "a device is being replaced" clean item-insert dev 0 250 0 "$(replace 4)" # suspended
for state in 0 2 3; do # never begun, finished, cancelled
	cp --sparse=always "$tmp/clean.img" "$image"
	"$tools/mutate" "$image" item-insert dev 0 250 0 "$(replace $state)" >/dev/null || fail "no replace item"
	"$tools/rewrite" dry-run all "$image" >"$tmp/out" 2>"$tmp/err" || fail "replace state $state: $(cat "$tmp/err")"
done
finish
