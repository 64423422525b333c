#!/bin/bash
# make install puts everything in its place, the installed library can be used, and make uninstall takes all of it back.
. "$(dirname "$0")/../lib.sh"
unset MAKEFLAGS MAKELEVEL
make() { command make -C "$top" -o all --no-print-directory BUILD="$build" "$@" >"$tmp/log" 2>&1 || fail "make $*: $(tail -n 5 "$tmp/log")"; }

make install DESTDIR="$tmp/dest" PREFIX=/usr
for file in bin/spacescope lib/libfsread.a lib/pkgconfig/libfsread.pc include/spacescope/fsread.h \
	lib/libfswrite.a lib/pkgconfig/libfswrite.pc include/spacescope/fswrite.h \
	include/spacescope/format/findings.def share/man/man1/spacescope.1 share/bash-completion/completions/spacescope; do
	[ -s "$tmp/dest/usr/$file" ] || fail "$file is not installed"
done
if [ -e "$top/tui/main.c" ]; then
	for file in bin/spacescope-tui share/man/man1/spacescope-tui.1; do
		[ -s "$tmp/dest/usr/$file" ] || fail "$file is not installed"
	done
fi
! grep -rq "$tmp" "$tmp/dest/usr/lib/pkgconfig" || fail "DESTDIR is in the .pc file"
make uninstall DESTDIR="$tmp/dest" PREFIX=/usr
left=$(find "$tmp/dest" ! -type d)
[ -z "$left" ] || fail "uninstall leaves $left"

make install PREFIX="$tmp/prefix"
cat >"$tmp/use.c" <<'C'
#include <fsread.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	const char *path[] = {argv[argc - 1]};
	struct fsr_error err;
	struct fsr_fs *fs;

	if (fsr_open(&fs, path, 1, NULL, &err) != 0) {
		puts(err.text);
		return 2;
	}
	printf("generation %llu\n", (unsigned long long)fsr_filesystem(fs)->generation);
	fsr_close(fs);
	return 0;
}
C
export PKG_CONFIG_PATH=$tmp/prefix/lib/pkgconfig
sanitize=
nm "$program" | grep -q __asan_init && sanitize=-fsanitize=address,undefined
# shellcheck disable=SC2046
if cc -Wall -Werror $sanitize -o "$tmp/use" "$tmp/use.c" $(pkg-config --cflags --libs libfsread) >"$tmp/log" 2>&1; then
	answer=$("$tmp/use" "$samples/clean.tar.zst")
	expected=generation\ $(jq .super.generation "$samples/expect/clean.json")
	[ "$answer" = "$expected" ] || fail "a program with the installed library says '$answer', not '$expected'"
else
	fail "the installed library can't be used: $(head -n 5 "$tmp/log")"
fi

# The example, built as a user would: it rewrites one cache.
# shellcheck disable=SC2046
if cc -Wall -Werror $sanitize -o "$tmp/rewrite" "$top/docs/examples/rewrite.c" \
	$(pkg-config --cflags --libs libfswrite) >"$tmp/log" 2>&1; then
	unpack crc-page-0
	group=$("$program" --format json groups "$tmp/crc-page-0.img" |
		jq 'first(.block_groups[] | select(.reason == "cache-crc").bytenr)')
	answer=$("$tmp/rewrite" "$tmp/crc-page-0.img" "$group" 2>&1) || fail "the example ends with $?"
	expected=generation\ $(($(jq .super.generation "$samples/expect/crc-page-0.json") + 1))
	[ "$answer" = "$expected" ] || fail "the example says '$answer', not '$expected'"
	state=$("$program" --format json groups "$tmp/crc-page-0.img" |
		jq -r ".block_groups[] | select(.bytenr == $group).state")
	[ "$state" = WRITTEN ] || fail "after the example the cache is $state"
else
	fail "the example can't be built: $(head -n 5 "$tmp/log")"
fi
[ "$("$tmp/prefix/bin/spacescope" --version)" = "$("$program" --version)" ] || fail "the installed program is another one"
finish
