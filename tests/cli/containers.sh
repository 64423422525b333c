#!/bin/bash
# SPDX-License-Identifier: MIT
# One filesystem in every container, made by the tools that people use: what is said of it does not change by a byte,
# but for the names of the files. A partitioned disk goes through those that hold disks.
# shellcheck disable=SC2154
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
export TMPDIR=$tmp
trap 'kill $(cat "$tmp"/*.pid 2>/dev/null) 2>/dev/null; rm -rf "$tmp"' EXIT
lacking=

# ---- what is said ------------------------------------------------------------------------------------------

# say WHERE IMAGE: all reports and their exit statuses, without what names the image.
say() {
	local group
	{
		for command in validate groups; do
			run --format json "$command" "$2"
			echo "$command $status"
			head -c 400 "$tmp/err"
			cp "$tmp/out" "$tmp/$command"
			jq -S 'del(.image, .images[]?.path)' "$tmp/out"
		done
		for group in $(jq '.block_groups[] | select(.cache).bytenr' "$tmp/groups"); do
			run --format json cache --group "$group" "$2"
			echo "cache $group $status"
			jq -S 'del(.image)' "$tmp/out"
		done
	} >"$1"
}

# in_container NAME IMAGE SUBJECT: the same as of the SUBJECT, disk or plain, as it is.
in_container() {
	say "$tmp/said" "$2"
	cmp -s "$tmp/$3.said" "$tmp/said" || fail "$1, $3: $(diff "$tmp/$3.said" "$tmp/said" | head -8)"
}

# Whether this build reads it; what was left out at build time is named in the end. Where --version knows nothing of
# it, it has to be read.
built() { # NAME
	grep -i "^can't read .*$1" "$tmp/version" >"$tmp/lacks" || return 0
	lacking="$lacking $1"
	return 1
}

# ---- the containers ----------------------------------------------------------------------------------------

# make NAME COMMAND...: in the folder of the images; side by side, as packing takes its time.
make() {
	local name=$1
	shift
	(cd "$tmp" && "$@" >"$name.log" 2>&1 </dev/null) || echo "$name: $(tail -n 3 "$tmp/$name.log")" >>"$tmp/unmade"
}

acquire() { # IMAGE TARGET
	ewfacquirestream -q -c fast -S 2MiB -t "$2" <"$1"
}

cut_up() { # IMAGE
	# shellcheck disable=SC2016
	split -b 200M -d -a 3 --numeric-suffixes=1 --filter='dd of="$FILE" bs=1M iflag=fullblock conv=sparse status=none' \
		"$1" "$1."
	truncate -s 200M "$1.001" "$1.002" "$1.003" "$1.004" "$1.005"
	truncate -s $(($(stat -c %s "$1") - (1000 << 20))) "$1.006"
}

# serve IMAGE: until the end of the test.
serve() {
	nbdkit -r -U "$tmp/$1.socket" -P "$tmp/$1.pid" file "$1"
}

# Zeros take these their time.
slow_ones() {
	make E01 acquire plain plain-ewf
	make zip zip -q -1 plain.zip plain
}

others() {
	make E01-disk acquire disk disk-ewf
	make zst zstd -q -1 plain
	make tar tar --sparse -cf plain.tar plain
	make tar.xz xz -1 -k plain.tar
	make tar.gz gzip -1 -k plain.tar
	make dump btrfs-image -c 9 plain plain.dump
	for subject in plain disk; do
		for format in qcow2 vmdk vdi vhdx; do
			make "$format" qemu-img convert -f raw -O "$format" "$subject" "$subject.$format"
		done
		make split cut_up "$subject"
		make nbd serve "$subject"
	done
}

for tool in qemu-img ewfacquirestream btrfs-image split nbdkit xz zstd gzip zip tar; do
	command -v $tool >/dev/null || skip "'$tool' is not installed"
done
zstd -dq --sparse "$samples/container-img-zst.img.zst" -o "$tmp/plain" || exit 2
zstd -dq --sparse "$samples/container-gpt.img.zst" -o "$tmp/disk" || exit 2
touch -d 2020-01-01 "$tmp/plain" "$tmp/disk"
"$program" --version >"$tmp/version"
: >"$tmp/unmade"
slow_ones &
others
wait %1
[ ! -s "$tmp/unmade" ] || fail "not made: $(<"$tmp/unmade")"

# ---- all of them -------------------------------------------------------------------------------------------

for subject in plain disk; do
	say "$tmp/$subject.said" "$tmp/$subject"
	[ "$(grep -cE '^(validate|groups|cache [0-9]+) 0$' "$tmp/$subject.said")" = 4 ] ||
		fail "$subject: not sound: $(head -c 400 "$tmp/$subject.said")"
	for format in qcow2 vmdk vdi vhdx; do
		! built $format || in_container $format "$tmp/$subject.$format" $subject
	done
	! built E01 || in_container E01 "$tmp/$subject-ewf.E01" $subject
	! built NBD || in_container NBD "nbd+unix:///?socket=$tmp/$subject.socket" $subject
	in_container split "$tmp/$subject.001" $subject
done
for packed in zst tar tar.xz tar.gz zip; do
	in_container $packed "$tmp/plain.$packed" plain
done

# A dump has logical addresses only, and says so in a note; all the rest is the same.
say "$tmp/said" "$tmp/plain.dump"
[ "$(grep -c '"code": "image-is-dump"' "$tmp/said")" = 4 ] || fail "dump: not one note in each report"
for said in plain.said said; do
	# the exit statuses stand between the reports
	sed -E 's/^[a-z]+ [0-9 ]+$/"&"/' "$tmp/$said" | jq -S 'if type == "string" then . else
		del(.pages[]?.copies[]?.physical, .pages[]?.physical, .summary.note, .images[]?.summary.note) |
		(.findings, .images[]?.findings | arrays) |= map(select(.code != "image-is-dump")) end' >"$tmp/$said.known"
done
diff "$tmp/plain.said.known" "$tmp/said.known" >"$tmp/differences" || fail "dump: $(head -8 "$tmp/differences")"

[ "$bad" != 0 ] || [ -z "$lacking" ] || skip "all is well, but this build does not read$lacking"
finish
