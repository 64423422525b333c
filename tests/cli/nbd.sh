#!/bin/bash
# SPDX-License-Identifier: MIT
# Disks behind an NBD address: the same as the image that is served; a server that fails, hangs or goes away is an
# error with one sentence, in bounded time.
. "$(dirname "$0")/../lib.sh"
"$program" --version | grep -q '^reads NBD' || skip "built without libnbd"
command -v nbdkit >/dev/null || skip "nbdkit is not installed"
unpack clean
unzstd -q "$samples/container-gpt.img.zst" -o "$tmp/gpt.img" || exit 2
cd "$tmp" || exit 2

servers=
trap 'kill -KILL $servers 2>/dev/null; rm -rf "$tmp"' EXIT
# serve NAME ARGUMENT...: nbdkit on the socket NAME; its address is then in $address, its process in $server.
serve() {
	address="nbd+unix:///?socket=$tmp/$1"
	nbdkit --foreground --unix "$tmp/$1" --pidfile "$tmp/$1.pid" "${@:2}" >"$tmp/$1.log" 2>&1 &
	server=$!
	servers="$servers $server"
	for _ in $(seq 50); do
		[ ! -s "$tmp/$1.pid" ] || return
		sleep 0.1
	done
	fail "nbdkit doesn't start: $(cat "$tmp/$1.log")"
}
report() { "$program" --format json groups "$@" 2>"$tmp/err" | jq -S 'del(.image)' >"$tmp/report"; }
# like FILE WHAT
like() {
	cp "$tmp/report" "$tmp/served"
	report "$1"
	[ -s "$tmp/report" ] && cmp -s "$tmp/report" "$tmp/served" || fail "$2 says something else than the image"
}

# One that never answers takes its time, so it goes on beside the others.
serve silent --filter=delay file clean.img rdelay=100
silent=$address
(
	begin=$SECONDS
	status=0
	"$program" groups "$silent" >"$tmp/silent.out" 2>"$tmp/silent.err" || status=$?
	echo "$status $((SECONDS - begin))" >"$tmp/silent.status"
) &
waiting=$!

serve plain file clean.img
plain=$server
report "$address"
like clean.img "a server"
report "nbd+unix://?socket=$tmp/plain"
run super "$address"
expect 0 "super"

# In place nothing is written; a copy is as that of the file.
run rewrite --all "$address"
expect 2 "rewrite in place"
expect_sentence "rewrite in place"
grep -q -e --output err || fail "rewrite in place doesn't say what to do: $(cat err)"
run rewrite --all --output copy "$address"
expect 0 "rewrite --output"
run rewrite --all --output copy.raw clean.img
cmp copy copy.raw || fail "the copy of a served disk isn't that of the image"
kill $plain
wait $plain 2>/dev/null
run groups "$address"
expect 2 "a server that is gone"
expect_sentence "a server that is gone"

# Partitions, and blocks of another size than what is read.
serve blocks --filter=blocksize-policy file gpt.img blocksize-minimum=65536 blocksize-preferred=65536 \
	blocksize-maximum=131072 blocksize-error-policy=error
report "$address"
like gpt.img "a server with large blocks"

# An MBR whose btrfs is a logical partition: its boot record lies far from both ends.
truncate -s 4G mbr.img
printf 'label: dos\n4194304,2100000,5\n4196352,2097152,83\n' | sfdisk -q mbr.img
dd if=gpt.img of=mbr.img bs=1M skip=1 seek=2049 count=1024 conv=notrunc,sparse status=none
report mbr.img
[ -s report ] || fail "the logical partition isn't found in the file: $(cat err)"
serve mbr file mbr.img
report "$address"
like mbr.img "a logical partition"

# Failing reads.
serve failing --filter=error file clean.img error-pread=EIO error-pread-rate=100%
run groups "$address"
expect 2 "a server with errors"
expect_sentence "a server with errors"
grep -q 'Input/output error' err || fail "the server's error isn't told: $(cat err)"

# One that goes away after some reads. rdelay makes a run of many reads take a while.
serve leaving --filter=delay file clean.img rdelay=200ms
status=0
(sleep 1; kill -KILL $server) &
"$program" rewrite --all --output lost "$address" >out 2>err || status=$?
expect 2 "a server that goes away"
grep -q 'NBD server' err || fail "no word of the server that went away: $(cat err)"
[ ! -e lost ] && [ ! -e lost.part ] || fail "a copy is left of a server that went away"

for address in 'nbd://' 'nbd://[::1' 'nbd+unix://' "nbd+unix:///?socket=$tmp/none" 'NBD://127.0.0.1:1/x'; do
	run groups "$address"
	expect 2 "$address"
	expect_sentence "$address"
done

wait $waiting
read -r status seconds <silent.status
expect 2 "a silent server"
grep -q 'no answer' silent.err || fail "a silent server: $(cat silent.err)"
[ "$seconds" -le 60 ] || fail "a silent server is waited for $seconds seconds"
finish
