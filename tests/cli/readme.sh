#!/bin/bash
# What the README shows is what the program prints. `tests/cli/readme.sh --write` puts today's output into it.
. "$(dirname "$0")/../lib.sh"
PATH=$build:$PATH
mkdir "$tmp/here"
ln -s "$samples" "$tmp/here/samples"
cd "$tmp/here" || exit 2 # commands that make files make them here

# Copies the README; the output in a console block is thrown away and each command's own put there.
while IFS= read -r line; do
	case $line in
	'```console') console=yes ;;
	'```') console= ;;
	esac
	if [ "${console:-}" ] && [ "${line:0:2}" = '$ ' ]; then
		printf '%s\n' "$line"
		bash -c "${line:2}" 2>&1 </dev/null
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
