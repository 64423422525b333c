# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by rewrite-job: `btrfs check` by its text as well as its exit status. Needs devices.sh, $tmp, $seconds, and
# release of rewrite-job.

# What `btrfs check` says of a sound filesystem, as one pattern.
sound='Opening filesystem to check\.\.\.|Checking filesystem on .*|UUID: .*|\[[1-7]/7\] checking .*'
sound+='|found [0-9]+ bytes used, no error found|total (csum|tree|fs tree|extent tree) bytes: [0-9]+'
sound+='|ERROR: cannot scan /dev/loop[0-9]+: .*' # of somebody else, and gone again
sound+='|btree space waste bytes: [0-9]+|file data blocks allocated: [0-9]+| referenced [0-9]+|'
# And what it may say of caches that are marked invalid.
invalid='free space inode generation \(0\) did not match free space cache generation \([0-9]+\)'
# And of those that a rewrite is for; Linux itself leaves one with too little in it now and then.
old="$invalid|cache and super generation don't match, space cache will be invalidated"
old+='|free space inode generation \([0-9]+\) did not match free space cache generation \([0-9]+\)'
old+='|block group [0-9]+ has wrong amount of free space, free space cache has [0-9]+ block group has [0-9]+'
old+='|failed to load free space cache for block group [0-9]+'

# Several devices have to be found as loop devices, and a partition too.
check_text() { # MORE-SOUND IMG...
	local more=$1 device=$2 rc=0
	shift
	if [ $# != 1 ] || [ ${#partition[@]} != 0 ]; then
		attach "$@"
		device=${loops[0]}
	fi
	# it aborts on some caches
	{ timeout -k 5 "$seconds" btrfs check --readonly "$device" >"$tmp/check" 2>&1 || rc=$?; } 2>/dev/null
	release
	grep -vxE "$sound${more:+|$more}" "$tmp/check" >"$tmp/complaints"
	[ $rc != 0 ] || [ -s "$tmp/complaints" ] || return 0
	echo "status $rc: $(head -c 600 "$tmp/complaints" | tr '\n' ';')"
	return 1
}
