# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by scripts that make images with the running kernel: loop devices, mounts, and what goes on in them.
# They bring $mnt, a folder to mount at, $build, where the tools are, and $images, the devices of one filesystem;
# $loops holds the loop devices that stand for them, $partition the offset and size of the part of it that they show.
loops=()
partition=()

attach() { # IMG...
	local image part=()
	[ ${#partition[@]} = 0 ] || part=(--offset "${partition[0]}" --sizelimit "${partition[1]}")
	for image in "$@"; do
		loops+=("$(losetup --find --show "${part[@]}" "$image")")
	done
	[ $# = 1 ] || btrfs device scan "${loops[@]}" >/dev/null
}

# Waits until they are gone: somebody who looks at all block devices may hold them a moment longer, and they must not
# be taken for the next ones.
detach() {
	local loop file tries=60
	for loop in "${loops[@]}"; do
		file=$(losetup -nO BACK-FILE "$loop" 2>/dev/null || true)
		btrfs device scan --forget "$loop" >/dev/null 2>&1 || true
		losetup -d "$loop"
		while [ -n "$file" ] && [ $((tries--)) -gt 0 ] &&
			[ "$(losetup -nO BACK-FILE "$loop" 2>/dev/null)" = "$file" ]; do
			sleep 0.05
		done
	done
	loops=()
}

mount_with() { # OPTIONS
	mount -t btrfs -o "$1" "${loops[0]}" "$mnt"
}

# Two files whose extents alternate on disk, and fragments: one of them removed.
comb() { # PAIRS [TOOTH]
	"$build/tests/comb" "$mnt/teeth" "$mnt/gaps" "$1" "${2:-4096}"
	sync
}

open_gaps() {
	rm "$mnt/gaps"
	sync
}

# The images as they stand while mounted, as a power cut would leave them.
crash_copy() {
	local image
	for image in "${images[@]}"; do
		cp --sparse=always "$image" "$image.crash"
	done
	umount "$mnt"
	detach
	for image in "${images[@]}"; do
		mv "$image.crash" "$image"
	done
}
