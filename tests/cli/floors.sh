#!/bin/sh
# The floors of the house: each may use those below it; libfsread can't write, no library prints or ends the program.
set -u
cd "$(dirname "$0")/../.." || exit 2
library=${BUILD:-build}/libfsread.a
writer=${BUILD:-build}/libfswrite.a
bad=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/floors.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT

fail() {
	echo "$*"
	bad=1
}

# include FILE: what it includes in quotes, as paths from the root of the project.
included() {
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$1" | while read -r name; do
		realpath -m --relative-to=. "$(dirname "$1")/$name"
	done
}

floor() {
	case $1 in
	libfsread/fsread.h | libfsread/format/*) echo 0 ;;
	libfsread/source/*) echo 1 ;;
	libfsread/volume/*) echo 2 ;;
	libfsread/tree/*) echo 3 ;;
	libfsread/space/*) echo 4 ;;
	libfsread/*) echo 5 ;;
	libfswrite/fswrite.h | libfswrite/fields.h) echo 10 ;;
	libfswrite/device/*) echo 11 ;;
	libfswrite/undo/* | libfswrite/trans/*) echo 12 ;;
	libfswrite/cache/*) echo 13 ;;
	libfswrite/commit/*) echo 14 ;;
	libfswrite/*) echo 15 ;;
	*) echo 99 ;;
	esac
}

for file in libfsread/*.h libfsread/*/*.[ch]; do
	mine=$(floor "$file")
	for other in $(included "$file"); do
		[ "$(floor "$other")" -le "$mine" ] || fail "$file includes $other, a floor above"
	done
done

# Two rooms on one floor are none of each other's business.
for file in libfswrite/*.[ch] libfswrite/*/*.[ch]; do
	mine=$(floor "$file")
	for other in $(included "$file"); do
		theirs=$(floor "$other")
		[ "$theirs" -lt "$mine" ] || { [ "$theirs" = "$mine" ] && [ "${other%/*}" = "${file%/*}" ]; } ||
			fail "$file includes $other, which is not below it"
	done
done

for file in inspect/*.[ch] inspect/*/*.[ch]; do
	for other in $(included "$file"); do
		case $other in
		inspect/* | libfsread/fsread.h | libfswrite/fswrite.h) ;;
		*) fail "$file includes $other; of the libraries only fsread.h and fswrite.h are for it" ;;
		esac
	done
done

# The browser is a program of its own: it shows what the libraries know, and shares words and records with the other.
for file in tui/*.[ch] tui/*.def tui/*/*.[ch]; do
	[ -e "$file" ] || continue
	for other in $(included "$file"); do
		case $other in
		tui/* | libfsread/fsread.h | libfswrite/fswrite.h | inspect/report/*.h) ;;
		*) fail "$file includes $other; beside its own only fsread.h, fswrite.h and inspect/report/ are for it" ;;
		esac
	done
done

# Reports are made and read for more than the command line.
for file in inspect/report/*.[ch]; do
	for other in $(included "$file"); do
		case $other in
		inspect/report/* | lib*) ;;
		*) fail "$file includes $other, which is not for it" ;;
		esac
	done
done

# Nobody stands on the browser but its own tests.
find libfsread libfswrite inspect docs tests -name '*.[ch]' ! -path 'tests/*/tui_*' ! -path 'tests/unit/test_tui_*' >"$scratch/others"
while read -r file; do
	for other in $(included "$file"); do
		case $other in
		tui/*) fail "$file includes $other" ;;
		esac
	done
done <"$scratch/others"

# Only one object may create and write a file: the scratch file that archives are unpacked to.
writing='p?write(v|64|v64|v2|v64v2)?|fallocate(64)?|posix_fallocate(64)?|f(data)?sync|syncfs|sync_file_range|f?truncate(64)?'
writing="$writing|unlink(at)?|rename(at2?)?|mkostemp(s|64|s64)?|mkstemp(s|64)?|mkdir(at)?|mknod(at)?|f?chmod|f?chown|f?open(64)?_w"
never='v?f?d?printf|puts|fputs|putchar|putc|fputc|fwrite|perror|exit|_exit|quick_exit|abort|__assert_fail|__(v?f?d?)printf_chk'
never="$never|stdout|stderr|system|popen|exec[lv]p?e?|fork|posix_spawnp?|fopen(64)?|freopen(64)?|freopen|creat(64)?"
for archive in "$library" "$writer"; do
	[ -f "$archive" ] || fail "$archive is not there"
	nm -A -u "$archive" | sed 's/^[^:]*:\([^:]*\):.* U /\1 /' >"$scratch/$(basename "$archive")"
done
# qemu.o starts the one program that a library runs, by its full path, and takes the name of its socket away.
sed -i -E '/^qemu\.o (_exit|execve|fork|unlinkat)(@.*)?$/d' "$scratch"/*
printers=$(grep -E " ($never)(@.*)?\$" "$scratch"/*)
[ -z "$printers" ] || fail "a library prints, ends the program, or runs another: $printers"
# memory.o fills nameless files that lie in memory.
writers=$(grep -E " ($writing)(@.*)?\$" "$scratch/libfsread.a" | cut -d' ' -f1 | sort -u | grep -vx memory.o)
grep -lE '\bmemfd_create\b' libfsread/*/*.c | grep -vx libfsread/source/memory.c && fail "memory.c isn't all that makes files in memory"
grep -E '\b(open|openat|mkostemp|mkstemp)\(' libfsread/source/memory.c && fail "memory.c opens files"
[ "$(printf '%s' "$writers" | grep -c .)" -le 1 ] || fail "more than the scratch file's object writes: $writers"
# libfswrite writes through its lowest device, and makes and removes copies and undo files.
others=$(grep -E " ($writing)(@.*)?\$" "$scratch/libfswrite.a" | cut -d' ' -f1 | sort -u |
	grep -vxE '(file|create|copy|save)\.o')
[ -z "$others" ] || fail "of libfswrite only the lowest device and what makes files may write: $others"

# Of what is installed only the public names can be seen.
for installed in libfsread:fsr_ libfswrite:fsr_\|fsw_; do
	names=$(nm -g --defined-only "${BUILD:-build}/lib/${installed%:*}.a" | awk 'NF == 3 && $2 != "U" {print $3}' |
		grep -vE "^(${installed#*:}|__odr_asan|__asan|_GLOBAL_)")
	[ -z "$names" ] || fail "the installed ${installed%:*} shows more than ${installed#*:} names: $names"
done

# Every open says O_RDONLY; the scratch file is the one exception.
modes=$(grep -lE '\bO_(RDWR|WRONLY|CREAT|TRUNC|APPEND)\b' libfsread/*/*.c)
[ "$(printf '%s' "$modes" | grep -c .)" -le 1 ] || fail "more than the scratch file is opened for writing: $modes"
if [ -n "$writers$modes" ]; then
	case "$writers $modes" in
	"$(basename "${modes:-none}" .c).o "*) ;;
	*) fail "$writers writes, but $modes opens for writing" ;;
	esac
fi
exit $bad
