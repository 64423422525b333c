#!/bin/sh
# The floors of the house: each may use those below it, the library can't write, print or end the program.
set -u
cd "$(dirname "$0")/../.." || exit 2
library=${BUILD:-build}/libfsread.a
bad=0

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
	*) echo 9 ;;
	esac
}

for file in libfsread/*.h libfsread/*/*.[ch]; do
	mine=$(floor "$file")
	for other in $(included "$file"); do
		[ "$(floor "$other")" -le "$mine" ] || fail "$file includes $other, a floor above"
	done
done

for file in inspect/*.[ch] inspect/*/*.[ch]; do
	for other in $(included "$file"); do
		case $other in
		inspect/* | libfsread/fsread.h) ;;
		*) fail "$file includes $other; of the library only fsread.h is for it" ;;
		esac
	done
done

# Only one object may create and write a file: the scratch file that archives are unpacked to.
writing='p?write(v|64|v64|v2|v64v2)?|fallocate(64)?|posix_fallocate(64)?|f(data)?sync|syncfs|sync_file_range|f?truncate(64)?'
writing="$writing|unlink(at)?|rename(at2?)?|mkostemp(s|64|s64)?|mkstemp(s|64)?|mkdir(at)?|mknod(at)?|f?chmod|f?chown|f?open(64)?_w"
never='v?f?d?printf|puts|fputs|putchar|putc|fputc|fwrite|perror|exit|_exit|quick_exit|abort|__assert_fail|__(v?f?d?)printf_chk'
never="$never|stdout|stderr|system|popen|exec[lv]p?e?|fork|posix_spawnp?|fopen(64)?|freopen(64)?|freopen|creat(64)?"
[ -f "$library" ] || fail "$library is not there"
nm -A -u "$library" | sed 's/^[^:]*:\([^:]*\):.* U /\1 /' >"${TMPDIR:-/tmp}/floors.$$"
trap 'rm -f "${TMPDIR:-/tmp}/floors.$$"' EXIT
printers=$(grep -E " ($never)(@.*)?\$" "${TMPDIR:-/tmp}/floors.$$")
[ -z "$printers" ] || fail "the library prints, ends the program, or runs another: $printers"
writers=$(grep -E " ($writing)(@.*)?\$" "${TMPDIR:-/tmp}/floors.$$" | cut -d' ' -f1 | sort -u)
[ "$(printf '%s' "$writers" | grep -c .)" -le 1 ] || fail "more than the scratch file's object writes: $writers"

# Of what is installed only the public names can be seen.
names=$(nm -g --defined-only "${BUILD:-build}/lib/libfsread.a" | awk 'NF == 3 && $2 != "U" {print $3}' |
	grep -vE '^(fsr_|__odr_asan|__asan|_GLOBAL_)')
[ -z "$names" ] || fail "the installed library shows more than fsr_ names: $names"

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
