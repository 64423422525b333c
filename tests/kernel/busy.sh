#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # for what is sourced
# busy.sh PROGRAM: what somebody else has in hand is not written to. A sample as the kernel left it is attached and
# mounted by the running kernel; `rewrite` and `undo` refuse the image and the block device, naming what holds
# them, and not a byte changes. Ends with "RESULT passed failed skipped". Wants root.
set -u
here=$(dirname "$(readlink -f "$0")")
samples=$(readlink -f "$here/../../samples")
program=$1
passed=0 failed=0
loop=''

tmp=$(mktemp -d "${TMPDIR:-/tmp}/spacescope-busy.XXXXXX") || exit 2
mnt=$tmp/mnt
mkdir "$mnt"

# shellcheck disable=SC2317 # called by the trap
cleanup() {
	! mountpoint -q "$mnt" || umount "$mnt" || umount -l "$mnt"
	[ -z "$loop" ] || losetup -d "$loop"
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# shellcheck source=/dev/null
. "$here/able.sh"
if reason=$(unable); then
	echo "${reason%% *} busy images: ${reason#* }"
	[ "${reason%% *}" = SKIP ] || failed=1
	echo "RESULT 0 $failed 1"
	exit 0
fi

check() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then
		echo "ok $what" && passed=$((passed + 1))
	else
		echo "FAIL $what: $(head -c 300 "$tmp/out")" && failed=$((failed + 1))
	fi
}

# refused WORDS ARGUMENT...: status 2 and one sentence with these words in it.
refused() {
	local words=$1 status=0
	shift
	"$program" "$@" >"$tmp/out" 2>&1 || status=$?
	[ $status = 2 ] && [ "$(grep -c '^spacescope: ' "$tmp/out")" = 1 ] && grep -q "$words" "$tmp/out"
}

quiet() { "$@" >"$tmp/out" 2>&1; }

unchanged() { [ "$(sha256sum <"$image")" = "$before" ]; }

# The generation that spacescope finds.
generation() { "$program" --format json super "$image" | jq .filesystem.generation; }

zstd -dcq "$samples/clean.tar.zst" | tar -xf - -C "$tmp"
image=$tmp/clean.img
# an undo file that would do; what is mounted is as the kernel left it
cp --sparse=always "$image" "$tmp/other.img"
quiet "$program" rewrite --all --undo "$tmp/undo" "$tmp/other.img" || { echo "FAIL rewrite: $(cat "$tmp/out")"; exit 1; }
newest=$(generation)

loop=$(losetup --find --show "$image")
mount -t btrfs -o ro "$loop" "$mnt" || { echo "FAIL the running kernel does not mount it"; exit 1; }
before=$(sha256sum <"$image")
check "the image of a mounted loop device" refused "attached to $loop, which is mounted on '$mnt'" rewrite --all "$image"
check "a dry run on it" refused "mounted or in use" rewrite --all --dry-run "$image"
check "a copy of it" refused "mounted or in use" rewrite --all --output "$tmp/copy" "$image"
check "which leaves no file" [ ! -e "$tmp/copy" ]
check "undo on it" refused "attached to $loop, which is mounted on '$mnt'" undo "$image" "$tmp/undo"
check "a mounted block device" refused "mounted on '$mnt'" rewrite --all "$loop"
check "undo on it" refused "mounted on '$mnt'" undo "$loop" "$tmp/undo"
umount "$mnt"
check "the image of an attached loop device" refused "attached to $loop" rewrite --all "$image"
check "not a byte has changed" unchanged

# Free again: the block device itself can be written to, and taken back through it.
check "the block device when it is free" quiet "$program" rewrite --all "$loop" --undo "$tmp/again"
sync "$loop"
check "is a generation on" [ "$(generation)" = $((newest + 1)) ]
check "and goes back" quiet "$program" undo "$loop" "$tmp/again"
sync "$loop"
losetup -d "$loop"
loop=''
check "to what it was" unchanged
echo "RESULT $passed $failed 0"
