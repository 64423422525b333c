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
