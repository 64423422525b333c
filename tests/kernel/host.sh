#!/bin/bash
# SPDX-License-Identifier: MIT
# host.sh PROGRAM: the running kernel judges the samples that kernels made (samples/kernel-made.list), by its log.
# Each is unpacked afresh, mounted read-only on loop devices, every cache is loaded (FITRIM), and what the kernel said
# about caches is compared with PROGRAM's verdicts: silence, or the messages of the steps that speak. Images with
# planted damage stay away from here: some crash kernels.
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

# shellcheck source=/dev/null
. "$here/able.sh"
# shellcheck source=/dev/null
. "$here/log.sh"

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

# btrfs says no more than so many messages of a level in 5 seconds, whoever the filesystem is: a kernel that is silent
# where it should speak is asked once more when that time is over.
judge_patiently() { # NAME
	: >"$tmp/diff"
	judge "$1" >"$tmp/told" && cat "$tmp/told" && return
	if [ ! -s "$tmp/diff" ] || grep -q '^>' "$tmp/diff"; then
		cat "$tmp/told"
		return 1
	fi
	detach
	rm -rf "${tmp:?}/$1"
	sleep 6
	judge "$1"
}

# ---- may it judge? -----------------------------------------------------------------------------------------

if reason=$(unable); then
	echo "${reason%% *} running kernel: ${reason#* }"
	[ "${reason%% *}" = SKIP ] || failed=1
	result 1
fi

echo "kernel $(uname -r)"
while read -r name; do
	if judge_patiently "$name"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	detach
	rm -rf "${tmp:?}/$name"
done < <(grep -v '^#' "$samples/kernel-made.list")
result 0
