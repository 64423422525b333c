#!/bin/bash
# SPDX-License-Identifier: MIT
# Help lists every command and option; each command has help of its own; no command that does not exist.
. "$(dirname "$0")/../lib.sh"
commands="super groups cache diff validate tree rewrite undo tui explain"
global="--format --raw --iec --si --verbose --quiet --threads --help --version"
of_images="--device --partition --offset --member --unpack-limit --ddrescue-map --allow-outside"

run --help
expect 0 --help
[ ! -s "$tmp/err" ] || fail "--help speaks on stderr"
listed=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$tmp/out" | tr '\n' ' ')
[ "$listed" = "$commands " ] || fail "--help lists the commands '$listed'"
for option in $global; do
	grep -qE -e "^ +(-[a-z], )?$option( |$)" "$tmp/out" || fail "--help does not list $option"
done
[ "$(awk 'length > 110' "$tmp/out" | wc -l)" = 0 ] || fail "--help has long lines"

for command in $commands; do
	for arguments in "$command --help" "--help $command"; do
		# shellcheck disable=SC2086
		run $arguments
		expect 0 "$arguments"
		grep -q "^Usage: spacescope $command " "$tmp/out" || fail "$arguments: no usage line"
		wanted=$global
		[ "$command" != tui ] || wanted="--threads --help --version"
		[ "$command" = explain ] || wanted="$wanted $of_images"
		case $command in
		cache) wanted="$wanted --group --hex --mirrors" ;;
		super) wanted="$wanted --mirrors" ;;
		validate) wanted="$wanted --all-copies" ;;
		diff) wanted="$wanted --group" ;;
		rewrite) wanted="$wanted --group --all --invalidate --enable-v1 --dry-run --undo --output" ;;
		tui) wanted="$wanted --write --color --ascii" ;;
		tree) wanted="$wanted --root --hex" ;;
		esac
		found=$(grep -oE '^ +(-[a-z], )?--[a-z0-9-]+' "$tmp/out" | grep -oE -- '--[a-z0-9-]+' | sort | tr '\n' ' ')
		[ "$found" = "$(tr " " "\n" <<<"$wanted" | sort | tr '\n' ' ')" ] || fail "$arguments lists $found"
	done
done

run --version
expect 0 --version
for word in 'spacescope [0-9]' 'libfsread [0-9]' 'libarchive [0-9]' 'libblkid [0-9]' 'libgcrypt [0-9]' 'xxhash [0-9]' 'zlib [0-9]' 'jansson [0-9]'; do
	grep -q "^$word" "$tmp/out" || fail "--version does not name '$word': $(cat "$tmp/out")"
done
finish
