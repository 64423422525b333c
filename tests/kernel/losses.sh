# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Sourced by rewrite-job: is parity right? All of it is what Linux reads when devices are gone. Needs devices.sh, $tmp,
# and fail, release, mount_here and devices_of of rewrite-job.

# The images but those whose numbers (from 1) are given: sets $left.
leave_out() { # NUMBER...
	local i
	left=()
	for ((i = 1; i <= ${#images[@]}; i++)); do
		[[ " $* " = *" $i "* ]] || left+=("${images[i - 1]}")
	done
}

# Verdicts of all caches; a device that is gone changes none.
verdicts_without() {
	devices_of "${left[@]}"
	"$program" --format json validate "${arguments[@]}" 2>"$tmp/error" |
		jq -c '[.images[].block_groups[] | [.bytenr, .state, .verdict]]'
}

files_without() {
	attach "${left[@]}"
	if mount_here ro,degraded; then
		"$here/list-files" "$mnt" >"$tmp/files.left"
		umount "$mnt"
	fi
	release
}

lose() { # NUMBER...
	local left
	leave_out "$@"
	[ "$(verdicts_without)" = "$whole" ] || fail "without devices $*, spacescope says: $(verdicts_without)" || return
	: >"$tmp/files.left"
	files_without
	cmp -s "$before/files" "$tmp/files.left" ||
		fail "without devices $* the files differ: $(diff "$before/files" "$tmp/files.left" | head -3)"
}

# Reads everything, and holds it against checksums and parity.
scrub() {
	attach "${images[@]}"
	if mount_here ro; then
		btrfs scrub start -B -r "$mnt" >"$tmp/scrub" 2>&1
		umount "$mnt"
		grep -q 'Error summary: *no errors found' "$tmp/scrub" || fail "scrub: $(cat "$tmp/scrub")"
	fi
	release
	[ ! -e "$job/failed" ]
}

# Each device, and each two of them where so many may be gone.
lose_devices() {
	local most whole left i k
	most=$(sed -n 's/^survives //p' "$before/notes")
	[ -n "$most" ] || return 0
	leave_out
	whole=$(verdicts_without)
	scrub || return
	for ((i = 1; i <= ${#images[@]}; i++)); do
		lose "$i" || return
		for ((k = i + 1; k <= ${#images[@]} && most > 1; k++)); do
			lose "$i" "$k" || return
		done
	done
}
