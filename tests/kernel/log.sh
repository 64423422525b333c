# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by scripts that listen to the running kernel. Its log is read by position in /dev/kmsg and never cleared.
# They bring $tmp, a scratch folder of their own, and $loops, the loop devices that the messages are about.

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
