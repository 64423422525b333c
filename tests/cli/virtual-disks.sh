#!/bin/bash
# SPDX-License-Identifier: MIT
# Virtual disks say the same as the raw image that they were made of; read what they may and no more; and leave
# neither a process nor a file behind. What is compared with is the raw image's report.
. "$(dirname "$0")/../lib.sh"
"$program" --version | grep -q '^reads qcow2' || skip "built without libnbd"
for tool in qemu-img qemu-nbd; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
mkdir "$tmp/scratch" "$tmp/disks" "$tmp/other"
export TMPDIR=$tmp/scratch
unpack clean
unzstd -q "$samples/container-gpt.img.zst" -o "$tmp/gpt.img" || exit 2
cd "$tmp/disks" || exit 2
raw=../clean.img

report() { "$program" --format json groups "$@" 2>"$tmp/err" | jq -S 'del(.image)' >"$tmp/report"; }
report $raw
cp "$tmp/report" "$tmp/clean.report"
[ "$(jq '.block_groups | length' "$tmp/clean.report")" -gt 1 ] || fail "the raw image has no report"

# same_as REPORT FILE [OPTION]
same_as() {
	report "${@:2}"
	cmp -s "$tmp/$1" "$tmp/report" || fail "$2 says something else than the raw image: $(cat "$tmp/err")"
}

# refused FILE WORDS: with exit status 2, and one sentence with these words; in good time.
refused() {
	status=0
	timeout 20 "$program" groups "${@:3}" "$1" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	expect 2 "$1"
	expect_sentence "$1"
	grep -qF -e "$2" "$tmp/err" || fail "$1: the sentence lacks '$2': $(cat "$tmp/err")"
	[ ! -s "$tmp/out" ] || fail "$1: it is refused, but shown"
}

# The processes that have files of this test open.
servers() {
	for pid in $(pgrep -x qemu-nbd); do
		find "/proc/$pid/fd" -lname "$tmp/*" 2>/dev/null | head -n 1
	done
}
none_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -n "$(servers)" ] || break
		sleep 0.2
	done
	[ -z "$(servers)" ] || fail "$1 leaves a process: $(servers)"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "$1 leaves $(ls -A "$TMPDIR")"
}

# ---- every format

for format in qcow2 vmdk vdi vhdx vpc; do
	qemu-img convert -f raw -O $format $raw c.$format || exit 2
	same_as clean.report c.$format
done
qemu-img convert -c -f raw -O qcow2 $raw packed.qcow2
qemu-img convert -f raw -O qcow2 -o compat=0.10 $raw old.qcow2
qemu-img convert -f raw -O qcow2 -o extended_l2=on,cluster_size=128k $raw extended.qcow2
same_as clean.report packed.qcow2
same_as clean.report old.qcow2
same_as clean.report extended.qcow2
for kind in streamOptimized twoGbMaxExtentSparse twoGbMaxExtentFlat monolithicFlat; do
	qemu-img convert -f raw -O vmdk -o subformat=$kind $raw $kind.vmdk
	same_as clean.report $kind.vmdk
done
run --format json super c.qcow2
none_left "reading every format"

# A disk with partitions in it, by itself and by its number.
report ../gpt.img
cp "$tmp/report" "$tmp/gpt.report"
qemu-img convert -f raw -O qcow2 ../gpt.img gpt.qcow2
same_as gpt.report gpt.qcow2
same_as gpt.report gpt.qcow2 --partition 1

# ---- other files

qemu-img create -q -f qcow2 -b c.qcow2 -F qcow2 over.qcow2
qemu-img create -q -f qcow2 -b over.qcow2 -F qcow2 over2.qcow2
same_as clean.report over2.qcow2
qemu-img create -q -f vmdk -b c.vmdk -F vmdk over.vmdk
same_as clean.report over.vmdk
(cd .. && same_as clean.report disks/over2.qcow2)
qemu-img convert -f raw -O qcow2 -o data_file=data.raw $raw data.qcow2
same_as clean.report data.qcow2

cp c.qcow2 ../other/
ln -s ../other/c.qcow2 link.qcow2
qemu-img create -q -f qcow2 -b ../other/c.qcow2 -F qcow2 up.qcow2
qemu-img create -q -f qcow2 -b "$tmp/other/c.qcow2" -F qcow2 absolute.qcow2
qemu-img create -q -f qcow2 -b link.qcow2 -F qcow2 linked.qcow2
qemu-img create -q -f qcow2 -b up.qcow2 -F qcow2 deep.qcow2
mv data.raw ../other/
qemu-img amend -f qcow2 -o data_file=../other/data.raw data.qcow2 2>/dev/null
ln -s ../other/data.raw data.raw
for file in up absolute linked deep data; do
	refused $file.qcow2 "outside its own folder"
	same_as clean.report $file.qcow2 --allow-outside
done
mv streamOptimized.vmdk ../other/flat.vmdk
sed 's|"monolithicFlat-flat.vmdk"|"/etc/passwd"|' monolithicFlat.vmdk >passwd.vmdk
refused passwd.vmdk "outside its own folder"
sed 's|"monolithicFlat-flat.vmdk"|"../clean.img"|' monolithicFlat.vmdk >up.vmdk
refused up.vmdk "outside its own folder"
same_as clean.report up.vmdk --allow-outside
sed 's|"monolithicFlat-flat.vmdk"|"nbd:unix:/tmp/s"|' monolithicFlat.vmdk >remote.vmdk
refused remote.vmdk "no file's name" --allow-outside
sed 's|^RW \([0-9]*\) FLAT.*|RW \1 ZERO|' monolithicFlat.vmdk >zero.vmdk
refused zero.vmdk "neither SPARSE, FLAT nor VMFS"

