#!/bin/bash
# SPDX-License-Identifier: MIT
# rewrite refuses what can't be done safely: exit status 2, one sentence that says why, not a byte written.
. "$(dirname "$0")/../lib.sh"
unpack stale-label
unpack raid1
image=$tmp/work.img

fresh() {
	cp "$tmp/${1:-stale-label}.img" "$image"
}

# refused WORDS ARGUMENT...: the sentence must hold WORDS (a pattern); $image is as it was.
refused() {
	local words=$1 before
	shift
	before=$(digest "$image")
	run rewrite "$@"
	expect 2 "rewrite $*"
	expect_sentence "rewrite $*"
	grep -qiE -e "$words" "$tmp/err" || fail "rewrite $*: no '$words' in: $(cat "$tmp/err")"
	[ "$before" = "$(digest "$image")" ] || fail "rewrite $*: refused, but it writes"
}

for pair in 'log-tree:log tree' 'v2:free space tree' 'left-over:enable-v1' 'group-used:used'; do
	unpack "${pair%%:*}"
	fresh "${pair%%:*}"
	refused "${pair#*:}" "$image"
	refused "${pair#*:}" --dry-run "$image"
	refused "${pair#*:}" --undo "$tmp/refused.undo" "$image"
	[ ! -e "$tmp/refused.undo" ] || fail "$pair: an undo file is left"
	refused "${pair#*:}" --output "$tmp/refused.img" "$image"
	[ ! -e "$tmp/refused.img" ] || fail "$pair: a copy is left"
done

# Features that nobody knows.
fresh
"$tools/mutate" "$image" super incompat '+=0x8000000000' >/dev/null || exit 2
refused 'BIT_39|feature|incompat' "$image"
fresh
"$tools/mutate" "$image" super compat_ro '+=0x8000000000' >/dev/null || exit 2
refused 'BIT_39|feature|compat_ro' "$image"

# A device is missing.
set -- "$tmp"/raid1*.img
cp "$1" "$image"
refused 'device' "$image"

# In use: locked by another process, and by this program itself.
fresh
exec 9<"$image"
flock -x 9
refused "locked|in use" "$image"
run rewrite --dry-run "$image"
expect 2 "a dry run of a locked image"
expect_sentence "a dry run of a locked image"
exec 9<&-
run rewrite "$image"
expect 0 "the image, not locked any more"
if [ "$(id -u)" = 0 ] && loop=$(losetup --find --show "$image" 2>/dev/null); then
	refused 'loop|in use' "$image"
	losetup -d "$loop"
fi

# What is no image, or can't be written to.
refused 'compressed|archive' "$samples/stale-label.tar.zst"
refused 'compressed|archive' "$samples/container-raw-xz.raw.xz"
refused 'No such file' "$tmp/missing.img"
refused '' "$tmp"
mkfifo "$tmp/pipe"
refused '' "$tmp/pipe"
if [ "$(id -u)" != 0 ]; then
	fresh
	chmod 444 "$image"
	refused 'read-only|ermission' "$image"
	chmod 644 "$image"
fi

# Files are made, never written over.
fresh
echo precious >"$tmp/precious"
ln -s "$tmp/nowhere" "$tmp/link"
for file in "$tmp/precious" "$tmp/link" "$tmp/none/file"; do
	refused "'?$file" --undo "$file" "$image"
	refused "'?$file" --output "$file" "$image"
done
[ "$(cat "$tmp/precious")" = precious ] || fail "a file was written over"
[ ! -e "$tmp/nowhere" ] || fail "a link was followed"
refused '' --undo "$image" "$image"
refused '' --output "$image" "$image"
finish
