#!/bin/bash
# SPDX-License-Identifier: MIT
# host.sh PROGRAM: the running kernel judges the samples that kernels made (samples/kernel-made.list), by its log.
# Each is unpacked afresh, mounted read-only on loop devices, every cache is loaded (FITRIM), and what the kernel said
# about caches is compared with PROGRAM's verdicts: silence, or the messages of the steps that speak. The log is read
# by position in /dev/kmsg, never cleared. Images with planted damage stay away from here: some crash kernels.
# Ends with "RESULT passed failed skipped"; lacks are named. Wants root.
set -u
here=$(dirname "$(readlink -f "$0")")
samples=$(readlink -f "$here/../../samples")
program=$1
passed=0 failed=0
loops=()

result() { # SKIPPED
	echo "RESULT $passed $failed $1"
	exit 0
}

tmp=$(mktemp -d "${TMPDIR:-/tmp}/spacescope-host.XXXXXX") || exit 2
mnt=$tmp/mnt
mkdir "$mnt"

detach() {
	local loop
	! mountpoint -q "$mnt" || umount "$mnt" || umount -l "$mnt"
	for loop in "${loops[@]}"; do
		! command -v btrfs >/dev/null || btrfs device scan --forget "$loop" >/dev/null 2>&1
		losetup -d "$loop"
	done
	loops=()
}

# shellcheck disable=SC2317 # called by the trap
cleanup() {
	detach
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# ---- the kernel's log --------------------------------------------------------------------------------------

# Every record as "SEQUENCE TEXT". A reader that falls behind gets an error once, hence the second try.
log_records() {
	local tries=3
	while [ $((tries--)) -gt 0 ]; do
		dd if=/dev/kmsg iflag=nonblock bs=8192 2>"$tmp/dd" >"$tmp/kmsg"
		grep -q 'Broken pipe' "$tmp/dd" || break
	done
	sed -n 's/^[0-9]*,\([0-9]*\),[^;]*;/\1 /p' "$tmp/kmsg"
}

log_position() {
	log_records | awk '{last = $1} END {print last + 0}'
}

usual_talk='first mount|last unmount|checksum algorithm|using (crc|xx|sha|blake)|disk space caching'
usual_talk+='|(using|enabling) free[- ]space[- ]tree|skinny extents|enabling ssd|async discard|deprecated'
usual_talk+='|start tree-log replay'

# btrfs' lines about our devices since a position, without the usual talk at mount and unmount.
log_since() { # POSITION
	local names
	names=$(printf '%s|' "${loops[@]##*/}")
	log_records | awk -v from="$1" -v device="\\\\(device (${names%|})( state [A-Z]*)?\\\\)" '$1 > from && $0 ~ device {
		sub(/^[0-9]+ /, ""); sub(/ \(device [^)]*\)/, ""); print}' |
		grep -E 'BTRFS (info|warning|error|critical)' |
		grep -vE "$usual_talk"
}

# ---- what spacescope expects it to say ---------------------------------------------------------------------

# One line per message: steps 6 to 21 as docs/format.md has them, and the failed load that ends 11 to 21.
expected_messages() {
	jq -r '.images[].block_groups[] | .bytenr as $at |
		({"6": "Old style space inode found, converting.",
		  "8": "the free space cache file (\($at)) is invalid, skip it",
		  "9": ("free space inode generation (\(.cache.inode_generation)) did not match " +
			"free space cache generation (\(.cache.generation))"),
		  "12": "csum mismatch on free space cache",
		  "13": "space cache generation (\(.cache.page_generation)) does not match inode (\(.cache.generation))",
		  "16": "Duplicate entries in free space cache, dumping",
		  "20": "block group \($at) has wrong amount of free space"}[.step // 0 | tostring] // empty),
		(select(.verdict == "refused") | "failed to load free space cache for block group \($at), rebuilding it now")' "$1"
}

judge() { # NAME
	local name=$1 image images devices=() position rc
	mkdir "$tmp/$name"
	zstd -dcq "$samples/$name.tar.zst" | tar -xf - -C "$tmp/$name"
	images=("$tmp/$name/"*)
	for image in "${images[@]:1}"; do
		devices+=(--device "$image")
	done
	"$program" --format json validate "${images[0]}" "${devices[@]}" >"$tmp/report" 2>"$tmp/report.err"
	for image in "${images[@]}"; do
		loops+=("$(losetup --find --show "$image")") || { echo "FAIL $name: no loop device" && return 1; }
	done
	position=$(log_position)
	mount -t btrfs -o "ro$(printf ',device=%s' "${loops[@]}")" "${loops[0]}" "$mnt" 2>"$tmp/mount.err"
	rc=$?
	if [ $rc = 0 ]; then
		fstrim -m 4096 "$mnt" 2>/dev/null
		umount "$mnt"
	fi
	log_since "$position" | sed 's/^BTRFS [a-z]*: //' | sort >"$tmp/said"
	if ! jq -e '.images[0].block_groups != []' "$tmp/report" >/dev/null 2>&1; then
		echo "FAIL $name: spacescope shows no block group: $(cat "$tmp/report.err")"
		return 1
	fi
	expected_messages "$tmp/report" | sort >"$tmp/wanted"
	if [ $rc != 0 ]; then
		echo "FAIL $name: the running kernel does not mount it: $(cat "$tmp/mount.err" "$tmp/said")"
		return 1
	fi
	if ! diff "$tmp/wanted" "$tmp/said" >"$tmp/diff"; then
		echo "FAIL $name: < spacescope expects, > the running kernel says"
		cat "$tmp/diff"
		return 1
	fi
	echo "ok $name: $(wc -l <"$tmp/said") messages"
}

# ---- may it judge? -----------------------------------------------------------------------------------------

if [ "$(id -u)" != 0 ]; then
	echo "SKIP running kernel: not root"
	result 1
fi
grep -qw btrfs /proc/filesystems || modprobe btrfs 2>/dev/null
if ! grep -qw btrfs /proc/filesystems; then
	echo "SKIP running kernel: no btrfs"
	result 1
fi
for need in losetup fstrim zstd jq; do
	command -v $need >/dev/null || { echo "FAIL running kernel: '$need' is missing" && failed=1 && result 1; }
done
if [ ! -r /dev/kmsg ] || ! losetup --find >/dev/null 2>&1; then
	echo "FAIL running kernel: root and btrfs are here, but no loop device or no kernel log"
	failed=1
	result 1
fi

# Whether this kernel still knows v1: the option shows in the mount table only then.
zstd -dcq "$samples/clean.tar.zst" | tar -xf - -C "$tmp"
loops=("$(losetup --find --show "$tmp/clean.img")")
mount -t btrfs -o ro "${loops[0]}" "$mnt" 2>/dev/null
v1=$(awk -v at="$mnt" '$2 == at && $4 ~ /(^|,)space_cache(=v1)?(,|$)/ {print "yes"}' /proc/self/mounts)
detach
rm -f "$tmp/clean.img"
if [ -z "$v1" ]; then
	echo "SKIP running kernel: $(uname -r) does not mount with space_cache=v1"
	result 1
fi

echo "kernel $(uname -r)"
while read -r name; do
	if judge "$name"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	detach
	rm -rf "${tmp:?}/$name"
done < <(grep -v '^#' "$samples/kernel-made.list")
result 0
