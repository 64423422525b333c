#!/bin/bash
# SPDX-License-Identifier: MIT
# Damaged images through the commit: never a crash or a hang, in bounded memory. Refused: nothing was written. Done: validate
# has no danger or error that was not there before, none that a rewrite mends when all was asked for, and a second run has
# nothing to do. A dry run writes nothing and tells what the real run does. HOSTILE_IMAGES=N takes N images of the first kind
# and N/2 of the second (default 50), HOSTILE_FROM=N begins at another seed.
. "$(dirname "$0")/../lib.sh"
count=${HOSTILE_IMAGES:-50} from=${HOSTILE_FROM:-0}
asan=
nm "$tools/rewrite" 2>/dev/null | grep -q __asan_init && asan=yes
image=$tmp/hostile.img
modes=("" all invalidate "all invalidate" enable-v1 group)
done_runs=0 refused=0
declare -A group

# bounded NAME ARGUMENT...: the tool under its limits; leaves $status, $tmp/NAME and $tmp/NAME.err.
bounded() {
	local name=$1
	shift
	status=0
	(
		[ -n "$asan" ] || ulimit -v 800000
		exec timeout -k 1 20 "$tools/rewrite" "$@" "$list"
	) >"$tmp/$name" 2>"$tmp/$name.err" </dev/null || status=$?
	if [ "$status" -gt 2 ] || grep -qE 'Sanitizer|runtime error|please report' "$tmp/$name.err"; then
		fail "$what: $*: exit status $status: $(head -c 600 "$tmp/$name.err")"
	fi
}

# bad_findings: a line for each danger and error, by code and block group.
bad_findings() {
	"$program" --format json validate "${devices[@]}" "$image" 2>/dev/null | jq -r '.images[] | (.findings[],
		(.block_groups[].findings // [])[]) | select(.severity == "error" or .severity == "danger") |
		"\(.code) \(.block_group)"' | sort -u
}

written() { # whether any image was written to since `rest`
	local file
	for file in "${files[@]}"; do
		[ "$(stat -c %Y "$file")" = 1 ] || return 0
	done
	return 1
}

rest() { touch -d @1 "${files[@]}"; }

# commit OPTION...: all that is asked of one image; "group" is the first block group that has a cache.
commit() {
	local first new
	[ "$*" != group ] || set -- "group=${group[$base]}"
	bad_findings >"$tmp/before"
	rest
	bounded dry "$@" dry-run
	first=$status
	written && fail "$what: $*: the dry run wrote"
	bounded real "$@"
	[ "$status" = "$first" ] || fail "$what: $*: dry run $first, run $status: $(cat "$tmp/dry.err" "$tmp/real.err")"
	cmp -s "$tmp/dry" "$tmp/real" || fail "$what: $*: dry run and run differ: $(diff "$tmp/dry" "$tmp/real" | head -n 4)"
	if [ "$status" = 2 ]; then
		refused=$((refused + 1))
		written && fail "$what: $*: refused, but written to"
		[ "$(wc -l <"$tmp/real.err")" = 1 ] || fail "$what: $*: not one sentence: $(head -c 600 "$tmp/real.err")"
		cmp -s "$tmp/dry.err" "$tmp/real.err" || fail "$what: $*: not the same sentence: $(cat "$tmp/dry.err")"
		return
	fi
	done_runs=$((done_runs + 1))
	if grep -q '^planned 0' "$tmp/real"; then
		written && fail "$what: $*: nothing to do, but written to"
	fi
	bad_findings >"$tmp/after"
	new=$(comm -13 "$tmp/before" "$tmp/after" | head -n 5)
	[ -z "$new" ] || fail "$what: $*: a finding that was not there before: $new"
	[ -n "$*" ] || [ "$status" = 1 ] || [ ! -s "$tmp/after" ] || fail "$what: not mended: $(head -n 5 "$tmp/after")"
	rest
	# what is freed by a commit is there for the next one: an incomplete one may find more to do; a block group
	# that is named is always written
	[ "$status" = 0 ] && [[ $* != group=* ]] || return
	# shellcheck disable=SC2046
	bounded second $(printf '%s\n' "$@" | grep -v "^all$\|^enable-v1$")
	grep -q '^planned 0' "$tmp/second" || fail "$what: $*: a second run: $(tail -n 1 "$tmp/second" "$tmp/second.err")"
	written && fail "$what: $*: the second run wrote"
}

copy() { # BASE: fresh copies as $files, $list, $devices, $image
	local file k
	files=() devices=()
	for file in "$tmp/base/$1.img" "$tmp/base/$1".[0-9]*.img; do
		[ -e "$file" ] || continue
		k=$tmp/copy${#files[@]}.img
		cp --sparse=always "$file" "$k" || exit 2
		[ ${#files[@]} = 0 ] || devices+=(--device "$k")
		files+=("$k")
	done
	image=${files[0]}
	list=$(IFS=, && echo "${files[*]}")
}

mkdir "$tmp/base"
for base in clean bitmaps bitmaps-many exact-fill dup-data raid1 raid10 mixed bitmaps-mixed quota node-4k node-64k \
	csum-xxhash csum-sha256 csum-blake2; do
	tar -C "$tmp/base" -xf "$samples/$base.tar.zst" || exit 2
	copy "$base"
	group[$base]=$("$tools/mutate" "$list" list | awk '$1 == "header" {print $3; exit}')
done

bases=(clean node-4k quota bitmaps mixed dup-data)
for ((seed = from; seed < from + count; seed++)); do
	base=${bases[seed / 13 % ${#bases[@]}]} # 13 classes of damage go round
	copy "$base"
	what="$base with seed $seed ($("$tools/hostile" "$image" $seed 2>&1 | tr '\n' ';'))"
	# shellcheck disable=SC2086
	commit ${modes[seed % 7 % ${#modes[@]}]}
done
[ "$done_runs" -ge $((count / 10)) ] || fail "only $done_runs of $count images were written to"

# What a kernel test plants, checksums mended.
hits=$done_runs n=0
"$top/tests/kernel/mutations" $((from + 1)) "$tools/mutate" "$tmp/base" >"$tmp/mutations" || exit 2
while IFS=$'\t' read -r name base _ ops; do
	copy "$base"
	what="$name: $base: $ops"
	# shellcheck disable=SC2086
	"$tools/mutate" "$list" $ops >"$tmp/mutate.out" 2>&1 || continue
	# shellcheck disable=SC2086
	commit ${modes[n % 7 % ${#modes[@]}]}
	n=$((n + 1))
done < <(shuf -n $((count / 2)) --random-source=<(yes "$from") "$tmp/mutations")
[ "$done_runs" -gt "$hits" ] || fail "no mutated image was written to"
echo "$done_runs commits, $refused refused"
finish
