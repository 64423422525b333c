#!/bin/sh
# What is no image ends in one sentence and exit 2, at once: FIFOs and devices are not waited for.
. "$(dirname "$0")/../lib.sh"

refused() {
	for command in validate super groups; do
		status=0
		timeout 10 "$program" $command "$1" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
		expect 2 "$command $1"
		expect_sentence "$command $1"
		grep -qF "$(basename "$1")" "$tmp/err" || fail "$command $1: the sentence does not name it: $(cat "$tmp/err")"
	done
}

mkfifo "$tmp/fifo"
mkdir "$tmp/folder"
: >"$tmp/empty"
printf 'x' >"$tmp/one-byte"
head -c 65536 /dev/zero >"$tmp/zeros"
head -c 3M /dev/urandom >"$tmp/noise"
seq 1 200000 >"$tmp/text"
truncate -s 1T "$tmp/hole"
ln -s "$tmp/nowhere" "$tmp/dangling"
ln -s "$tmp/loop" "$tmp/loop"
cp "$program" "$tmp/elf"
for file in fifo folder empty one-byte zeros noise text hole dangling loop elf missing; do
	refused "$tmp/$file"
done
refused /dev/null
refused /dev/zero
refused /dev/full
[ ! -c /dev/ptmx ] || refused /dev/ptmx

# Without the right to read.
printf 'x' >"$tmp/secret"
chmod 0 "$tmp/secret"
if [ "$(id -u)" != 0 ]; then
	refused "$tmp/secret"
elif command -v setpriv >/dev/null; then
	chmod 755 "$tmp"
	cp "$program" "$tmp/program"
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/program" validate "$tmp/secret" >"$tmp/out" 2>"$tmp/err" || status=$?
	expect 2 "an unreadable file"
	expect_sentence "an unreadable file"
fi

# Nothing that was given hides the rest.
unpack clean
run --format json validate "$tmp/missing" "$tmp/clean.img" "$tmp/fifo"
expect 2 "several images, two of them unreadable"
[ "$(jq -c '[.images[].result]' "$tmp/out")" = '["unreadable","clean","unreadable"]' ] ||
	fail "results of several images: $(jq -c '[.images[].result]' "$tmp/out")"
finish
