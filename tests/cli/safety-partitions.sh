#!/bin/bash
# Two btrfs partitions, or none: never a guess. The choice is by number or by place, in a plain and a packed disk.
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
command -v sfdisk >/dev/null || skip "sfdisk is not installed"
unpack stale-harmless
unpack enospc
first=$(jq -r .super.fsid "$samples/expect/stale-harmless.json") second=$(jq -r .super.fsid "$samples/expect/enospc.json")
disk=$tmp/disk.img

# table LABEL: two partitions of 1.2 GiB.
table() {
	rm -f "$disk"
	truncate -s 2500M "$disk"
	printf 'label: %s\nstart=2048,size=2457600\nstart=2459648,size=2457600\n' "$1" | sfdisk -q "$disk" || exit 2
}

# fill NUMBER SAMPLE: copies an image into a partition.
fill() {
	dd if="$tmp/$2.img" of="$disk" bs=1M seek=$(($1 == 1 ? 1 : 1201)) conv=sparse,notrunc status=none
}

fsid_of() {
	run --format json super "$@"
	[ "$status" -le 1 ] || fail "$*: exit status $status: $(cat "$tmp/err")"
	jq -r .filesystem.fsid "$tmp/out"
}

for label in gpt dos; do
	table $label
	run groups "$disk"
	expect 2 "$label without btrfs"
	expect_sentence "$label without btrfs"
	fill 2 enospc
	[ "$(fsid_of "$disk")" = "$second" ] || fail "$label: the one btrfs partition is not found"
	fill 1 stale-harmless
	run groups "$disk"
	expect 2 "$label: two btrfs partitions"
	grep -q -- --partition "$tmp/err" || fail "$label: two btrfs partitions: no word on how to choose: $(cat "$tmp/err")"
	[ "$(fsid_of --partition 1 "$disk")" = "$first" ] || fail "$label: --partition 1 opens another"
	[ "$(fsid_of --partition 2 "$disk")" = "$second" ] || fail "$label: --partition 2 opens another"
	[ "$(fsid_of --offset $((1201 << 20)) "$disk")" = "$second" ] || fail "$label: --offset opens another"
	run groups --partition 3 "$disk"
	expect 2 "$label: a partition that is not there"
	run groups --offset 12345 "$disk"
	expect 2 "$label: an offset without btrfs"
done

zstd -q -1 "$disk" -o "$disk.zst"
run groups "$disk.zst"
expect 2 "a packed disk with two btrfs partitions"
grep -q -- --partition "$tmp/err" || fail "a packed disk: no word on how to choose: $(cat "$tmp/err")"
[ "$(fsid_of --partition 2 "$disk.zst")" = "$second" ] || fail "a packed disk: --partition 2 opens another"
finish
