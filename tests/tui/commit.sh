#!/bin/bash
# SPDX-License-Identifier: MIT
# A commit by the browser makes the image clean, and its undo file brings back every byte; without the whole word, and
# without --write, nothing is written.
. "$(dirname "$0")/../tui.sh"
command -v btrfs >/dev/null || skip "btrfs-progs is not installed"
unpack misplaced
mv "$tmp/misplaced.img" .
before=$(digest misplaced.img)
[ "$("$program" --format json validate misplaced.img | jq -r '.images[0].result')" != clean ] || fail "the image is clean: nothing to do"

tui_start 80x24 screen-256color misplaced.img
tui_keys 7 Enter && tui_settle && tui_keys Enter && tui_settle
tui_type rewrite && tui_keys Enter && tui_settle
tui_end
[ "$(digest misplaced.img)" = "$before" ] || fail "written to without --write"
rm -f misplaced.rewrite.json* misplaced.img.undo

tui_start 80x24 screen-256color --write misplaced.img
tui_keys 7 Enter && tui_settle && tui_keys Enter && tui_settle
tui_type rewritE && tui_keys Enter && tui_settle
[ "$(digest misplaced.img)" = "$before" ] || fail "written to without the whole word"
tui_keys Esc && tui_settle && tui_keys Enter && tui_settle
tui_type rewrite && tui_keys Enter && tui_settle
screen | grep -q 'committed: generation 9' || fail "not committed: $(screen | grep -v '^$')"
tui_end
"$program" validate misplaced.img >"$tmp/out" || fail "not clean behind the commit: $(cat "$tmp/out")"
generation=$(btrfs inspect-internal dump-super misplaced.img | awk '$1 == "generation" { print $2 }')
[ "$generation" = 9 ] || fail "the superblock's generation is $generation"
"$program" undo misplaced.img misplaced.img.undo >"$tmp/out" 2>&1 || fail "undo: $(cat "$tmp/out")"
[ "$(digest misplaced.img)" = "$before" ] || fail "the undo file doesn't bring everything back"
finish
