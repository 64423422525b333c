#!/bin/bash
# A raw image in parts, NAME.001 and so on: the same answers as the whole, and never an image with a part left out.
. "$(dirname "$0")/../lib.sh"
unpack clean
image=$tmp/clean.img
mkdir "$tmp/w" "$tmp/parts"

# json IMAGE: what there is to say of it but its name.
json() { "$program" --format json groups "$1" 2>"$tmp/err" </dev/null | jq -S 'del(.image)'; }

# refused IMAGE WORDS WHAT
refused() {
	run groups "$1"
	expect 2 "$3"
	expect_sentence "$3"
	grep -q -- "$2" "$tmp/err" || fail "$3: not the reason: $(cat "$tmp/err")"
}

# parts DIGITS FIRST SIZE: the image cut up into $tmp/parts/disk.*, holes kept.
parts() {
	rm -rf "$tmp/parts" && mkdir "$tmp/parts" || exit 2
	local size at=0 number=$2
	size=$(stat -c %s "$image")
	while [ $at -lt "$size" ]; do
		dd if="$image" of="$tmp/parts/disk.$(printf "%0$1d" "$number")" bs=$((1 << 20)) skip=$((at >> 20)) \
			count=$(($3 >> 20)) conv=sparse status=none
		at=$((at + $3)) number=$((number + 1))
	done
	truncate -s $((size - (at - $3))) "$tmp/parts/disk.$(printf "%0$1d" $((number - 1)))"
	for part in "$tmp/parts"/*; do
		[ "$part" = "$tmp/parts/disk.$(printf "%0$1d" $((number - 1)))" ] || truncate -s "$3" "$part"
	done
}

json "$image" >"$tmp/whole"
[ -s "$tmp/whole" ] || fail "the whole image: no answer: $(cat "$tmp/err")"
for how in "3 1 $((97 << 20))" "3 0 $((200 << 20))" "2 1 $((61 << 20))" "4 0 $((300 << 20))"; do
	# shellcheck disable=SC2086
	parts $how
	# shellcheck disable=SC2086
	set -- $how
	first=$tmp/parts/disk.$(printf "%0$1d" "$2")
	json "$first" >"$tmp/split"
	cmp -s "$tmp/whole" "$tmp/split" || fail "parts $how: other answers than for the whole: $(cat "$tmp/err")"
done
(cd "$tmp/parts" && json disk.0000) | cmp -s "$tmp/whole" - || fail "parts in the working folder: other answers"

# as split(1) makes them, uneven in the last
head -c 100M "$image" >"$tmp/w/head.001"
mkdir "$tmp/w/cut"
split -b 33M -d -a 3 --numeric-suffixes=1 "$tmp/w/head.001" "$tmp/w/cut/head."
[ -e "$tmp/w/cut/head.004" ] || fail "split(1) made no four parts"
for folder in w w/cut; do
	(cd "$tmp/$folder" && "$program" --format json super head.001) >"$tmp/super.${folder##*/}"
done
cmp -s "$tmp/super.w" "$tmp/super.cut" || fail "split(1): other superblocks than in the whole"

# a part alone is a raw image, and so is one that holds all of its btrfs, whatever is beside it
mkdir "$tmp/alone"
ln "$image" "$tmp/alone/disk.001"
json "$tmp/alone/disk.001" >"$tmp/lone"
json "$image" | cmp -s "$tmp/lone" - || fail "a lone .001: other answers"
head -c 1M /dev/urandom >"$tmp/alone/disk.002"
head -c 1M /dev/urandom >"$tmp/alone/disk.005"
json "$tmp/alone/disk.001" | cmp -s "$tmp/lone" - || fail "a whole image named .001: other answers"

# an archive in parts
zstd -q -1 "$image" -o "$tmp/w/packed.zst"
size=$(stat -c %s "$tmp/w/packed.zst")
split -b $((size / 3 + 1)) -d -a 3 --numeric-suffixes=1 "$tmp/w/packed.zst" "$tmp/w/packed.zst."
rm "$tmp/w/packed.zst"
json "$tmp/w/packed.zst.001" | cmp -s "$tmp/lone" - || fail "an archive in parts: other answers: $(cat "$tmp/err")"

# what is missing, empty or no file is said by name
parts 3 1 $((200 << 20))
refused "$tmp/parts/disk.002" "no btrfs" "the second part"
mv "$tmp/parts/disk.002" "$tmp/parts/away"
refused "$tmp/parts/disk.001" "disk.002' is missing" "a part missing"
: >"$tmp/parts/disk.002"
refused "$tmp/parts/disk.001" "disk.002'.* is empty" "an empty part"
rm "$tmp/parts/disk.002" && mkfifo "$tmp/parts/disk.002"
refused "$tmp/parts/disk.001" "disk.002' is a FIFO" "a FIFO as a part"
rm "$tmp/parts/disk.002" && mkdir "$tmp/parts/disk.002"
refused "$tmp/parts/disk.001" "disk.002' is a directory" "a directory as a part"
rmdir "$tmp/parts/disk.002" && ln -s nowhere "$tmp/parts/disk.002"
refused "$tmp/parts/disk.001" "disk.002': No such" "a link to nowhere as a part"
rm "$tmp/parts/disk.002" && mv "$tmp/parts/away" "$tmp/parts/disk.002"
: >"$tmp/parts/disk.000"
refused "$tmp/parts/disk.001" "not the first part" "a part 0 before the first"
rm "$tmp/parts/disk.000"

# the end that is missing is the image's end
rm "$tmp/parts/disk.011"
run validate "$tmp/parts/disk.001"
grep -q device-differs "$tmp/out" || fail "without its last part: nothing is said"

# more parts than may be open at once
for i in $(seq -w 3 150); do printf x >"$tmp/w/many.$i"; done
head -c 70000 "$image" >"$tmp/w/many.001"
printf x >"$tmp/w/many.002"
(ulimit -n 64 && "$program" groups "$tmp/w/many.001") >"$tmp/out" 2>"$tmp/err" </dev/null
[ $? = 2 ] && grep -q "Too many open files" "$tmp/err" || fail "too many parts: $(cat "$tmp/err")"
finish
