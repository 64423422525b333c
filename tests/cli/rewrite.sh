#!/bin/bash
# SPDX-License-Identifier: MIT
# rewrite over all samples: what it says of its end is so, validate agrees, a second run finds nothing to do, and what
# is refused is as it was.
. "$(dirname "$0")/../lib.sh"

# What a rewrite must refuse: a log tree, the free space tree, a cache that is off, wrong accounting, a device that is behind.
refused="block-group-tree grown group-used left-over log-tree raid1-stale-member seed v2 v2-bitmaps v2-count crash-v2-flags v2-excess v2-from-v1 v2-invalid v2-left-over v2-missing"

# Takes the last run's JSON: which block groups were asked for and have no cache in the end.
lacking() {
	jq -c '[.block_groups[] | select(.why == "selected" and .wants_cache and .state_after != "WRITTEN") | .bytenr]' "$tmp/out"
}

# images: sets $image and the array $devices from what was unpacked.
images() {
	set -- "$tmp"/*.img
	image=$1 devices=()
	shift
	for other; do
		devices+=(--device "$other")
	done
}

wrote() {
	jq -e '.committed and (.transaction | .generation > 0 and .blocks_written > 0 and .flushes > 0)' "$tmp/out" >/dev/null ||
		fail "$name: no commit: $(jq -c '[.committed, .transaction]' "$tmp/out")"
	jq -e '.filesystem.generation == .transaction.generation' "$tmp/out" >/dev/null || fail "$name: another generation than the commit's"
	run --format json validate "$image" "${devices[@]}"
	expect 0 "validate after rewrite of $name"
	run --format json groups "$image" "${devices[@]}"
	jq -c '[.block_groups[] | [.bytenr, .state]]' "$tmp/out" >"$tmp/states"
	jq -c '[.block_groups[] | [.bytenr, .state_after]]' "$tmp/said" | cmp -s - "$tmp/states" ||
		fail "$name: groups sees other states than rewrite said: $(cat "$tmp/states") $(jq -c '[.block_groups[] | [.bytenr, .state_after]]' "$tmp/said")"
	hash=$(digest "$image")
	run rewrite "$image" "${devices[@]}"
	expect 0 "the second rewrite of $name"
	grep -q '^nothing to do' "$tmp/out" || fail "$name: the second rewrite finds something to do: $(tail -n 5 "$tmp/out")"
	[ "$hash" = "$(digest "$image")" ] || fail "$name: the second rewrite writes"
}

rewritten=0
for file in "$samples"/*.tar.zst; do
	name=$(basename "$file" .tar.zst)
	unpack "$name"
	images
	hash=$(digest "$tmp"/*.img)
	run --format json rewrite "$image" "${devices[@]}"
	cp "$tmp/out" "$tmp/said"
	if [[ " $refused " == *" $name "* ]]; then
		expect 2 "rewrite of $name"
		expect_sentence "rewrite of $name"
		jq -e '.error.message | length > 0' "$tmp/out" >/dev/null || fail "$name: no error in JSON"
	else
		[ "$status" -le 1 ] || fail "$name: exit status $status: $(cat "$tmp/err")"
	fi
	case $status in
	0)
		[ "$(lacking)" = "[]" ] || fail "$name: exit status 0, but not WRITTEN: $(lacking)"
		if jq -e .transaction "$tmp/out" >/dev/null; then
			rewritten=$((rewritten + 1))
			wrote
		else
			[ "$hash" = "$(digest "$tmp"/*.img)" ] || fail "$name: nothing to do, but it writes"
			run validate "$image" "${devices[@]}"
			expect 0 "validate of $name, where there was nothing to do"
		fi
		;;
	1)
		[ "$(lacking)" != "[]" ] || fail "$name: exit status 1, but nothing is lacking"
		jq -e '.block_groups | all(.problem == null or (.problem | length > 0))' "$tmp/out" >/dev/null || fail "$name: an empty problem"
		jq -e "$(lacking) as \$l | .block_groups | all((.bytenr | IN(\$l[])) == (.problem != null))" "$tmp/out" >/dev/null ||
			fail "$name: problems of other block groups than $(lacking)"
		;;
	*) [ "$hash" = "$(digest "$tmp"/*.img)" ] || fail "$name: refused, but it writes" ;;
	esac
	rm -f "$tmp"/*.img
done
[ "$rewritten" -ge 40 ] || fail "only $rewritten samples were rewritten"
finish
