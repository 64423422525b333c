#!/bin/bash
# Text from an image or a path never reaches a terminal or a CI log as it is.
. "$(dirname "$0")/../lib.sh"
unpack clean
image=$tmp/clean.img

# Control characters other than tab and newline, DEL, C1 (as UTF-8 or bare), bidirectional and line separators.
hostile='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xd8\x9c|\xef\xbb\xbf'
clean_of() { ! grep -aqP "$hostile" "$1" && iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1; }

# label BYTES: sets the superblock's label, 256 bytes at most.
label() {
	local op=() at=299 hex
	hex=$(printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n')
	while [ -n "$hex" ]; do
		op+=(super "@$at/1" "0x${hex:0:2}" "then")
		hex=${hex:2} at=$((at + 1))
	done
	op+=(super "@$at/1" 0)
	"$tools/mutate" "$image" "${op[@]}" >/dev/null || exit 2
}

for text in '\033]0;owned\a\033[31mred' 'one\n::error::injected\nspacescope: clean' 'a\rb\bc\x7f' '\xc2\x9b31m\x9b1m' \
	'\xe2\x80\xaedesrever\xe2\x81\xa6' '\xff\xfe\xc0\x80\xed\xa0\x80' '"}],"result":"clean' '%s%n%x' '\xe2\x80\xa8line'; do
	label "$text"
	for command in super groups validate diff "tree --root chunk" "rewrite --dry-run"; do
		for format in text json; do
			# shellcheck disable=SC2086
			run --format $format $command "$image"
			[ "$status" -le 1 ] || fail "$command with label '$text': exit status $status: $(cat "$tmp/err")"
			clean_of "$tmp/out" || fail "$command as $format prints the label '$text' as it is"
			clean_of "$tmp/err" || fail "$command as $format puts the label '$text' on stderr as it is"
			! grep -aq '^::error' "$tmp/out" "$tmp/err" || fail "$command as $format begins a line with the label"
			[ $format = text ] || jq -e . "$tmp/out" >/dev/null || fail "$command: no JSON with label '$text'"
		done
	done
	run --format ndjson validate "$image"
	[ "$(wc -l <"$tmp/out")" = "$(jq -c . "$tmp/out" | wc -l)" ] || fail "NDJSON lines are broken by label '$text'"
done

label plain
for name in "$(printf 'a\033[31mb')" "$(printf 'a\n::error::b')" "$(printf 'a\342\200\256b')" "$(printf 'a\377b')" "$(printf 'a\302\233b')"; do
	run groups "$tmp/$name" # missing
	expect 2 "a missing file with a hostile name"
	expect_sentence "a missing file with a hostile name"
	clean_of "$tmp/err" || fail "a hostile name reaches stderr: $(od -c "$tmp/err" | head -3)"
	ln -f "$image" "$tmp/$name"
	for format in text json ndjson; do
		run --format $format validate "$tmp/$name"
		clean_of "$tmp/out" || fail "a hostile name reaches stdout as $format"
	done
	run rewrite --all --undo "$tmp/undo$name" "$tmp/$name"
	expect 0 "rewrite of a hostile name"
	clean_of "$tmp/out" || fail "rewrite prints a hostile name as it is"
	run undo "$tmp/$name" "$tmp/undo$name"
	expect 0 "undo with hostile names"
	clean_of "$tmp/out" || fail "undo prints a hostile name as it is"
	run undo "$tmp/$name" "$tmp/$name"
	expect 2 "undo by what is no undo file"
	clean_of "$tmp/err" || fail "undo: a hostile name reaches stderr: $(od -c "$tmp/err" | head -3)"
	rm -f "$tmp/$name"
done

# The name of an archive's member, and words on the command line.
tar -C "$tmp" -S --transform "s|clean.img|$(printf 'm\033[31m\342\200\256')|" -cf "$tmp/m.tar" clean.img
for format in text json; do
	run --format $format super "$tmp/m.tar"
	{ clean_of "$tmp/out" && clean_of "$tmp/err"; } || fail "a member's hostile name is printed as it is"
done
for arguments in "$(printf 'no\033[31m')" "$(printf -- '--no\033[31m')"; do
	run "$arguments"
	expect 2 "an unknown word"
	clean_of "$tmp/err" || fail "a hostile argument reaches stderr: $(od -c "$tmp/err" | head -3)"
done
run explain "$(printf 'x\033[31m')"
clean_of "$tmp/err" || fail "a hostile code reaches stderr"
finish
