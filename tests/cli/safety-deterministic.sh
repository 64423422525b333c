#!/bin/sh
# Same image, same bytes: for any number of threads, place, time zone, locale and terminal.
. "$(dirname "$0")/../lib.sh"
for sample in bitmaps stale-label enospc; do
	unpack $sample
	image=$sample.img
	cd "$tmp" || exit 2
	for command in super groups diff validate "tree --root extent" "rewrite --all --dry-run"; do
		for format in text json; do
			# shellcheck disable=SC2086
			run --format $format --threads 1 $command "$image"
			mv "$tmp/out" "$tmp/one"
			first=$status
			for threads in 1 2 8; do
				# shellcheck disable=SC2086
				TZ=Asia/Tokyo LC_ALL=C.UTF-8 COLUMNS=40 TERM=xterm run --format $format --threads $threads $command "$image"
				expect "$first" "$command as $format of $sample on $threads threads"
				cmp -s "$tmp/one" "$tmp/out" || fail "$command as $format of $sample differs on $threads threads"
			done
		done
	done
	run --format ndjson validate "$image"
	mv "$tmp/out" "$tmp/one"
	run --format ndjson --threads 7 validate "$image"
	cmp -s "$tmp/one" "$tmp/out" || fail "ndjson of $sample differs"
	! grep -q "$tmp" "$tmp/one" || fail "an absolute path that was not given is printed"
	for threads in 1 4; do
		run --threads $threads rewrite --all --output $threads.img "$image"
	done
	cmp 1.img 4.img || fail "rewrite of $sample writes other bytes on other threads"
	rm -f 1.img 4.img
done
finish
