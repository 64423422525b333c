#!/bin/bash
# SPDX-License-Identifier: MIT
# `spacescope tui` becomes the browser that lies beside it or in its installed place, never one from PATH, and hands on
# every word as it is.
. "$(dirname "$0")/../lib.sh"
mkdir "$tmp/bin" "$tmp/path" "$tmp/elsewhere"

# A copy without the browser beside it, whose installed place is in a folder of this test, its name as long.
installed=$(grep -aom 1 '/[[:graph:]]*/spacescope-tui' "$program" | head -n 1)
installed=${installed%/*}
folder=$(mktemp -d /tmp/XXX) || exit 2
trap 'rm -rf "$tmp" "$folder"' EXIT
while [ ${#folder} -lt ${#installed} ]; do
	folder=$folder/
done
[ ${#folder} = ${#installed} ] || fail "no folder for the test with a name as long as '$installed'"
place=$folder/spacescope-tui
sed "s|$installed/spacescope-tui\x00|$place\x00|g" "$program" >"$tmp/bin/spacescope"
chmod +x "$tmp/bin/spacescope"
program=$tmp/bin/spacescope
beside=$tmp/bin/spacescope-tui

# fake FILE NAME: a browser that notes its name and its words, and ends with 7.
fake() {
	printf '#!/bin/sh\n[ $# = 0 ] || printf "%%s\\\\0" "$@" >"%s/words"\necho %s >"%s/ran"\n' "$tmp" "$2" "$tmp" >"$1"
	printf 'grep SigIgn /proc/self/status >"%s/ignored"\nexit 7\n' "$tmp" >>"$1"
	chmod +x "$1"
}

ran() {
	[ "$(cat "$tmp/ran" 2>/dev/null)" = "$1" ] || fail "$2: '$(cat "$tmp/ran" 2>/dev/null)' was run, not '$1'"
	rm -f "$tmp/ran"
}

fake "$tmp/path/spacescope-tui" path
fake "$tmp/elsewhere/spacescope-tui" here
PATH=$tmp/path:$PATH
cd "$tmp/elsewhere" || exit 2

# Nowhere: PATH and the working directory don't count.
run tui image
expect 2 "without a browser"
expect_sentence "without a browser"
ran '' "without a browser"
[ ! -s "$tmp/out" ] || fail "without a browser: prints on stdout"
for words in "'$beside'" "'$place'" "'make' builds it" package ncurses; do
	grep -qF -e "$words" "$tmp/err" || fail "without a browser: no '$words' in: $(cat "$tmp/err")"
done

fake "$place" installed
run tui image
expect 7 "with an installed browser"
ran installed "with an installed browser"

fake "$beside" beside
run tui image
expect 7 "with a browser beside"
ran beside "with a browser beside"
ln -s "$tmp/bin/spacescope" "$tmp/path/linked"
status=0
linked tui image || status=$?
expect 7 "by a link"
ran beside "by a link"

# handed_on WORD... | COMMAND WORD...: the words that the browser must get, and the whole command line.
handed_on() {
	local expected=()
	while [ "$1" != '|' ]; do
		expected+=("$1")
		shift
	done
	shift
	rm -f "$tmp/words"
	run "$@"
	expect 7 "$*"
	ran beside "$*"
	printf '%s\0' "${expected[@]}" >"$tmp/expected"
	cmp -s "$tmp/expected" "$tmp/words" || fail "$*: the browser got $(tr '\0' '|' <"$tmp/words")"
}
handed_on image '|' tui image
handed_on --device 'a b' --device=c --partition 1 --member '' --unpack-limit 0x400 --threads 2 --write --color=never --ascii image \
	'|' tui --device 'a b' --device=c --partition 1 --member '' --unpack-limit 0x400 --threads 2 --write --color=never --ascii image
handed_on --threads 3 $'one\ntwo' --offset=65536 '*' --color always "it's" '' \
	'|' --threads 3 tui $'one\ntwo' --offset=65536 '*' --color always "it's" ''
handed_on --member tui tui tui '|' --member tui tui tui tui
handed_on x -- --odd -y '|' tui x -- --odd -y
handed_on -- tui '|' -- tui tui

# It gets signals as the caller has them.
"$beside" x
mv "$tmp/ignored" "$tmp/direct"
run tui x
cmp -s "$tmp/direct" "$tmp/ignored" || fail "ignored signals: $(cat "$tmp/ignored"), not $(cat "$tmp/direct")"

# What spacescope answers by itself.
rm -f "$tmp/ran"
run tui --help
expect 0 "tui --help"
run tui --version
expect 0 "tui --version"
run tui --frobnicate x
expect 2 "tui --frobnicate"
run tui
expect 2 "tui without an image"
ran '' "help and wrong usage"

# One that is there and can't be run is no reason to take another.
chmod -x "$beside"
run tui image
expect 2 "with a browser that can't be run"
expect_sentence "with a browser that can't be run"
grep -qF -e "can't run '$beside': Permission denied" "$tmp/err" || fail "a browser that can't be run: $(cat "$tmp/err")"
ran '' "with a browser that can't be run"
finish
