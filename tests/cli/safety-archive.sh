#!/bin/bash
# Archives: formats by name, no program run, holes kept, stops and caps, names from the archive never used.
. "$(dirname "$0")/../lib.sh"
unpack clean
image=$tmp/clean.img
mkdir "$tmp/scratch" "$tmp/bin" "$tmp/lies"
export TMPDIR=$tmp/scratch

# libarchive would run these for some magic numbers if it were asked for all filters.
for name in lrzip grzip lzop lzip gunzip gzip bzip2 xz unxz zstd uncompress compress uudecode lz4 brotli; do
	printf '#!/bin/sh\necho %s >>%s/ran\ncat\n' $name "$tmp" >"$tmp/bin/$name"
done
chmod +x "$tmp/bin"/*
noise() { head -c "$1" /dev/urandom; }
{ printf 'LRZI\0\6\0\0\0\0\0\1'; noise 4000; } >"$tmp/lies/lrzip"
{ printf 'GRZipII\0\2\4:)'; noise 4000; } >"$tmp/lies/grzip"
{ printf '\211LZO\0\r\n\032\n\020\40\40\240\011\100\1\5\3\0\0'; noise 4000; } >"$tmp/lies/lzop"
{ printf 'begin 644 disk.img\n'; head -c 3000 /dev/urandom | base64; printf '\nend\n'; } >"$tmp/lies/uu"
{ printf 'LZIP\1\014'; noise 4000; } >"$tmp/lies/lzip"
{ printf '\037\235\220'; noise 4000; } >"$tmp/lies/compress"
for magic in '\037\213\10\0' '\375\67zXZ\0' 'BZh9' '\50\265\57\375' 'PK\3\4' '7z\274\257\47\34' 'ustar' '070701' '!<arch>\n' \
	'Rar!\32\7\0' 'MSCF' 'xar!' '\4"M\30' '#mtree\n'; do
	{ printf '%b' "$magic"; noise 70000; } >"$tmp/lies/magic-$(printf '%s' "$magic" | tr -dc a-zA-Z0-9)"
done
for file in "$tmp/lies"/*; do
	PATH=$tmp/bin:$PATH run validate "$file"
	expect 2 "$(basename "$file")"
	expect_sentence "$(basename "$file")"
done
[ ! -e "$tmp/ran" ] || fail "a program from PATH was run: $(sort -u "$tmp/ran")"

# Cut short at any place, or followed by noise: an end, and the right one.
for kind in zstd:zst gzip:gz xz:xz; do
	packed=$tmp/cut.img.${kind#*:}
	head -c 40M "$image" | "${kind%:*}" -c >"$packed.whole"
	size=$(stat -c %s "$packed.whole")
	for part in 1 10 100 500 900 999; do
		head -c $((size * part / 1000 + 1)) "$packed.whole" >"$packed"
		run validate "$packed"
		expect 2 "$kind cut at $part of 1000"
		expect_sentence "$kind cut at $part of 1000"
	done
done

# Holes stay holes: two GiB of image take no more of the scratch folder than their data.
unpacked_bytes() {
	strace -f -qq -e trace=pwrite64 -o "$tmp/trace" "$program" "$@" >/dev/null 2>"$tmp/err" </dev/null
	status=$?
	awk '{n += $NF} END {printf "%d", n}' "$tmp/trace"
}
if command -v strace >/dev/null; then
	export ASAN_OPTIONS=detect_leaks=0
	bytes=$(unpacked_bytes groups "$samples/clean.tar.zst")
	[ "$bytes" -gt 4096 ] && [ "$bytes" -lt 8388608 ] || fail "holes: $bytes bytes were written for a small sparse image"

	# What lies behind the device's end is nobody's business.
	{ cat "$image"; noise 30M; } | zstd -q -c >"$tmp/tail.img.zst"
	more=$(unpacked_bytes groups "$tmp/tail.img.zst")
	[ "$more" -le $((bytes + 4194304)) ] || fail "a tail behind total_bytes was unpacked: $more bytes, not $bytes"

	# Without btrfs at the start nothing is unpacked beyond the part that shows it.
	noise 30M | zstd -q -c >"$tmp/noise.zst"
	bytes=$(unpacked_bytes groups "$tmp/noise.zst")
	[ "$bytes" -le 1048576 ] || fail "noise was unpacked: $bytes bytes"
fi

# Caps.
run --unpack-limit 65536 groups "$samples/clean.tar.zst" # either side of the command word
[ "$status" = 2 ] || run groups --unpack-limit 65536 "$samples/clean.tar.zst"
expect 2 "--unpack-limit"
grep -q limit "$tmp/err" || fail "--unpack-limit: the sentence does not name it: $(cat "$tmp/err")"
dd if=/dev/zero bs=1M count=4096 status=none | zstd -q -c >"$tmp/zeros.zst"
run groups "$tmp/zeros.zst"
expect 2 "zeros without end"

# Names in an archive lead nowhere: up, absolute, a link, a folder, a device.
mkdir -p "$tmp/in/a"
cp --sparse=always "$image" "$tmp/in/a/disk.img"
ln -s /etc/passwd "$tmp/in/link"
mkfifo "$tmp/in/fifo"
tar -C "$tmp/in" -S --transform 's|a/disk.img|../../../../tmp/escaped-disk.img|' -P -cf "$tmp/up.tar" link fifo a/disk.img
run groups "$tmp/up.tar"
expect 0 "an archive with ../ names, a link and a FIFO"
[ ! -e /tmp/escaped-disk.img ] || fail "a member was written where its name says"
tar -C "$tmp/in" -cf "$tmp/links.tar" link fifo
run groups "$tmp/links.tar"
expect 2 "an archive of links only"

# Two filesystems: refused with their names, and one can be chosen.
unpack fresh-mkfs
tar -C "$tmp" -S -cf "$tmp/two.tar" clean.img fresh-mkfs.img
run groups "$tmp/two.tar"
expect 2 "two filesystems in one archive"
{ grep -q clean.img "$tmp/err" && grep -q fresh-mkfs.img "$tmp/err"; } || fail "two filesystems are not listed: $(cat "$tmp/err")"
run groups --member clean.img "$tmp/two.tar"
expect 0 "--member"

[ -z "$(ls -A "$TMPDIR")" ] || fail "something is left in TMPDIR"
finish
