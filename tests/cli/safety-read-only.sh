#!/bin/sh
# Images are opened for reading only, nothing else is written, and they are the same afterwards.
. "$(dirname "$0")/../lib.sh"
command -v strace >/dev/null || skip "strace is not installed"
export ASAN_OPTIONS=detect_leaks=0 # the leak finder can't run under another tracer
unpack bitmaps
image=$tmp/bitmaps.img
before=$(stat -c '%s %Y %Z' "$image") hash=$(sha256sum "$image")
group=$("$program" --format json groups "$image" | jq '[.block_groups[] | select(.cache)][0].bytenr')

# traced ARGUMENT...: which files the run opened to write, made, renamed or removed, beside devices like /dev/null.
traced() {
	strace -f -qq -o "$tmp/trace" -e trace=%file,ftruncate,fallocate,pwrite64,pwritev,write,sendfile,copy_file_range \
		"$program" "$@" >/dev/null 2>&1 </dev/null
	grep -E 'O_(RDWR|WRONLY|CREAT|TRUNC|APPEND|TMPFILE)|(rename|unlink|mkdir|mknod|link|symlink|truncate|chmod|chown|utime)' \
		"$tmp/trace" | grep -v 'readlink'
}

for command in "super" "groups" "cache --group $group" "cache --hex --group $group" "diff" "validate" \
	"tree --root extent" "--format json validate" "--format ndjson validate"; do
	# shellcheck disable=SC2086
	written=$(traced $command "$image")
	[ -z "$written" ] || fail "$command writes: $written"
	grep -F "\"$image\"" "$tmp/trace" | grep -q O_RDONLY || fail "$command: the image is not opened O_RDONLY"
	[ "$(grep -c "^[0-9]* *open[a-z0-9]*(.*\"$image\"" "$tmp/trace")" = 1 ] || fail "$command opens the image more than once"
	foreign=$(grep -E ' (pwrite64|pwritev|write|sendfile|copy_file_range)\(' "$tmp/trace" | grep -vE '\((1|2),')
	[ -z "$foreign" ] || fail "$command writes elsewhere than stdout and stderr: $foreign"
done
written=$(traced rewrite --dry-run --all "$image")
[ -z "$written" ] || fail "rewrite --dry-run writes: $written"
foreign=$(grep -E ' (pwrite64|pwritev|write|sendfile|copy_file_range)\(' "$tmp/trace" | grep -vE '\((1|2),')
[ -z "$foreign" ] || fail "rewrite --dry-run writes elsewhere than stdout and stderr: $foreign"
[ "$before" = "$(stat -c '%s %Y %Z' "$image")" ] || fail "the image's size or times changed"
[ "$hash" = "$(sha256sum "$image")" ] || fail "the image's bytes changed"

# An archive is unpacked to one file without a name in $TMPDIR, and nowhere else.
mkdir "$tmp/scratch"
TMPDIR=$tmp/scratch
export TMPDIR
written=$(traced validate "$samples/bitmaps.tar.zst" | grep -v ' ftruncate(') # its size is set by number
[ "$(printf '%s\n' "$written" | grep -c .)" = 1 ] || fail "an archive: not one scratch file but: $written"
case $written in
*"\"$tmp/scratch\", "*O_TMPFILE*) ;;
*) fail "the scratch file is not an unnamed one in TMPDIR: $written" ;;
esac
[ -z "$(ls -A "$tmp/scratch")" ] || fail "something is left in TMPDIR"
finish
