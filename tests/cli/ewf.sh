#!/bin/bash
# Forensic images as ewfacquire makes them: the answers of the raw image, and nothing from a chunk that is damaged.
. "$(dirname "$0")/../lib.sh"
command -v ewfacquire >/dev/null || skip "ewfacquire is not installed"
"$program" --version | grep -q '^libewf ' || skip "built without libewf"
unpack clean
mkdir "$tmp/raw" "$tmp/w" && cd "$tmp/w" || exit 2
# The trees and superblocks lie in the first 68 MiB; noise makes more segment files.
{ head -c 72M "$tmp/clean.img"; head -c 5M /dev/urandom; } >"$tmp/raw/disk.E01"

# acquire OPTION...: disk.E01 and so on, anew.
acquire() {
	rm -f disk.*
	ewfacquire -q -u -t disk "$@" "$tmp/raw/disk.E01" >"$tmp/ewf.log" 2>&1 || exit 2
	[ ! -e disk.e01 ] || mv disk.e01 disk.E01 # ewfx has it in lower case
}

# The image has the same name in both folders, so only its size differs.
answers() {
	for command in groups super; do
		(cd "$1" && "$program" --format json $command "${2-disk.E01}" 2>&1 </dev/null) |
			sed 's/the disk in //' | jq -S 'del(.image.size)'
	done
}

# refused IMAGE WORDS WHAT
refused() {
	run groups "$1"
	expect 2 "$3"
	expect_sentence "$3"
	grep -q -- "$2" "$tmp/err" || fail "$3: not the reason: $(cat "$tmp/err")"
}

answers "$tmp/raw" >"$tmp/whole"
for how in "-f encase6 -c fast -S 1MiB" "-f encase5 -c none -b 128" "-f ewfx -c best"; do
	# shellcheck disable=SC2086
	acquire $how
	answers "$tmp/w" >"$tmp/ewf"
	cmp -s "$tmp/whole" "$tmp/ewf" || fail "$how: other answers than for the raw image"
done

# with the caches, which lie further behind
dd if="$tmp/clean.img" of="$tmp/raw/caches.E01" bs=1M count=460 conv=sparse status=none
ewfacquirestream -q -t caches -c fast <"$tmp/raw/caches.E01" >/dev/null 2>&1
answers "$tmp/raw" caches.E01 >"$tmp/whole"
answers "$tmp/w" caches.E01 | cmp -s "$tmp/whole" - || fail "ewfacquirestream: other answers than for the raw image"
grep -q '"WRITTEN"' "$tmp/whole" || fail "no cache was read"

# segment files that are missing, none, or no files
acquire -c fast -S 1MiB
[ -e disk.E05 ] || fail "there are no five segment files"
ln -s disk.E01 link.E01
refused link.E01 "segment file is missing" "a name without its other segment files"
last=$(printf '%s\n' disk.E* | tail -1)
mv "$last" away
refused disk.E01 "segment file is missing" "the last segment file missing"
mv away "$last"
mv disk.E03 away
refused disk.E01 "segment file is missing" "a segment file missing"
mkfifo disk.E03
refused disk.E01 "disk.E03' is a FIFO" "a FIFO as a segment file"
rm disk.E03 && : >disk.E03
refused disk.E01 "damaged or cut short" "an empty segment file"
mv away disk.E03
run super disk.E01
expect 0 "all segment files again"

# cut anywhere
acquire -c fast
size=$(stat -c %s disk.E01)
for part in 0 1 10 300 900 990 999; do
	head -c $((size * part / 1000 + 13)) disk.E01 >cut.E01
	run groups cut.E01
	expect 2 "cut at $part of 1000"
	expect_sentence "cut at $part of 1000"
done

# A byte of the primary superblock changes; its chunk's checksum then is wrong, and the next mirror counts.
acquire -c none
at=$(grep -abo -m1 _BHRfS_M disk.E01 | head -1 | cut -d: -f1)
printf x | dd of=disk.E01 bs=1 seek=$((at + 2000)) conv=notrunc status=none
run --format json super disk.E01
jq -r '.findings[] | select(.code == "super-primary").message' "$tmp/out" >"$tmp/said"
grep -q "checksum is wrong" "$tmp/said" || fail "a damaged chunk: $(cat "$tmp/said" "$tmp/err")"
run --format json super "$tmp/raw/disk.E01"
jq -e '[.findings[].code] | contains(["super-primary"]) | not' "$tmp/out" >/dev/null || fail "the raw image has no such finding"

# what can't be read by any means
{ printf 'LVF\t\r\n\377\0'; head -c 9000 /dev/zero; } >logical.L01
refused logical.L01 "logical" "a logical image"
{ printf 'EVF2\r\n\201\0'; head -c 9000 /dev/zero; } >new.Ex01
refused new.Ex01 "Ex01" "an Ex01 without content"
# one section, which names itself as the next, with a list of 16777215 areas
{
	printf 'EVF\t\r\n\377\0\1\1\0\0\0error2'
	head -c 10 /dev/zero
	printf '\15'
	head -c 59 /dev/zero
	printf '\377\377\377\0'
} >long.E01
refused long.E01 "lists 16777215 areas" "a long list of areas"
for size in 8 13 76 1000 9000; do
	{ printf 'EVF\t\r\n\377\0\1\1\0\0\0'; head -c 9000 /dev/urandom; } | head -c $size >noise.E01
	refused noise.E01 "." "$size bytes with the magic"
done
finish
