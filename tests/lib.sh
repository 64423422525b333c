# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# Sourced by shell tests: where things are, a scratch folder, and words for failing. Ends with `finish`.
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$top/build}
build=$(cd "$top" && realpath "$build")
program=$build/spacescope
tools=$build/tests
samples=$top/samples
export LC_ALL=C
tmp=$(mktemp -d "${TMPDIR:-/tmp}/spacescope-test.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
bad=0

fail() {
	echo "$*"
	bad=1
}

finish() {
	exit $bad
}

# skip REASON: the runner knows 77.
skip() {
	echo "SKIP: $*"
	exit 77
}

# unpack SAMPLE: makes $tmp/SAMPLE.img, its holes kept.
unpack() {
	tar -C "$tmp" -xf "$samples/$1.tar.zst" || exit 2
}

# digest FILE...: changes when a byte does, or what is a hole; quick on sparse images.
digest() {
	tar --sparse --mtime=@0 --mode=600 --transform='s/.*/file/' -C "$(dirname "$1")" -cf - "${@##*/}" | sha256sum
}

# same FILE FILE: whether every byte is. Zeros and holes are alike, so both are made holes before the digest.
same() {
	cp --sparse=always "$1" "$tmp/same.1" && cp --sparse=always "$2" "$tmp/same.2" || return 2
	[ "$(digest "$tmp/same.1")" = "$(digest "$tmp/same.2")" ] || cmp "$tmp/same.1" "$tmp/same.2"
	same=$?
	rm -f "$tmp/same.1" "$tmp/same.2"
	return $same
}

# run ARGUMENT...: runs the program; leaves $status, $tmp/out and $tmp/err.
run() {
	status=0
	"$program" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
}

# expect STATUS WHAT: what the run before should have answered.
expect() {
	[ "$status" = "$1" ] || fail "$2: exit status $status, not $1: $(head -c 400 "$tmp/err")"
}

# One sentence on stderr, no more than a line or two.
expect_sentence() {
	lines=$(wc -l <"$tmp/err")
	[ "$lines" = 1 ] || fail "$1: $lines lines on stderr instead of one: $(head -c 400 "$tmp/err")"
}
