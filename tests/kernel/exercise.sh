# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by rewrite-job: a bit of life for the filesystem at $mnt. Ends with a status of its own, not at the first
# thing that fails: a full filesystem refuses some of it.

# Files of 3 bytes to some 800 KiB, half of them gone again after the commit.
write_and_delete() {
	local i
	mkdir "$mnt/life" || return
	for i in $(seq 1 24); do
		yes "life $i" | head -c $((i * i * 1400)) >"$mnt/life/f$i" || return
		echo "$i" >"$mnt/life/small$i" || return
	done
	fallocate -l 24M "$mnt/life/large" && sync -f "$mnt" || return
	rm "$mnt/life/large" "$mnt/life/f"*[02468] && sync -f "$mnt"
}

branch() {
	btrfs subvolume create "$mnt/life/sub" && echo sub >"$mnt/life/sub/file" &&
		btrfs subvolume snapshot "$mnt/life/sub" "$mnt/life/snap" && btrfs subvolume delete -c "$mnt/life/sub"
}

# Block groups that hold little, one of each type; mixed ones want the same words for both.
balance() {
	btrfs balance start -dusage=20,limit=1 -musage=20,limit=1 "$mnt"
}

exercise() {
	local status=0
	write_and_delete || status=1
	branch || status=1
	balance || status=1
	fstrim -m 4096 "$mnt" || status=1
	rm -r "$mnt/life/f1" && sync -f "$mnt" || status=1
	return $status
}
