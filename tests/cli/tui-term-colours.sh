#!/bin/bash
# SPDX-License-Identifier: MIT
# Every style of the terminal browser, as a terminal shows it: with 256 colours, with 8, with none. The table is that
# of the design, as foreground/background/attributes: bold, dim, underlined, reverse.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../tmux.sh"

cat >"$tmp/table" <<'END'
plain      -/-/     -/-/   -/-/
danger     231/160/ 7/1/b  -/-/br
error      203/-/   1/-/b  -/-/b
warning    214/-/   3/-/   -/-/u
note       75/-/    6/-/   -/-/
ok         71/-/    2/-/   -/-/
unknown    177/-/   5/-/   -/-/b
pending    244/-/   -/-/d  -/-/
used       250/-/   7/-/   -/-/
free       240/-/   -/-/d  -/-/
super      33/-/    4/-/   -/-/
need-write 214/-/   3/-/   -/-/
setup      75/-/    6/-/   -/-/
none       244/-/   -/-/d  -/-/
crc        75/-/    6/-/   -/-/
generation 177/-/   5/-/   -/-/
offset     71/-/    2/-/   -/-/
length     214/-/   3/-/   -/-/
type       33/-/    4/-/   -/-/
unused     240/-/   -/-/d  -/-/
head       -/-/b    -/-/b  -/-/u
title      255/24/  -/-/r  -/-/r
key        255/24/  -/-/r  -/-/r
dim        244/-/   -/-/d  -/-/
END

# What each "a" behind the names is drawn with; five in a line: plain, under the cursor, found, bold, underlined.
seen() {
	$pane capture-pane -p -e -t test | awk '
		function sgr(codes,    n, c, i) {
			n = split(codes == "" ? "0" : codes, c, ";")
			for (i = 1; i <= n; i++) {
				if (c[i] == 0) { fg = bg = "-"; b = d = u = r = "" }
				else if (c[i] == 1) b = "b"
				else if (c[i] == 2) d = "d"
				else if (c[i] == 4) u = "u"
				else if (c[i] == 7) r = "r"
				else if (c[i] >= 30 && c[i] <= 37) fg = c[i] - 30
				else if (c[i] >= 40 && c[i] <= 47) bg = c[i] - 40
				else if (c[i] == 39) fg = "-"
				else if (c[i] == 49) bg = "-"
				else if (c[i] == 38) { fg = c[i + 2]; i += 2 }
				else if (c[i] == 48) { bg = c[i + 2]; i += 2 }
				else fg = "unknown code " c[i]
			}
		}
		BEGIN { sgr("0") }
		NR <= 24 {
			line = ""
			for (col = 0; length($0); ) {
				if (match($0, /^\033\[[0-9;]*m/)) {
					sgr(substr($0, 3, RLENGTH - 3))
				} else {
					RLENGTH = 1
					if (col++ >= 18 && substr($0, 1, 1) == "a") line = line " " fg "/" bg "/" b d u r
					else if (col <= 18 && substr($0, 1, 1) != " ") name = name substr($0, 1, 1)
				}
				$0 = substr($0, RLENGTH + 1)
			}
			print name line
			name = ""
		}'
}

# check WHAT COLUMN VARIABLE... [-- OPTION...]: the styles are those of this column of the table.
check() {
	local what=$1 column=$2
	shift 2
	open_pane 100 30 env -u NO_COLOR LC_ALL=C.UTF-8 "$@"
	wait_for '^size' "$what" || return
	seen >"$tmp/seen"
	diff <(awk -v c="$column" '{print $1, $c}' "$tmp/table") <(cut -d' ' -f1,2 "$tmp/seen") >"$tmp/diff" ||
		fail "$what: $(cat "$tmp/diff")"
}

# marked STYLE CURSOR FOUND BOLD UNDERLINED: what the marks make of it.
marked() {
	[ "$(grep "^$1 " "$tmp/seen" | cut -d' ' -f3-)" = "${*:2}" ] || fail "marks on $(grep "^$1 " "$tmp/seen"), not ${*:2}"
}

tool=$tools/tui_term
check 256 2 TERM=screen-256color "$tool"
marked error 203/238/ 203/-/u 203/-/b 203/-/u
marked danger 231/238/ 231/160/u 231/160/b 231/160/u
marked head 255/238/b -/-/bu -/-/b -/-/bu
# the terminal's own black and dark greys would not be seen on the cursor's grey
marked plain 255/238/ -/-/u -/-/b -/-/u
marked free 250/238/ 240/-/u 240/-/b 240/-/u
check 'NO_COLOR is empty' 2 TERM=screen-256color NO_COLOR= "$tool"
check '--always' 2 TERM=screen-256color NO_COLOR=1 "$tool" --always

check 'xterm, 8 colours' 3 TERM=xterm "$tool"
marked error 1/-/br 1/-/bu 1/-/b 1/-/bu
marked title -/-/ -/-/ur -/-/br -/-/ur
marked pending -/-/dr -/-/du -/-/bd -/-/du

check 'NO_COLOR' 4 TERM=screen-256color NO_COLOR=1 "$tool"
marked plain -/-/r -/-/u -/-/b -/-/u
marked danger -/-/b -/-/bur -/-/br -/-/bur
check '--never' 4 TERM=screen-256color "$tool" --never
check vt100 4 TERM=vt100 "$tool"
check 'vt100 --always' 4 TERM=vt100 "$tool" --always

# The Linux console can't underline what is coloured, nor dim it.
open_pane 100 30 env -u NO_COLOR LC_ALL=C.UTF-8 TERM=linux "$tool"
wait_for '^size' linux && seen >"$tmp/seen"
marked error 1/-/br 1/-/b 1/-/b 1/-/b
marked plain -/-/r -/-/u -/-/b -/-/u

# Characters of ours, and their replacements where there are none.
sample() {
	screen | sed -n '1s/^plain *\(a...[.]*\) .*/\1/p'
}
open_pane 100 30 env LC_ALL=C.UTF-8 TERM=screen-256color "$tool"
wait_for '^size 30 x 100, 漢字$' && [ "$(screen | sed -n 1p | cut -c19-28)" = 'a█▏…' ] || fail "UTF-8: $(screen | sed -n 1p)"
for how in 'LC_ALL=C' 'LC_ALL=C.UTF-8 --ascii'; do
	# shellcheck disable=SC2086
	case $how in
	*--ascii) open_pane 100 30 env LC_ALL=C.UTF-8 TERM=screen-256color "$tool" --ascii ;;
	*) open_pane 100 30 env $how TERM=screen-256color "$tool" ;;
	esac
	wait_for '^size 30 x 100, ??$' "$how"
	[ "$(screen | sed -n 1p | cut -c19-23)" = 'a#:..' ] || fail "$how: $(screen | sed -n 1p)"
	LC_ALL=C grep -q $'[\x80-\xff]' "$tmp/bytes" && fail "$how: bytes beyond ASCII were written"
done
finish
