# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by scripts that ask the running kernel: whether it can answer. They bring $tmp, $mnt (a folder to mount at)
# and $samples (the packed ones).

# Whether this kernel still knows v1: the option shows in the mount table only then.
mounts_v1() {
	local loop found
	zstd -dcq "$samples/clean.tar.zst" | tar -xf - -C "$tmp" || return
	loop=$(losetup --find --show "$tmp/clean.img") || return
	mount -t btrfs -o ro "$loop" "$mnt" 2>/dev/null
	found=$(awk -v at="$mnt" '$2 == at && $4 ~ /(^|,)space_cache(=v1)?(,|$)/ {print "yes"}' /proc/self/mounts)
	! mountpoint -q "$mnt" || umount "$mnt"
	losetup -d "$loop"
	rm -f "$tmp/clean.img"
	[ -n "$found" ]
}

# Succeeds, and says why, when it can't: "SKIP reason" where that is nobody's fault, else "FAIL reason".
unable() { # NEEDED-TOOL...
	local need
	[ "$(id -u)" = 0 ] || { echo "SKIP not root" && return; }
	grep -qw btrfs /proc/filesystems || modprobe btrfs 2>/dev/null
	grep -qw btrfs /proc/filesystems || { echo "SKIP no btrfs" && return; }
	for need in losetup fstrim zstd jq "$@"; do
		command -v "$need" >/dev/null || { echo "FAIL '$need' is missing; run tests/setup kernel" && return; }
	done
	if [ ! -r /dev/kmsg ] || ! losetup --find >/dev/null 2>&1; then
		echo "FAIL root and btrfs are here, but no loop device or no kernel log"
		return
	fi
	mounts_v1 || { echo "SKIP $(uname -r) does not mount with space_cache=v1" && return; }
	return 1
}
