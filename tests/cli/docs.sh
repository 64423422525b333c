#!/bin/bash
# SPDX-License-Identifier: MIT
# The man pages and the completion say what the programs say: commands, options, finding codes, keys.
. "$(dirname "$0")/../lib.sh"

"$top/inspect/refresh-docs" --check "$program" >"$tmp/diff" ||
	fail "run inspect/refresh-docs $program: $(cat "$tmp/diff")"

# Every word of the program's own help stands in the page, whoever wrote that part of it.
sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/inspect/spacescope.1" >"$tmp/page"
"$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$tmp/commands"
while read -r command; do
	grep -q "spacescope $command" "$tmp/page" || fail "the man page lacks the command $command"
	"$program" "$command" --help | grep -oE '^ +(-[a-z], )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+'
done <"$tmp/commands" | sort -u >"$tmp/options"
[ "$(wc -l <"$tmp/options")" -ge 23 ] || fail "only $(wc -l <"$tmp/options") options found"
while read -r option; do
	grep -qF -e "$option" "$tmp/page" || fail "the man page lacks the option $option"
done <"$tmp/options"
for state in NONE CLEAR SETUP NEED_WRITE ERROR WRITTEN UNKNOWN danger error warning note not-loaded ignored refused accepted crashes; do
	grep -qw -e "$state" "$tmp/page" || fail "the man page lacks '$state'"
done
version=$("$program" --version | sed -n 1p)
grep -qF "\"$version\"" "$tmp/page" || fail "the man page is not of $version"

# The browser's page: its options, and as many keys as its table has rows, each with its help.
sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/tui/spacescope-tui.1" >"$tmp/page"
"$build/spacescope-tui" --help | grep -oE '^ +--[a-z-]+' | grep -oE -- '--.*' >"$tmp/options"
[ "$(wc -l <"$tmp/options")" -ge 11 ] || fail "only $(wc -l <"$tmp/options") options of the browser found"
while read -r option; do
	grep -q -x -e "$option.*" "$tmp/page" || fail "the browser's page lacks the option $option"
done <"$tmp/options"
rows=$(grep -c '^ACTION(' "$top/tui/actions.def")
keys=$(sed -n '/begin keys/,/end keys/p' "$tmp/page" | grep -c '^\.TP')
[ "$rows" -gt 50 ] || fail "only $rows actions found"
[ "$keys" = "$rows" ] || fail "the browser's page has $keys keys, its table $rows"
grep -qF "\"$version\"" "$tmp/page" || fail "the browser's page is not of $version"

if command -v groff >/dev/null; then
	for page in "$top/inspect/spacescope.1" "$top/tui/spacescope-tui.1"; do
		problems=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
		[ -z "$problems" ] || fail "groff about ${page##*/}: $problems"
	done
fi

# complete LINE: what the completion offers after LINE (its last word, maybe empty, is being typed).
# shellcheck source=/dev/null
. "$top/inspect/spacescope.bash"
complete_line() {
	IFS=' ' read -r -a COMP_WORDS <<<"$1x"
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%x}
	COMPREPLY=()
	_spacescope
	offered=" ${COMPREPLY[*]} "
}
# offers LINE WORD: and lacks LINE WORD.
offers() {
	complete_line "$1"
	[[ $offered == *" $2 "* ]] || fail "after '$1' the completion lacks '$2', it has$offered"
}
lacks() {
	complete_line "$1"
	[[ $offered != *" $2 "* ]] || fail "after '$1' the completion offers '$2'"
}
offers 'spacescope ' groups
offers 'spacescope --format json va' validate
offers 'spacescope --' --format
lacks 'spacescope --' --group
offers 'spacescope diff --g' --group
lacks 'spacescope groups --' --group
offers 'spacescope rewrite --un' --undo
offers 'spacescope rewrite --undo x --' --output
lacks 'spacescope undo --' --output
offers 'spacescope undo --' --format
offers 'spacescope tui --' --write
offers 'spacescope tui --' --threads
lacks 'spacescope tui --' --format
lacks 'spacescope groups --' --ascii
offers 'spacescope tui --color ' never
offers 'spacescope --format ' ndjson
lacks 'spacescope groups --format ' ndjson
offers 'spacescope validate --format ' ndjson
offers 'spacescope tree --root ' block-group
offers 'spacescope explain cache-cr' cache-crc
lacks 'spacescope --format ' groups
finish
