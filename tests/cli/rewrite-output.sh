#!/bin/bash
# SPDX-License-Identifier: MIT
# rewrite as text and as JSON: the same facts, events in order, quiet and verbose, dry run, choice of block groups.
. "$(dirname "$0")/../lib.sh"

holds() {
	jq -e "$1" "$tmp/out" >/dev/null || fail "$2: not so: $1: $(head -c 600 "$tmp/out")"
}
keys() {
	[ "$(jq -r "$1 | keys_unsorted | join(\" \")" "$tmp/out" | sort -u)" = "$2" ] ||
		fail "$what: keys of $1: $(jq -r "$1 | keys_unsorted | join(\" \")" "$tmp/out" | sort -u)"
}
fresh() {
	cp "$tmp/$1.img" "$image"
}

unpack stale-label
unpack orphan-header
unpack clean
image=$tmp/work.img

# A dry run says what the commit will say, and writes nothing.
what="dry run"
fresh stale-label
before=$(digest "$image")
run --format json rewrite --dry-run "$image"
expect 0 "$what"
holds '.dry_run and (.committed | not)' "$what"
jq -c 'del(.dry_run, .committed, .filesystem)' "$tmp/out" >"$tmp/planned"
generation=$(jq .filesystem.generation "$tmp/out")
[ "$before" = "$(digest "$image")" ] || fail "a dry run writes"
run rewrite --dry-run "$image"
expect 0 "$what as text"
tail -n 1 "$tmp/out" | grep -q '^dry run, nothing was written: ' || fail "a dry run does not say so: $(tail -n 1 "$tmp/out")"
[ "$before" = "$(digest "$image")" ] || fail "a dry run writes"
! grep -q 'committed' "$tmp/out" || fail "a dry run says that it committed"
run --format json rewrite --dry-run "$samples/stale-label.tar.zst"
expect 0 "a dry run of an archive"

what="rewrite"
run --format json rewrite "$image"
expect 0 "$what"
keys . "__header command image filesystem output outputs dry_run committed transaction block_groups removed"
keys .image "path size devices"
keys .transaction "generation blocks_written cache_bytes_written flushes"
keys '.block_groups[]' "bytenr length type profile why wants_cache state_before state_after transitions cache problem"
keys '.block_groups[].cache | select(.)' "bytenr bytes entries bitmaps"
holds '.command == "rewrite" and .committed and (.dry_run | not) and .output == null' "$what"
holds ".filesystem.generation == $generation + 1 and .filesystem.cache_generation == $generation + 1" "$what"
holds ".image.path == \"$image\" and .transaction.generation == $generation + 1" "$what"
holds '.block_groups | all(.why | IN("none", "selected", "trusted", "touched"))' "$what"
holds '.block_groups | map(.bytenr) | . == sort and length == 5' "$what"
holds '.block_groups | all((.transitions | length == 0) or (.transitions[-1] == .state_after))' "$what"
# An eligible block group goes through all of it.
holds '.block_groups | all(.cache == null or (.transitions | (index("SETUP") < index("NEED_WRITE")) and index("NEED_WRITE") < index("WRITTEN")))' "$what"
holds '[.block_groups[] | select(.cache)] | length > 0 and all(.state_after == "WRITTEN" and .entries != 0)' "$what"
jq -c 'del(.dry_run, .committed, .filesystem)' "$tmp/out" | cmp -s - "$tmp/planned" ||
	fail "a dry run plans something else: $(cat "$tmp/planned")"
cp "$tmp/out" "$tmp/json"
# Where the caches lie, and what is in them, is what the reader finds.
while read -r group bytenr bytes entries bitmaps; do
	run --format json cache --group "$group" "$image"
	holds ".extent.disk_bytenr == $bytenr and .extent.disk_num_bytes == $bytes and .header.num_entries == $entries and .header.num_bitmaps == $bitmaps" \
		"the cache of $group"
done < <(jq -r '.block_groups[] | select(.cache) | [.bytenr, .cache.bytenr, .cache.bytes, .cache.entries, .cache.bitmaps] | @tsv' "$tmp/json")

# Text: the events are the transitions, line by line; the table has the block groups that take part.
fresh stale-label
run --raw rewrite "$image"
expect 0 "as text"
sed '/^$/,$d' "$tmp/out" | awk '$1 ~ /^[0-9]+$/ && NF >= 4 {print $1, $4}' >"$tmp/events"
jq -r '.block_groups[] | .bytenr as $b | .transitions[] | "\($b) \(.)"' "$tmp/json" >"$tmp/transitions"
[ -s "$tmp/events" ] || fail "no events in text"
cmp -s <(sort "$tmp/events") <(sort "$tmp/transitions") || fail "text has other events than JSON: $(diff "$tmp/events" "$tmp/transitions")"
while read -r group; do # and in the same order for each block group
	cmp -s <(grep "^$group " "$tmp/events") <(grep "^$group " "$tmp/transitions") || fail "events of $group in another order"
done < <(cut -d' ' -f1 "$tmp/transitions" | sort -u)
sed '1,/^$/d' "$tmp/out" | awk '$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+$/ {print $1, $5, $6, $7, $8}' >"$tmp/rows"
jq -r '.block_groups[] | select(.why != "none") | "\(.bytenr) \(.why) \(.state_before) \(.state_after) \(.cache.bytenr // "-")"' "$tmp/json" |
	cmp -s - "$tmp/rows" || fail "the table is another than in JSON: $(cat "$tmp/rows")"
[ "$(tail -n 1 "$tmp/out")" = "$(jq -r '.transaction | "committed generation \(.generation)  tree blocks \(.blocks_written)  caches \(.cache_bytes_written)  flushes \(.flushes)"' "$tmp/json")" ] ||
	fail "the summary: $(tail -n 1 "$tmp/out")"
! grep -q 'spacescope undo' "$tmp/out" || fail "tells of an undo file that is not there"

fresh stale-label
run -q --raw rewrite "$image"
expect 0 "-q"
! grep -qE '^fsid|event|NEED_WRITE$' "$tmp/out" || fail "-q prints head or events: $(cat "$tmp/out")"
[ "$(tail -n 1 "$tmp/out" | cut -d' ' -f1)" = committed ] || fail "-q lacks the summary"
run -v rewrite "$image"
expect 0 "-v"
[ "$(grep -c ' none ' "$tmp/out")" = 5 ] || fail "-v does not list all block groups: $(cat "$tmp/out")"

# Nothing to do.
what="nothing to do"
run rewrite --undo "$tmp/none.undo" "$image"
expect 0 "$what"
[ "$(tail -n 1 "$tmp/out")" = "nothing to do: nothing was written" ] || fail "$what: $(cat "$tmp/out")"
[ ! -e "$tmp/none.undo" ] || fail "$what: there is an undo file"
run --format json rewrite "$image"
holds '.transaction == null and (.committed | not) and (.block_groups | length == 5 and all(.why == "none" and .transitions == []))' "$what"

# What nobody claims is removed, and named.
fresh orphan-header
run rewrite "$image"
expect 0 "orphan-header"
grep -q '^removed the cache header of block group [0-9]' "$tmp/out" || fail "a removed header is not named: $(cat "$tmp/out")"
fresh orphan-header
run --format json rewrite "$image"
keys '.removed[]' "kind block_group inode"
holds '[.removed[] | select(.kind == "header" and .block_group > 0 and .inode == null)] | length == 1' "orphan-header"

# Chosen ones: only these are "selected", WRITTEN or not.
fresh clean
run --format json groups "$image"
mapfile -t groups < <(jq '.block_groups[] | select(.state == "WRITTEN") | .bytenr' "$tmp/out")
run --format json rewrite --group "${groups[0]}" "$image"
expect 0 "--group"
holds "[.block_groups[] | select(.why == \"selected\") | .bytenr] == [${groups[0]}]" "--group"
holds ".block_groups | all(.bytenr != ${groups[0]} or (.state_before == \"WRITTEN\" and .state_after == \"WRITTEN\" and .cache))" "--group"
run --format json rewrite --group "${groups[1]}" --group "$(printf '0x%x' "${groups[0]}")" "$image"
holds "[.block_groups[] | select(.why == \"selected\") | .bytenr] == ([${groups[0]}, ${groups[1]}] | sort)" "two --group"
run --format json rewrite --all "$image"
expect 0 "--all"
holds '.block_groups | all((.state_before == "WRITTEN") == (.why == "selected"))' "--all"
hash=$(digest "$image")
run rewrite --group 4711 "$image"
expect 2 "a block group that does not exist"
expect_sentence "a block group that does not exist"
grep -q 4711 "$tmp/err" || fail "the block group that does not exist is not named: $(cat "$tmp/err")"
[ "$hash" = "$(digest "$image")" ] || fail "a block group that does not exist: something was written"

# Only marked invalid: no cache is written, the next rewrite writes them.
fresh stale-label
run --format json rewrite --invalidate "$image"
expect 0 "--invalidate"
holds '.transaction.cache_bytes_written == 0 and (.block_groups | all(.cache == null and .state_after != "WRITTEN" or .why == "none"))' "--invalidate"
run validate "$image"
expect 0 "validate after --invalidate"
run rewrite "$image"
expect 0 "rewrite after --invalidate"

# A block group that wants a cache and can't have one: exit status 1, named; the rest is done, and once only.
unpack enospc
image=$tmp/enospc.img
run --format json rewrite "$image"
expect 1 "enospc"
holds '.committed and ([.block_groups[] | select(.problem)] | length == 1 and
	all(.why == "selected" and .wants_cache and .cache == null and .state_after == "SETUP" and .transitions[-1] == "ERROR"))' "enospc"
holds '.block_groups | any(.why == "selected" and .state_after == "WRITTEN")' "enospc"
hash=$(digest "$image")
run rewrite "$image"
expect 1 "enospc a second time"
grep -qE '^ +problem: .*free bytes' "$tmp/out" || fail "enospc: the problem is not in text: $(cat "$tmp/out")"
grep -qx 'nothing could be done: nothing was written' "$tmp/out" || fail "enospc a second time: $(cat "$tmp/out")"
[ "$(tail -n 1 "$tmp/out")" = "1 block group asked for without a WRITTEN cache in the end" ] || fail "enospc: the last line: $(tail -n 1 "$tmp/out")"
[ "$hash" = "$(digest "$image")" ] || fail "enospc a second time: something was written"

# A cache that is off is turned on when asked to.
unpack left-over
run --format json rewrite --enable-v1 "$tmp/left-over.img"
expect 0 "--enable-v1"
holds '.committed and .filesystem.cache_generation == .filesystem.generation and ([.block_groups[] | select(.why == "selected")] | all(.state_after == "WRITTEN"))' "--enable-v1"
run validate "$tmp/left-over.img"
expect 0 "validate after --enable-v1"
finish
