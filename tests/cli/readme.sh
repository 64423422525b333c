#!/bin/bash
# What the README shows is what the program prints. `tests/cli/readme.sh --write` puts today's output into it.
# Commands that make files make them in the folder that tui.sh has gone to.
. "$(dirname "$0")/../tui.sh"
PATH=$build:$PATH

# picture COMMAND: the browser's screen after the keys that stand in the command's comment.
picture() {
	local words key keys=()
	read -r -a words <<<"${1%% #*}"
	[[ $1 != *' # and '* ]] || read -r -a keys <<<"${1##* # and }"
	tui_start 80x20 screen-256color "${words[@]:2}"
	for key in "${keys[@]}"; do
		tui_keys "$key"
		tui_settle
	done
	tui_screen
}

# Copies the README; the output in a console block is thrown away and each command's own put there.
while IFS= read -r line; do
	case $line in
	'```console') console=yes ;;
	'```') console= ;;
	esac
	if [ "${console:-}" ] && [ "${line:0:2}" = '$ ' ]; then
		printf '%s\n' "$line"
		case $line in
		'$ spacescope tui '*) picture "${line:2}" ;;
		*) bash -c "${line:2}" 2>&1 </dev/null ;;
		esac
	elif [ -z "${console:-}" ] || [ "$line" = '```console' ]; then
		printf '%s\n' "$line"
	fi
done <"$top/README.md" >"$tmp/README.md"
if [ "${1:-}" = --write ]; then
	cp "$tmp/README.md" "$top/README.md"
else
	diff -u "$top/README.md" "$tmp/README.md" || fail "the README shows something else (tests/cli/readme.sh --write)"
fi
finish
