#!/bin/bash
# SPDX-License-Identifier: MIT
# Ctrl-C while output waits for a slow reader: the program ends by itself with status 2 and one sentence.
. "$(dirname "$0")/../lib.sh"
unpack bitmaps
image=$tmp/bitmaps.img
mkfifo "$tmp/pipe"
for signal in INT TERM; do
	exec 3<>"$tmp/pipe" # a reader that does not read
	# A background job of a shell script ignores SIGINT; env gives it back its usual meaning.
	env --default-signal=INT "$program" --format json tree --root extent "$image" --hex >"$tmp/pipe" 2>"$tmp/err" 3<&- &
	child=$!
	for _ in $(seq 50); do
		sleep 0.1
		[ "$(awk '{print $3}' "/proc/$child/stat" 2>/dev/null)" = S ] && break
	done
	kill -s $signal "$child" 2>/dev/null || fail "there was too little output to wait with"
	status=0
	wait "$child" || status=$?
	exec 3<&-
	expect 2 "SIG$signal"
	expect_sentence "SIG$signal"
	grep -q interrupted "$tmp/err" || fail "SIG$signal: $(cat "$tmp/err")"
done
finish
