#!/bin/bash
# SPDX-License-Identifier: MIT
# A rewrite that is interrupted, or can't show what it does, stops before the superblock: the image is as it was.
. "$(dirname "$0")/../lib.sh"
unpack stale-label
image=$tmp/stale-label.img
hash=$(digest "$image")

as_it_was() {
	[ "$hash" = "$(digest "$image")" ] || fail "$1: the image is not as it was"
	run --format json super "$image"
	jq -e '.filesystem.generation == 9' "$tmp/out" >/dev/null || fail "$1: not the old filesystem"
}

# Events come before the first write: an output that takes none stops the work.
status=0
"$program" rewrite "$image" >/dev/full 2>"$tmp/err" || status=$?
expect 2 "a full disk"
expect_sentence "a full disk"
as_it_was "a full disk"

# Ctrl-C once the first event was seen, the rest slowed down.
if command -v strace >/dev/null; then
	export ASAN_OPTIONS=detect_leaks=0
	for signal in INT TERM HUP; do
		: >"$tmp/events"
		env --default-signal=INT,HUP strace -f -qq -o /dev/null -e trace=pread64,fdatasync,fsync \
			-e inject=pread64:delay_enter=20000 -e inject=fdatasync,fsync:delay_enter=300000 \
			"$program" --threads 1 rewrite --undo "$tmp/undo" "$image" >"$tmp/events" 2>"$tmp/err" &
		tracer=$!
		for _ in $(seq 600); do
			grep -qE '^ +[0-9]+ ' "$tmp/events" && break
			sleep 0.05
		done
		child=$(pgrep -P "$tracer" -x spacescope) || fail "SIG$signal: there is nothing to interrupt: $(cat "$tmp/err")"
		[ -z "$child" ] || kill -s "$signal" "$child"
		status=0
		wait "$tracer" || status=$?
		expect 2 "SIG$signal"
		expect_sentence "SIG$signal"
		grep -q interrupted "$tmp/err" || fail "SIG$signal: $(cat "$tmp/err")"
		! grep -q '^committed' "$tmp/events" || fail "SIG$signal: it was committed"
		[ ! -e "$tmp/undo" ] || fail "SIG$signal: an undo file is left of what was not done"
		as_it_was "SIG$signal"
	done
fi
run rewrite "$image"
expect 0 "the same without an interruption"

# JSON comes after the commit: who can't read it is told of it all the same.
status=0
"$program" --format json rewrite --all "$image" >/dev/full 2>"$tmp/err" || status=$?
expect 2 "JSON on a full disk"
grep -q 'generation 11 was committed all the same' "$tmp/err" || fail "JSON on a full disk: $(cat "$tmp/err")"
finish
