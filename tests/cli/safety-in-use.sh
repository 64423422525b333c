#!/bin/sh
# An image in use is read with a warning; one that changes meanwhile ends in exit 2.
. "$(dirname "$0")/../lib.sh"
unpack clean
image=$tmp/clean.img

if command -v strace >/dev/null; then
	export ASAN_OPTIONS=detect_leaks=0
	# Every read from the 6th on takes long enough for a commit to come in between.
	strace -f -qq -o "$tmp/trace" -e trace=pread64 -e inject=pread64:delay_exit=300000:when=6+ \
		"$program" --threads 1 validate "$image" >"$tmp/out" 2>"$tmp/err" &
	while [ "$(cat "$tmp/trace" 2>/dev/null | grep -c pread64)" -lt 7 ] && kill -0 $! 2>/dev/null; do
		sleep 0.05
	done
	"$tools/mutate" "$image" super generation +=1 >/dev/null
	status=0
	wait $! || status=$?
	expect 2 "a generation that changes"
	grep -q 'changed' "$tmp/err" || fail "a generation that changes: the sentence does not say so: $(cat "$tmp/err")"
	"$tools/mutate" "$image" super generation -=1 >/dev/null
fi

run validate "$image"
expect 0 "the image at rest"
! grep -q 'in use' "$tmp/err" "$tmp/out" || fail "an image at rest is called in use"
[ "$(id -u)" = 0 ] || finish
loop=$(losetup --find --show "$image" 2>/dev/null) || finish
trap 'losetup -d "$loop"; rm -rf "$tmp"' EXIT
run validate "$loop"
expect 0 "a block device"
if grep -qw btrfs /proc/filesystems && mkdir "$tmp/mnt" && mount -o ro "$loop" "$tmp/mnt" 2>/dev/null; then
	for file in "$loop" "$image"; do
		run validate "$file"
		grep -q 'in use' "$tmp/err" "$tmp/out" || fail "$file, mounted: no warning"
	done
	umount "$tmp/mnt"
fi
finish
