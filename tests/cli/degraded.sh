#!/bin/bash
# SPDX-License-Identifier: MIT
# Devices left out, in any order. As long as the profile bears it the block groups are those of the whole filesystem,
# which kernels have judged (samples.sh); beyond that what is not known is UNKNOWN. Which stripes are missed is held
# against the chunk tree that btrfs-progs print.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
command -v btrfs >/dev/null || skip "btrfs-progs is not installed"
turn=0

# ---- words -------------------------------------------------------------------------------------------------

# Opens some devices; which one comes first changes from call to call.
open_some() { # COMMAND IMG...
	local command=$1 images args=() image k
	shift
	images=("$@")
	turn=$((turn + 1))
	for ((k = 1; k < $#; k++)); do
		args+=(--device "${images[(turn + k) % $#]}")
	done
	run --format json "$command" "${images[turn % $#]}" "${args[@]}"
}

# What btrfs-progs know: the devices in the order of their files, and which device each stripe lies on.
learn() { # IMG...
	local image
	for image in "$@"; do
		btrfs inspect-internal dump-super "$image" | awk '$1 == "dev_item.uuid" {uuid = $2}
			$1 == "dev_item.devid" {printf "{\"devid\": %s, \"uuid\": \"%s\"}\n", $2, uuid}'
	done | jq -s . >"$tmp/devices"
	btrfs inspect-internal dump-tree --noscan -t chunk "$@" 2>/dev/null |
		awk '$4 == "(FIRST_CHUNK_TREE" {chunk = $6 + 0}
			$1 == "stripe" {printf "[%s,%s,%s]\n", chunk, $2, $4}' | jq -s . >"$tmp/stripes"
	[ "$(jq length "$tmp/stripes")" -ge $# ] || fail "btrfs-progs show no stripes of $1"
}

# The devices whose numbers, from 0, are the bits of MASK; the others go to $missing.
choose() { # MASK IMG...
	local mask=$1 k=0 image
	chosen=()
	missing=()
	shift
	for image in "$@"; do
		if ((mask >> k & 1)); then chosen+=("$image"); else missing+=("$k"); fi
		k=$((k + 1))
	done
}

ask_jq() { # WHAT FILTER
	jq -rn --slurpfile whole "$tmp/whole" --slurpfile got "$tmp/out" --slurpfile devices "$tmp/devices" \
		--slurpfile stripes "$tmp/stripes" --argjson missing "[$(IFS=, && echo "${missing[*]}")]" '
		$got[0] as $got | [$missing[] as $k | $devices[0][$k]] as $missing |
		[$got.findings[] | select(.code == "device-missing").details] as $said |
		[$got.findings[] | select(.code == "stripe-missing")] as $lost |
		'"$2" >"$tmp/differences" || echo "no comparison" >>"$tmp/differences"
	[ ! -s "$tmp/differences" ] || fail "$1: $(head -c 400 "$tmp/differences")"
}

# ---- with devices missing ----------------------------------------------------------------------------------

# The same block groups, and findings that name every missing device and some stripes on it.
bears() { # WHAT
	ask_jq "$1" '
		(select($got.block_groups != $whole[0].block_groups) | "other block groups: \($got.block_groups)"),
		(select(($said | map({devid, uuid}) | sort) != ($missing | sort)) | "device-missing: \($said), not \($missing)"),
		($lost[] | [.details | .chunk, .stripe, .devid] as $one |
			select((.severity != "warning") or ([$one] | inside($stripes[0]) | not) or
				(any($missing[]; .devid == $one[2]) | not)) | "no such stripe is missing: \(.)"),
		([$got.findings[] | select(.code | IN("device-missing", "stripe-missing") | not)] as $other |
			select($other != $whole[0].findings) | "other findings: \($other)")'
	lost=$((lost + $(jq '[.findings[] | select(.code == "stripe-missing")] | length' "$tmp/out")))
}

# Each block group is as in the whole filesystem, or unknown; no free space is made up.
is_unknown() { # WHAT
	[ "$status" = 0 ] || fail "$1: groups ends with $status"
	ask_jq "$1" '
		(select($said == []) | "no finding device-missing"),
		($got.block_groups[] | . as $group | ($whole[0].block_groups[] | select(.bytenr == $group.bytenr)) as $right |
			select($group != $right and ($group.state != "UNKNOWN" or $group.verdict == "accepted" or
				($group.recomputed != null and $group.recomputed != $right.recomputed))) |
			"made up: \($group)"),
		($lost[] | select(.severity == "error") | [.details | .chunk, .stripe, .devid] |
			select([.] | inside($stripes[0]) | not) | "no such stripe: \(.)")'
	unknown=$((unknown + $(jq '[.block_groups[] | select(.state == "UNKNOWN")] | length' "$tmp/out")))
}

beyond() { # WHAT
	if [ "$status" = 2 ]; then
		expect_sentence "$1"
		unknown=$((unknown + 1))
		return
	fi
	is_unknown "$1"
	open_some validate "${chosen[@]}"
	[ "$status" = 1 ] || [ "$status" = 2 ] || fail "$1: validate ends with $status"
	[ "$status" = 1 ] || expect_sentence "$1"
}

# All subsets that miss up to one device more than the profile bears; those that miss none try every order.
leave_out() { # SAMPLE BEARS
	local images mask what lost=0 unknown=0 tries
	unpack "$1"
	images=("$tmp/$1."*img)
	"$program" --format json groups "$samples/$1.tar.zst" >"$tmp/whole" || fail "$1: not opened"
	learn "${images[@]}"
	for ((mask = (1 << ${#images[@]}) - 1; mask > 0; mask--)); do
		choose "$mask" "${images[@]}"
		[ ${#missing[@]} -le $(($2 + 1)) ] || continue
		what="$1 without ${missing[*]:-any}"
		tries=1
		[ ${#missing[@]} != 0 ] || tries=${#images[@]}
		for (( ; tries > 0; tries--)); do
			open_some groups "${chosen[@]}"
			if [ ${#missing[@]} -gt "$2" ]; then beyond "$what"; else bears "$what"; fi
		done
	done
	[ "$lost" != 0 ] || [ "$2" = 0 ] || fail "$1: no stripe was ever missed"
	[ "$unknown" != 0 ] || [ $(($2 + 1)) -ge ${#images[@]} ] || fail "$1: nothing was ever unknown"
	rm -f "${images[@]}"
}

while read -r sample bears; do
	leave_out "$sample" "$bears"
done <<-'TABLE'
	raid0 0
	raid1 1
	raid1c3 2
	raid1c4 3
	raid10 1
	raid5 1
	raid6 2
	dup-data 0
TABLE

# ---- two stripes of RAID6 that can be read but are wrong ---------------------------------------------------
# Of the metadata's first row, which begins at 30408704 on device 1 and 9437184 on the others, both data stripes are
# damaged where the root tree's block 38830080 and the block 38895616 lie: Linux then tries without one stripe each.

unpack raid6
"$program" --format json groups "$samples/raid6.tar.zst" >"$tmp/whole"
for place in 1:30441472 2:9469952; do
	printf 'wrong' | dd of="$tmp/raid6.${place%:*}.img" bs=1 seek=$((${place#*:} + 100)) conv=notrunc status=none
done
run --format json groups --device "$tmp/raid6.2.img" --device "$tmp/raid6.3.img" --device "$tmp/raid6.4.img" "$tmp/raid6.1.img"
expect 0 "two wrong stripes"
[ "$(jq -c .block_groups "$tmp/out")" = "$(jq -c .block_groups "$tmp/whole")" ] || fail "two wrong stripes: $(head -c 400 "$tmp/out")"
[ "$(jq -c '[.findings[] | select(.code == "tree-block-copy") | .details | [.bytenr, .copy]] | sort' "$tmp/out")" = \
	"[[38830080,0],[38830080,1],[38830080,2],[38895616,0],[38895616,1],[38895616,2]]" ] || fail "two wrong stripes: $(jq -c .findings "$tmp/out")"
rm -f "$tmp"/raid6.*img

# ---- devices that don't belong -----------------------------------------------------------------------------

refused() { # WHAT FILE...
	local what=$1 file
	shift
	expect 2 "$what"
	expect_sentence "$what"
	for file in "$@"; do
		grep -qF "$file" "$tmp/err" || fail "$what: $file is not named: $(<"$tmp/err")"
	done
}

unpack raid1
unpack raid5
cp --sparse=always "$tmp/raid1.2.img" "$tmp/copy.img"
for command in groups validate super; do
	run "$command" "$tmp/raid1.1.img" --device "$tmp/raid1.1.img"
	refused "$command, one file twice" "$tmp/raid1.1.img"
	run "$command" "$tmp/copy.img" --device "$tmp/raid1.1.img" --device "$tmp/raid1.2.img"
	refused "$command, a copy of a device" "$tmp/copy.img" "$tmp/raid1.2.img"
	run "$command" "$tmp/raid1.2.img" --device "$tmp/raid1.1.img" --device "$tmp/raid5.3.img"
	refused "$command, a stranger" "$tmp/raid5.3.img"
done

# The one that was away is behind, whichever comes first; alone, each is its own time's filesystem.
unpack raid1-stale-member
fresh=$tmp/raid1-stale-member.1.img
stale=$tmp/raid1-stale-member.2.img
for pair in "$fresh $stale" "$stale $fresh"; do
	run --format json validate "${pair% *}" --device "${pair#* }"
	expect 1 "a stale member"
	jq -e --arg path "$stale" --argjson newest "$(jq .super.generation "$samples/expect/raid1-stale-member.json")" '
		.images[0] | .filesystem.generation == $newest and any(.findings[]; .code == "device-differs" and
			.severity == "error" and (.message | contains($path)))' "$tmp/out" >/dev/null ||
		fail "${pair% *} first: $stale is not said to be behind: $(head -c 300 "$tmp/out")"
done
for image in "$fresh" "$stale"; do
	run --format json groups "$image"
	generation=$(btrfs inspect-internal dump-super "$image" | awk '$1 == "generation" {print $2}')
	jq -e --argjson generation "$generation" '[.block_groups[] | select(.cache)] | length == 3 and
		all(.[]; .state == "WRITTEN" and .verdict == "accepted" and .cache.generation == $generation)' \
		"$tmp/out" >/dev/null || fail "$image alone: $(head -c 300 "$tmp/err")"
done
finish
