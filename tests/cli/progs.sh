#!/bin/bash
# SPDX-License-Identifier: MIT
# Headers, stamps, counts, block groups and superblocks of every sample as btrfs-progs prints them now.
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
command -v btrfs >/dev/null || skip "btrfs-progs is not installed"

# Leaves the devices of a sample in $tmp/images.
unpack_any() { # FILE
	rm -rf "$tmp/images"
	mkdir "$tmp/images"
	case $1 in
	*.tar.zst) zstd -dcq "$samples/$1" | tar -C "$tmp/images" -xf - ;;
	*.zst) zstd -dq --sparse "$samples/$1" -o "$tmp/images/disk" ;;
	*.xz) xz -dc "$samples/$1" | dd of="$tmp/images/disk" bs=1M conv=sparse iflag=fullblock status=none ;;
	esac || fail "can't unpack $1"
}

# btrfs-progs knows no partitions: leaves only what lies in the first one.
cut_partition() {
	local start
	start=$(sfdisk -d "$tmp/images/disk" 2>/dev/null | sed -nE 's/.*start= *([0-9]+).*/\1/p' | head -1)
	[ -n "$start" ] || return 0
	dd if="$tmp/images/disk" of="$tmp/images/partition" bs=512 skip="$start" conv=sparse status=none
	rm "$tmp/images/disk"
}

for expected in "$samples"/expect/*.json; do
	name=$(basename "$expected" .json)
	file=$(jq -r .file "$expected")
	run --format json validate "$samples/$file"
	unpack_any "$file"
	[ ! -e "$tmp/images/disk" ] || cut_partition
	status=0
	"$top/tests/cli/facts" "$tmp/images/"* >"$tmp/facts" || status=$?
	[ "$status" != 3 ] || { echo "$name: this btrfs-progs is too old for it" && continue; }
	[ "$status" = 0 ] || fail "$name: btrfs-progs can't read it"
	jq -rn --slurpfile report "$tmp/out" --slurpfile others "$tmp/facts" \
		"\$report[0].images[0] as \$said | \$others[0] as \$others | $(cat "$top/tests/cli/agree.jq")" >"$tmp/differences" ||
		fail "$name: no comparison"
	[ ! -s "$tmp/differences" ] || fail "$name:
$(sed 's/^/  /' "$tmp/differences")"
done
finish
