#!/bin/bash
# Images made to hurt: every run ends within seconds, in bounded memory, with exit status 0, 1 or 2 and, for 2, one
# sentence. HOSTILE_IMAGES=N makes N of them (default 300), HOSTILE_FROM=N begins at another seed.
. "$(dirname "$0")/../lib.sh"
count=${HOSTILE_IMAGES:-300} from=${HOSTILE_FROM:-0}
asan=
nm "$program" 2>/dev/null | grep -q __asan_init && asan=yes
bases=(clean bitmaps)
for sample in "$samples"/v2-*.tar.zst; do # one of them is enough for the free space tree
	[ ! -e "$sample" ] || { bases+=("$(basename "$sample" .tar.zst)"); break; }
done
for base in "${bases[@]}"; do
	unpack "$base"
done
groups=$("$program" --format json groups "$tmp/clean.img" | jq -r '.block_groups[].bytenr')
# shellcheck disable=SC2206
groups=($groups)
trees=(root extent chunk dev fs csum uuid free-space log 256 18446744073709551615)

# bounded ARGUMENT...: one run under its limits; the address space of a sanitizer build can't be limited.
bounded() {
	status=0
	(
		[ -n "$asan" ] || ulimit -v 800000
		exec timeout -k 1 15 "$program" --threads 2 "$@"
	) >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	if [ "$status" -gt 2 ] || grep -qE 'Sanitizer|runtime error' "$tmp/err"; then
		fail "$what: $*: exit status $status: $(head -c 600 "$tmp/err")"
	elif [ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" != 1 ]; then
		fail "$what: $*: not one sentence on stderr: $(head -c 600 "$tmp/err")"
	fi
}

# explored: the library's other calls, which the program has no command for, agree with each other.
explored() {
	status=0
	(
		[ -n "$asan" ] || ulimit -v 800000
		exec timeout -k 1 15 "$tools/explore" "$image"
	) >"$tmp/out" 2>&1 </dev/null || status=$?
	case $status in 0 | 2) ;; *) fail "$what: explore: exit status $status: $(head -c 600 "$tmp/out")" ;; esac
}

image=$tmp/hostile.img
for ((seed = from; seed < from + count; seed++)); do
	base=${bases[seed / 13 % ${#bases[@]}]} # 13 classes of damage go round
	cp --sparse=always "$tmp/$base.img" "$image" || exit 2
	what="$base with seed $seed ($("$tools/hostile" "$image" $seed 2>&1 | tr '\n' ';'))"
	bounded --format json validate "$image"
	jq -e . "$tmp/out" >/dev/null || fail "$what: validate prints no JSON"
	explored
	case $((seed % 7)) in
	0) bounded super "$image" ;;
	1) bounded groups "$image" ;;
	2) bounded diff "$image" ;;
	3) bounded --format json tree --root "${trees[seed / 7 % ${#trees[@]}]}" "$image" ;;
	4) bounded cache --hex --group "${groups[seed / 7 % ${#groups[@]}]}" "$image" ;;
	5) bounded --format ndjson validate "$image" ;;
	6) bounded --format json super "$image" ;;
	esac
done

# Cut at every structure: before it, in its first bytes, in its middle.
cp --sparse=always "$tmp/clean.img" "$image" || exit 2
for place in $("$tools/hostile" "$image" places | awk '{print $1; print $1 + 100; print $1 + 2048}' | sort -run); do
	truncate -s "$place" "$image"
	what="cut at $place"
	bounded --format json validate "$image"
	[ "$status" != 0 ] || fail "$what: called clean"
done
finish
