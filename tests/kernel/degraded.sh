# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by rewrite and rewrite-job: rewritten filesystems that lack devices, as far as their profiles bear it. The
# judging machine, then the running kernel, load every cache and read every file, read-only, with -o degraded.

# How many devices the images of a job may lack; these kinds come as samples, where all is in the one profile.
spare_devices() { # JOB
	case $1 in
	*/sample-raid1/all | */sample-raid10/all | */sample-raid5/all) echo 1 ;;
	*/sample-raid1c3/all | */sample-raid6/all) echo 2 ;;
	*) echo 0 ;;
	esac
}

# The numbers of the devices that are left, "1,3", one line for each way to lack 1 to LACKING of COUNT.
ways_to_lack() { # COUNT LACKING
	local mask i left
	for ((mask = 1; mask < (1 << $1) - 1; mask++)); do
		left=
		for ((i = 0; i < $1; i++)); do
			((mask >> i & 1)) && left+=,$((i + 1))
		done
		left=${left#,}
		[ $(($1 - (${#left} + 1) / 2)) -gt "$2" ] || echo "$left"
	done
}

# Linux before 6.2 can't read a row of RAID6 that lacks data and Q, so the machine is spared that.
ways_for_machine() { # JOB
	local count=("$1"/[0-9]*.img) spare
	spare=$(spare_devices "$1")
	[[ $1 != */sample-raid6/* ]] || spare=1
	[ "$spare" = 0 ] || ways_to_lack ${#count[@]} "$spare"
}

# The lines that taken.awk wants, each way a job of its own: JOB@LEFT.
describe_degraded() {
	local job left
	: >"$tmp/degraded.groups"
	while read -r job; do
		[ -e "$job/vm.ok" ] || continue
		for left in $(ways_for_machine "$job"); do
			printf '%s@%s\t%s\tall\t0\n' "$job" "$left" "$job/${left//,/.img,$job/}.img"
			jq -r --arg job "$job@$left" '.block_groups[] | [$job, .bytenr, .length, .used] | @tsv' "$job/facts" \
				>>"$tmp/degraded.groups"
			jq -r --arg job "$job@$left" '.images[].block_groups[] | [$job, .bytenr, "state", .state,
				.excluded_bytes] | @tsv' "$job/validate.json" >>"$tmp/degraded.groups"
		done
	done <"$tmp/jobs"
}

# "SPEC hash" of the files, for the filesystems as they were, then the degraded: Linux takes no device for one of a
# later generation that it has seen before.
files_in_machine() {
	local job images specs=()
	for job in $(cut -d@ -f1 "$tmp/degraded" | uniq); do
		images=("${job%/*}/before"/[0-9]*.img)
		specs+=("$(IFS=, && echo "${images[*]}")")
	done
	mapfile -t -O ${#specs[@]} specs < <(cut -f2 "$tmp/degraded")
	"$here/vm.sh" judge --files --opts ro,degraded "${specs[@]}" | awk '$1 == "DISK" {spec = $2} $1 == "FILES" {print spec, $2}'
}

# Needs $tmp/jobs and what ask_machine leaves. What is wrong is added to JOB/failed; else there is JOB/degraded.ok.
ask_machine_degraded() {
	local result way job reason specs spec wanted
	describe_degraded >"$tmp/degraded"
	[ -s "$tmp/degraded" ] || return 0
	mapfile -t specs < <(cut -f2 "$tmp/degraded")
	"$here/vm.sh" judge --opts ro,degraded "${specs[@]}" >"$tmp/degraded.machine"
	awk -f "$here/taken.awk" "$tmp/degraded" "$tmp/degraded.groups" "$tmp/degraded.machine" >"$tmp/degraded.taken"
	while read -r result way reason; do
		way=${way%:}
		[ "$result" = FAIL ] && echo "virtual machine, devices ${way##*@}: $reason" >>"${way%@*}/failed"
	done <"$tmp/degraded.taken"
	files_in_machine >"$tmp/degraded.files"
	while IFS=$'\t' read -r way spec _; do
		job=${way%@*}
		wanted=$(awk -v at="${job%/*}/before/" 'index($1, at) == 1 {print $2}' "$tmp/degraded.files")
		[ -n "$wanted" ] && grep -qxF "$spec $wanted" "$tmp/degraded.files" ||
			echo "virtual machine, devices ${way##*@}: the files differ" >>"$job/failed"
	done <"$tmp/degraded"
	for job in $(cut -d@ -f1 "$tmp/degraded" | uniq); do
		[ -e "$job/failed" ] || touch "$job/degraded.ok"
	done
}

# For rewrite-job: every way, by the running kernel. A device that was missing stays in its memory until it is seen
# again, so the whole filesystem has to be attached afterwards.
load_degraded() {
	local left image some
	for left in $(ways_to_lack ${#images[@]} "$(spare_devices "$job")"); do
		some=()
		for image in ${left//,/ }; do
			some+=("$job/$image.img")
		done
		attach "${some[@]}"
		load degraded, "devices $left: "
		release
		[ ! -e "$job/failed" ] || return
	done
}
