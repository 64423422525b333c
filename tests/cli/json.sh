#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command's JSON: one valid document with the keys of version 1, the same facts as text, no lost number.
. "$(dirname "$0")/../lib.sh"

# holds FILTER WHAT: the output before, through jq.
holds() {
	jq -e "$1" "$tmp/out" >/dev/null || fail "$2: not so: $1: $(head -c 300 "$tmp/out")"
}

# keys PATH KEY...: the objects there, if any, have exactly these keys.
keys() {
	local path=$1 have want
	shift
	have=$(jq -r "$path | keys_unsorted | join(\" \")" "$tmp/out" | sort -u)
	want=$*
	[ -z "$have" ] || [ "$have" = "$want" ] || fail "$what: keys of $path are '$have', not '$want'"
}

document() {
	holds '.__header == {"version": "1", "tool": "'"$("$program" --version | sed -n 1p)"'"}' "$what"
	holds ".command == \"$1\"" "$what"
	holds '.image | has("path") and has("size") and (.devices | length > 0)' "$what"
	filesystem .filesystem
	keys ".findings[]" code severity block_group message details
}

filesystem() {
	keys "$1" fsid metadata_uuid label generation cache_generation space_cache nodesize sectorsize csum_type \
		num_devices total_bytes bytes_used incompat_flags compat_ro_flags log_root
}

group_keys="bytenr length used excluded_bytes type profile state verdict verdict_if_trusted step reason
crash_kernels cache copies recomputed compare free_space_tree"
groups() {
	# shellcheck disable=SC2086
	keys "$1[]" $group_keys $2
	keys "$1[].cache | select(.)" generation inode_generation page_generation inode entries bitmaps pages declared_bytes ranges_bytes format
	keys "$1[].recomputed | select(.)" free_bytes ranges largest
	keys "$1[].compare | select(.)" relation excess_bytes missing_bytes
	holds "$1 | all(.state | IN(\"NONE\", \"CLEAR\", \"SETUP\", \"NEED_WRITE\", \"ERROR\", \"WRITTEN\", \"UNKNOWN\"))" "$what"
	holds "$1 | all(.verdict, .verdict_if_trusted | IN(\"not-loaded\", \"ignored\", \"refused\", \"accepted\", \"crashes\", \"unknown\"))" "$what"
	holds "$1 | map(.bytenr) | . == sort and length > 0" "$what"
}

for sample in clean bitmaps v2 raid1 stale-label; do
	unpack "$sample"
	set -- "$tmp"/*.img
	image=$1
	devices=()
	for other in "$tmp"/*.img; do
		[ "$other" = "$image" ] || devices+=(--device "$other")
	done
	what="groups of $sample"
	run --format json groups "$image" "${devices[@]}"
	expect 0 "$what"
	document groups
	groups .block_groups ""
	cp "$tmp/out" "$tmp/groups.json"
	group=$(jq '[.block_groups[] | select(.cache)] + .block_groups | .[0].bytenr' "$tmp/groups.json")
	run --raw groups "$image" "${devices[@]}"
	expect 0 "$what as text"
	[ "$(awk '$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+$/ {print $1}' "$tmp/out" | tr '\n' ' ')" = \
		"$(jq -r '.block_groups[].bytenr' "$tmp/groups.json" | tr '\n' ' ')" ] || fail "$what: text has other rows than JSON"

	what="super of $sample"
	run --format json super "$image" "${devices[@]}"
	expect 0 "$what"
	document super
	holds '[.mirrors[] | select(.used)] | length >= 1' "$what"
	holds '.mirrors | all(has("devid") and has("index") and has("offset") and has("fields"))' "$what"
	holds '(.mirrors | map(.devid) | unique | length) == .filesystem.num_devices' "$what"
	holds '.backup_roots | length == 4' "$what"

	what="cache of $sample"
	for hex in "" --hex; do
		# shellcheck disable=SC2086
		run --format json cache "$image" "${devices[@]}" --group "$group" $hex
		expect 0 "$what $hex"
		document cache
		holds 'has("header") and has("inode") and has("extent") and has("pages") and has("entries")' "$what"
		holds '.pages | all(has("index") and has("kind") and has("crc_stored") and has("crc_computed"))' "$what"
		holds '[.pages[].physical[] | has("devid") and has("offset") and has("image_offset")] | all' "$what"
		holds '.entries | all(has("page") and has("byte") and has("offset") and has("bytes") and has("type") and has("runs"))' "$what"
		holds '(.block_group.cache == null) or .block_group.cache.entries == (.entries | length)' "$what"
		# A bitmap's runs add up to its bytes.
		holds '.entries | all(.type == 1 or .bytes == ([.runs[].length] | add))' "$what"
	done
	holds '.pages | all(.raw == null or ([.labels[].length] | add) == (.raw | length) / 2)' "$what --hex"

	what="diff of $sample"
	run --format json diff "$image" "${devices[@]}"
	[ "$status" -le 1 ] || fail "$what: exit status $status: $(cat "$tmp/err")"
	document diff
	groups .block_groups ranges
	[ "$status" = 1 ] || holds '[.block_groups[].ranges[]] | length == 0' "$what"
	[ "$status" = 0 ] || holds '[.block_groups[].ranges[]] | length > 0' "$what"
	keys '.block_groups[].ranges[]' bytenr length kind source held_by
	keys '.block_groups[].ranges[].held_by | select(.)' kind root objectid offset generation bytenr length
	holds '.block_groups | all(.compare.relation == null or ([.ranges[] | select(.kind == "excess" and .source == "v1") | .length] | add // 0) == .compare.excess_bytes)' "$what"

	for root in root extent chunk dev; do
		what="tree $root of $sample"
		run --format json tree "$image" "${devices[@]}" --root $root
		expect 0 "$what"
		document tree
		holds '.items | length > 0' "$what"
		holds '.items | all((.key | has("objectid") and has("type") and has("offset")) and (.raw | length) == 2 * .size)' "$what"
	done

	what="validate of $sample"
	run --format json validate "$image" "${devices[@]}"
	holds '.__header.version == "1" and .command == "validate" and (.images | length) == 1' "$what"
	holds '.images[0] | has("path") and has("block_groups") and has("findings") and has("summary")' "$what"
	filesystem '.images[0].filesystem'
	groups '.images[0].block_groups' ""
	holds '(.images[0].result == "findings") == ([.images[0].findings[].severity | IN("danger", "error")] | any)' "$what"
	[ "$(jq -c '.images[0].block_groups' "$tmp/out")" = "$(jq -c .block_groups "$tmp/groups.json")" ] ||
		fail "$what: other block groups than the command groups"
	rm -f "$tmp"/*.img
done
finish
