#!/bin/bash
# SPDX-License-Identifier: MIT
# Filesystems that are lawful and rare, or wrong in one place that counts: what the commit makes of them.
. "$(dirname "$0")/../lib.sh"
image=$tmp/work.img
commits=0

# start SAMPLE OPS...: a fresh copy, changed by mutate.
start() {
	[ -e "$tmp/$1.img" ] || unpack "$1"
	cp --sparse=always "$tmp/$1.img" "$image" || exit 2
	what=$1
	shift
	[ $# = 0 ] || "$tools/mutate" "$image" "$@" >"$tmp/mutate.out" 2>&1 || fail "$what: $(cat "$tmp/mutate.out")"
}

# commit STATUS OPTION...: it must end so, and leave no danger or error behind, and nothing to do.
commit() {
	local wanted=$1
	shift
	status=0
	"$tools/rewrite" "$@" "$image" >"$tmp/told" 2>"$tmp/err" || status=$?
	expect "$wanted" "$what: rewrite $*"
	[ "$status" != 2 ] || return
	commits=$((commits + 1))
	run --format json validate "$image"
	[ "$status" = 0 ] || fail "$what: validate afterwards: $(jq -c '[.images[] | (.findings[],
		.block_groups[].findings[]?) | select(.severity == "error" or .severity == "danger") | .message]' "$tmp/out")"
	"$tools/rewrite" "$image" >"$tmp/second" 2>&1
	grep -q '^planned 0' "$tmp/second" || fail "$what: a second run: $(cat "$tmp/second")"
}

# item TREE OBJECTID TYPE OFFSET: the item as JSON, or nothing.
item() {
	"$program" --format json tree --root "$1" "$image" |
		jq -c ".items[] | select(.key == {objectid: $2, type: $3, offset: $4})"
}

has() { # WHAT FOUND: that something is there
	[ -n "$2" ] || fail "$what: no $1"
}

hasnt() {
	[ -z "$2" ] || fail "$what: there is still $1: $2"
}

hex() { # LENGTH: that many zero bytes
	printf '%0*d' $((2 * $1)) 0
}

# An empty block group without a header, and no other has room for a cache file: it comes to hold one and to want one.
start cleared item-move extent 13828096 168 393216 13828096 168 983040 then \
	item-move extent 19136512 168 1572864 19136512 168 2883584 then group 13631488 used 8388608 then \
	item-move extent 139526144 168 1966080 139526144 168 216334336 then group 137756672 used 218103808 then \
	super bytes_used +=216268800
commit 0
grep -q '^group 355860480 why touched before CLEAR after WRITTEN' "$tmp/told" || fail "$what: $(cat "$tmp/told")"

# A root item of the first kernels, 239 bytes: made a full one, with both generations (format.md E29).
start clean
raw=$(item root 2 132 0 | jq -r .raw)
[ ${#raw} = 878 ] || fail "a root item has ${#raw} hex digits"
start clean item-delete root 2 132 0 then item-insert root 2 132 0 "${raw:0:478}"
[ "$(item root 2 132 0 | jq .size)" = 239 ] || fail "$what: the root item was not cut"
commit 0 all
[ "$(item root 2 132 0 | jq -c '[.size, .fields.generation, .fields.generation_v2]')" = '[439,9,9]' ] ||
	fail "$what: root item: $(item root 2 132 0)"
[ "$(item root 2 132 0 | jq -r '.raw[494:]')" = "$(hex 192)" ] || fail "$what: what was added is not zero"

# A tree block that the tree leads to and the extent tree does not know, though used is right.
start clean
root=$("$program" --format json tree --root root "$image" | jq '.items[0].leaf')
start clean item-move extent "$root" 169 0 125829120 169 0
commit 2 all
grep -q 'tree block .* repair the filesystem' "$tmp/err" || fail "$what: $(cat "$tmp/err")"

# Cache inodes are numbered above everything in the root tree, subvolumes too, and that number may be near the end (A2).
start clean header-delete 30408704 then item-insert root 5000 132 0 "$(item root 5 132 0 | jq -r .raw)"
commit 0
has "inode 5001" "$(item root 5001 1 0)"
hasnt "inode 256" "$(item root 256 1 0)"

# An inode that bears the number of something else in the root tree is not reused and not removed.
start clean item-insert root 256 250 7 "$(hex 21)" then header 30408704 entries 0
commit 0
has "inode 256" "$(item root 256 1 0)"
has "the item beside it" "$(item root 256 250 7)"

# Interrupted removal: an inode with an orphan item and no header (A12).
start clean item-insert root -5 48 256 - then inode 30408704 nlink 0 then header-delete 30408704
commit 0
hasnt "inode 256" "$(item root 256 1 0)"
hasnt "its orphan item" "$("$program" --format json tree --root root "$image" | jq -c '.items[] | select(.key.type == 48)')"
grep -q '^removed inode 256' "$tmp/told" || fail "$what: not told: $(cat "$tmp/told")"

# The reference to a cache's extent stands as an item of its own (D3; hash of root 1, inode 256, offset 0).
start clean
extent=$(item root 256 108 0 | jq '.fields.disk_bytenr')
head=$(item extent "$extent" 168 65536 | jq -r '.raw[:48]')
start clean item-delete extent "$extent" 168 65536 then item-insert extent "$extent" 168 65536 "$head" then \
	item-insert extent "$extent" 178 $((0x1d759829da019814)) 01000000000000000001000000000000000000000000000001000000
commit 0 all
hasnt "the old extent" "$("$program" --format json tree --root extent "$image" | jq -c ".items[] | select(.key.objectid == $extent)")"

# That extent is held twice: the cache is given up, the extent stays.
start clean item extent "$extent" 168 65536 0 2 then header 30408704 entries 0
commit 1
grep -q '^event 30408704 ERROR: .*not exactly one reference' "$tmp/told" || fail "$what: $(cat "$tmp/told")"
has "the extent" "$(item extent "$extent" 168 65536)"

# Made invalid: nothing is left to be made invalid, nor a danger or an error. Flags of old formats would be looked at before the
# generation (A6); what Linux loads and never renews goes altogether.
for sample in old-format small-group shared-inode clean; do
	start "$sample"
	"$tools/rewrite" all invalidate "$image" >"$tmp/told" 2>&1 || fail "$what: $(tail -n 1 "$tmp/told")"
	grep -q '^planned 1' "$tmp/told" || fail "$what: $(cat "$tmp/told")"
	run validate "$image"
	expect 0 "$what, made invalid: $(cat "$tmp/out")"
	"$tools/rewrite" all invalidate "$image" >"$tmp/second" 2>&1
	grep -q '^planned 0' "$tmp/second" || fail "$what: a second run: $(cat "$tmp/second")"
done

[ "$commits" -ge 7 ] || fail "only $commits commits"
finish