# Nor where the file lies so deep that the system has no name for the place.
step=$(printf '%0200d' 0) deep=
mkdir ../other/far && cd ../other/far || exit 2
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	deep=$deep/$step
	mkdir "$step" && cd "$step" || exit 2
done
mkdir -p "$step/$step/$step" && cp --sparse=always "$tmp/clean.img" "$step/$step/$step/disk" || exit 2
cd "$tmp/disks" || exit 2
ln -s "../other/far$deep" far
qemu-img create -q -f qcow2 -u -b "far/$step/$step/$step/disk" -F raw far.qcow2 2G
refused far.qcow2 "outside its own folder"

# Names that are no files' are refused whatever is allowed.
qemu-img create -q -f qcow2 -u -b 'json:{"driver":"file","filename":"c.qcow2"}' -F qcow2 json.qcow2 2G
qemu-img create -q -f qcow2 -u -b 'http://127.0.0.1:9/x' -F raw http.qcow2 2G
refused json.qcow2 "no file's name" --allow-outside
refused http.qcow2 "no file's name" --allow-outside
qemu-img create -q -f qcow2 -u -b circle2.qcow2 -F qcow2 circle.qcow2 2G
qemu-img create -q -f qcow2 -u -b circle.qcow2 -F qcow2 circle2.qcow2 2G
refused circle.qcow2 "or a circle"
mkfifo fifo
qemu-img create -q -f qcow2 -u -b fifo -F raw fifo.qcow2 2G
refused fifo.qcow2 "a FIFO"

# ---- refused by name

cp c.qcow2 secret.qcow2
printf '\2' | dd of=secret.qcow2 bs=1 seek=35 conv=notrunc status=none
refused secret.qcow2 "is encrypted"
cp c.qcow2 feature.qcow2
printf '\200' | dd of=feature.qcow2 bs=1 seek=72 conv=notrunc status=none
refused feature.qcow2 "incompatible feature"
cp c.vdi diff.vdi
printf '\4' | dd of=diff.vdi bs=1 seek=76 conv=notrunc status=none
refused diff.vdi "differencing VDI"
cp c.vpc diff.vhd
printf '\4' | dd of=diff.vhd bs=1 seek=63 conv=notrunc status=none
refused diff.vhd "differencing VHD"

# ---- lies and cuts

cp c.qcow2 vast.qcow2
printf '\177\377\377\377\377\377\376\0' | dd of=vast.qcow2 bs=1 seek=24 conv=notrunc status=none
refused vast.qcow2 "too big"
for part in 2 30 60; do
	for file in c.qcow2 packed.qcow2 c.vmdk c.vdi c.vhdx c.vpc; do
		head -c $(($(stat -c %s $file) * part / 100)) $file >"cut.$file"
		refused "cut.$file" "'cut.$file'"
	done
done
grep -q 'was cut' "$tmp/err" || fail "a cut file isn't called one: $(cat "$tmp/err")"
none_left "being refused"

# ---- writing

before=$(sha256sum <c.qcow2)
run rewrite --all c.qcow2
expect 2 "rewrite in place"
expect_sentence "rewrite in place"
grep -q -e --output "$tmp/err" || fail "rewrite in place doesn't say what to do: $(cat "$tmp/err")"
run rewrite --all --output new.img c.qcow2
expect 0 "rewrite --output"
run rewrite --all --output raw.img $raw
cmp new.img raw.img || fail "the copy of a qcow2 isn't that of the raw image"
[ "$before" = "$(sha256sum <c.qcow2)" ] || fail "the qcow2 was written to"
none_left "rewrite"

# ---- the end

# A reader that waits for its second device, whose server was stopped, has the server of its first one running.
qemu-nbd --read-only --persistent -f raw -k "$tmp/stopped" ../gpt.img &
stopped=$!
trap 'kill -KILL $stopped 2>/dev/null; rm -rf "$tmp"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -S "$tmp/stopped" ] || break
	sleep 0.2
done
kill -STOP $stopped
servers() {
	for pid in $(pgrep -x qemu-nbd); do
		[ "$pid" = $stopped ] || find "/proc/$pid/fd" -lname "$tmp/*" 2>/dev/null | head -n 1
	done
}
set -m # else INT would be ignored in what runs in the background
for signal in KILL INT TERM; do
	"$program" groups --device "nbd+unix:///?socket=$tmp/stopped" c.qcow2 >/dev/null 2>&1 &
	reader=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		[ -z "$(servers)" ] || break
		sleep 0.2
	done
	[ -n "$(servers)" ] || fail "no server was seen before SIG$signal"
	kill -$signal $reader
	wait $reader 2>/dev/null
	none_left "SIG$signal"
done
set +m
kill -KILL $stopped

# No program is looked for in PATH.
mkdir "$tmp/bin"
printf '#!/bin/sh\ntouch %s/ran\n' "$tmp" >"$tmp/bin/qemu-nbd"
chmod +x "$tmp/bin/qemu-nbd"
PATH=$tmp/bin:$PATH same_as clean.report c.qcow2
[ ! -e "$tmp/ran" ] || fail "a program from PATH was run"
finish
