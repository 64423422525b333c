#!/bin/bash
# SPDX-License-Identifier: MIT
# The superblocks after a commit, by btrfs inspect-internal dump-super of before and after (format.md B4, B5).
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
command -v btrfs >/dev/null || skip "btrfs-progs is not installed"

# facts IMAGE MIRROR: "name value" lines; those of a backup root and of the system chunks with what they belong to.
facts() {
	btrfs inspect-internal dump-super -f -s "$2" "$1" 2>/dev/null | awk '
		/^superblock:|^---/ {next}
		/^backup_roots/ {part = "backup"; next}
		/^sys_chunk_array/ {part = "chunks"; next}
		/^\tbackup [0-9]+:/ {slot = $2; sub(":", "", slot); next}
		part == "backup" && NF {name = $1; $1 = ""; print "backup" slot "." name $0; next}
		part == "chunks" && NF {print "chunk" ++n, $0; next}
		NF {name = $1; $1 = ""; print name $0}'
}

value() { # FILE NAME
	sed -nE "s/^$2[: ]+//p" "$1" | head -n 1
}

# Everything of a superblock that no commit of ours changes.
constant() {
	grep -vE '^(csum|generation|root|bytes_used|cache_generation|uuid_tree_generation|bytenr) |^backup' "$1"
}

same() { # WHAT ONE OTHER
	[ -n "$2" ] || fail "$what: nothing is known of $1"
	[ "$2" = "$3" ] || fail "$what: $1 is $3, not $2"
}

# check_slot BEFORE AFTER GENERATION: the slot behind that of the last generation is the new one's, the others are untouched.
check_slot() {
	local slot last="" k
	for k in 0 1 2 3; do
		[ "$(value "$1" "backup$k.backup_tree_root" | awk '{print $3}')" = $(($3 - 1)) ] && last=$k
	done
	slot=$(((${last:--1} + 1) % 4))
	for k in 0 1 2 3; do
		[ $k != $slot ] || continue
		same "backup slot $k" "$(grep "^backup$k\." "$1")" "$(grep "^backup$k\." "$2")"
	done
	same "the new slot's tree root" "$(value "$2" root) gen: $3 level: $(value "$2" root_level)" \
		"$(value "$2" "backup$slot.backup_tree_root" | tr '\t' ' ' | tr -s ' ')"
	same "its chunk root" "$(value "$2" chunk_root) gen: $(value "$2" chunk_root_generation) level: 0" \
		"$(value "$2" "backup$slot.backup_chunk_root" | tr '\t' ' ' | tr -s ' ')"
	same "its total_bytes" "$(value "$2" total_bytes)" "$(value "$2" "backup$slot.backup_total_bytes")"
	same "its bytes_used" "$(value "$2" bytes_used)" "$(value "$2" "backup$slot.backup_bytes_used")"
	same "its num_devices" "$(value "$2" num_devices)" "$(value "$2" "backup$slot.backup_num_devices")"
	for k in extent:EXTENT fs:FS dev:DEV csum:CSUM; do
		same "its ${k%:*} root" "$(root_of "${k#*:}_TREE")" \
			"$(value "$2" "backup$slot.(backup_)?${k%:*}_root" | tr '\t' ' ' | tr -s ' ')"
	done
}

# root_of TREE: as its root item says, in the words of a backup root.
root_of() {
	btrfs inspect-internal dump-tree --noscan -t root "${files[@]}" 2>/dev/null |
		awk -v key="($1" '$3 == "key" {on = $4 == key && $5 == "ROOT_ITEM"}
			on && $1 == "generation" {generation = $2; bytenr = $6}
			on && $1 == "level" {print bytenr " gen: " generation " level: " $2; exit}'
}

# judge SAMPLE OPTION...: one commit of everything.
judge() {
	local k m new sum
	what=$1
	shift
	[ -e "$tmp/$what.img" ] || [ -e "$tmp/$what.1.img" ] || unpack "$what"
	files=("$tmp/$what"*.img)
	[ -z "$ops" ] || "$tools/mutate" "$(IFS=, && echo "${files[*]}")" "$@" >/dev/null || fail "$what: $*"
	for k in "${!files[@]}"; do
		for m in 0 1; do facts "${files[k]}" $m >"$tmp/before$k.$m"; done
	done
	"$tools/rewrite" all "$(IFS=, && echo "${files[*]}")" >"$tmp/out" 2>&1 || fail "$what: $(tail -n 1 "$tmp/out")"
	new=$(($(value "$tmp/before0.0" generation) + 1))
	sum=$("$program" --format json groups --device "${files[1]:-/dev/null}" "${files[0]}" 2>/dev/null | jq '[.block_groups[].used] | add')
	[ ${#files[@]} -gt 1 ] || sum=$("$program" --format json groups "${files[0]}" | jq '[.block_groups[].used] | add')
	for k in "${!files[@]}"; do
		for m in 0 1; do
			facts "${files[k]}" $m >"$tmp/after$k.$m"
			grep -q '^csum .*\[match\]' "$tmp/after$k.$m" || fail "$what: device $k mirror $m: $(grep csum "$tmp/after$k.$m")"
			same "what must stay, on device $k mirror $m" "$(constant "$tmp/before$k.$m")" "$(constant "$tmp/after$k.$m")"
			same "bytenr" "$((m ? 67108864 : 65536))" "$(value "$tmp/after$k.$m" bytenr)"
			same generation $new "$(value "$tmp/after$k.$m" generation)"
			same cache_generation $new "$(value "$tmp/after$k.$m" cache_generation)"
			same flags 0x1 "$(value "$tmp/after$k.$m" flags)"
			if [ "$(value "$tmp/before$k.$m" uuid_tree_generation)" = $((new - 1)) ]; then
				same uuid_tree_generation $new "$(value "$tmp/after$k.$m" uuid_tree_generation)"
			else
				same uuid_tree_generation "$(value "$tmp/before$k.$m" uuid_tree_generation)" \
					"$(value "$tmp/after$k.$m" uuid_tree_generation)"
			fi
			[ "$(value "$tmp/after$k.$m" root)" != "$(value "$tmp/before$k.$m" root)" ] || fail "$what: the root stays"
			[ -z "$sum" ] || [ ${#files[@]} -gt 2 ] || same bytes_used "$sum" "$(value "$tmp/after$k.$m" bytes_used)"
			check_slot "$tmp/before$k.$m" "$tmp/after$k.$m" $new
		done
	done
}

ops=
# Slot after slot, round and round.
for round in 1 2 3 4 5; do
	judge clean
done
for sample in mixed node-64k csum-sha256 csum-xxhash csum-blake2 metadata-uuid raid1 raid0 raid10 quota; do
	judge "$sample"
done
# No backup root is of the last generation: the first slot. And a uuid tree that is behind stays so.
ops=yes
judge node-4k super @0xb33 1 then super @0xbdb 2 then super @0xc83 3 then super @0xd2b 4 then super @0x233 5
same uuid_tree_generation 5 "$(value "$tmp/after0.0" uuid_tree_generation)"
same "the first slot" "$(($(value "$tmp/after0.0" generation)))" "$(value "$tmp/after0.0" backup0.backup_tree_root | awk '{print $3}')"
finish
