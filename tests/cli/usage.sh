#!/bin/bash
# SPDX-License-Identifier: MIT
# Wrong usage: exit status 2, one sentence on stderr that says what is wrong, nothing on stdout.
. "$(dirname "$0")/../lib.sh"

# wrong WORDS ARGUMENT...: the sentence must hold WORDS.
wrong() {
	local words=$1
	shift
	run "$@"
	expect 2 "spacescope $*"
	expect_sentence "spacescope $*"
	[ ! -s "$tmp/out" ] || fail "spacescope $*: prints on stdout: $(head -c 200 "$tmp/out")"
	grep -q '^spacescope: ' "$tmp/err" || fail "spacescope $*: the sentence lacks its prefix: $(cat "$tmp/err")"
	grep -qF -e "$words" "$tmp/err" || fail "spacescope $*: no '$words' in: $(cat "$tmp/err")"
}

wrong 'no command'
wrong 'no command' --raw
wrong "unknown command 'frobnicate'" frobnicate x
wrong "unknown command ''" ''
wrong "unknown command 'tu'" tu x
for command in super groups diff validate rewrite undo tui; do
	wrong "'$command' takes" $command
done
for command in super groups diff rewrite; do
	wrong 'exactly one image, 2 given' $command a b
done
wrong 'exactly one image, 2 given' tree --root root a b
wrong 'at most one code, 2 given' explain a b
wrong 'an image and its undo file, 1 given; usage: spacescope undo [OPTIONS] IMAGE FILE' undo a
wrong 'an image and its undo file, 3 given' undo a b c

# Options: unknown, not this command's, without their value, with one too many.
wrong "'--frobnicate'" groups --frobnicate x
wrong "'-x'" groups -x x
wrong "'-x'" groups -vx x
wrong "'--group'" groups --group 1 x
wrong "'--group'" --group 1 validate x
wrong "'--hex'" diff --hex x
wrong "'--root'" groups --root root x
wrong "'--device'" explain --device x
wrong "needs BYTENR" diff x --group
wrong "needs FILE" groups x --device
wrong 'takes no value' groups --raw=1 x
wrong 'needs --group' cache x
wrong 'needs --root' tree x
wrong 'a single image' validate --device c a b
wrong 'exclude each other' super --partition 1 --offset 0 x
wrong '--all and --group exclude each other' rewrite --all --group 1 x
wrong 'nothing for --undo' rewrite --dry-run --undo f x
wrong 'nothing for --output' rewrite --output f --dry-run x
wrong '--undo needs the name' rewrite --undo '' x
wrong '--output needs the name' rewrite --output= x
wrong 'needs FILE' rewrite x --undo
wrong 'needs COPY' rewrite x --output
for option in --all --invalidate --enable-v1 --dry-run --undo=f --output=f; do
	wrong "'undo' takes no option '${option%=f}'" undo x f $option
	wrong "'groups' takes no option '${option%=f}'" groups x $option
done
for option in --write --color=never --ascii; do
	wrong "'groups' takes no option '${option%=*}'" groups x $option
done
for option in --format=json --raw --iec --si --verbose --quiet -q --group=1; do
	wrong "'tui' takes no option '--" tui x $option
done
wrong 'exclude each other' tui --partition 1 --offset 0 x
wrong 'out of range' tui --threads 0 x
wrong 'needs WHEN' tui x --color
wrong 'takes no value' tui --ascii=1 x
wrong "'xml'" groups --format xml x
wrong 'needs FORMAT' groups x --format
for command in 'super x' 'groups x' 'cache --group 1 x' 'diff x' 'tree --root root x' 'rewrite x' 'undo x f' 'explain'; do
	# shellcheck disable=SC2086
	wrong "'validate' only" --format ndjson $command
done

# Numbers: the whole word, decimal or 0x, within the range.
for number in '' ' 1' '1 ' -1 +1 1k 1.5 0x 0xg 0x-1 ten '1
'; do
	wrong 'is not a number' diff --group "$number" x
done
wrong 'out of range' diff --group 18446744073709551616 x
wrong 'out of range' diff --group 0x10000000000000000 x
wrong 'out of range' groups --threads 0 x
wrong 'out of range' groups --threads 257 x
wrong 'out of range' groups --partition 0 x
wrong 'out of range' groups --partition 4294967296 x
wrong 'out of range' groups --offset 9223372036854775808 x
wrong 'out of range' groups --unpack-limit 0 x

# What is right so far fails only at the missing image, wherever options stand.
for arguments in 'groups --raw IMAGE' '--raw groups IMAGE' 'groups IMAGE --raw' '--format json groups -v -- IMAGE' \
	'diff IMAGE --group 0x1500000' 'diff --group=22020096 IMAGE' '--threads 2 -q cache --group 1 IMAGE --hex' \
	'--group 1 cache IMAGE' 'tree IMAGE --root 5' 'super --device IMAGE2 --device IMAGE3 IMAGE' \
	'rewrite --all --invalidate IMAGE' 'rewrite IMAGE --group 1 --group 0x2 --enable-v1' 'undo IMAGE --device IMAGE2 x' \
	'super --offset 0 --member m --unpack-limit 0x400 IMAGE'; do
	for strict in '' 1; do
		# shellcheck disable=SC2086
		POSIXLY_CORRECT=$strict run ${arguments//IMAGE/$tmp/missing}
		expect 2 "$arguments"
		grep -q "$tmp/missing" "$tmp/err" || fail "spacescope $arguments: not about the image: $(cat "$tmp/err")"
	done
done
(
	cd "$tmp" || exit 2
	run groups -- --raw
	grep -q -e '--raw' "$tmp/err"
) || fail "what follows -- is not taken as an image: $(cat "$tmp/err")"
finish
