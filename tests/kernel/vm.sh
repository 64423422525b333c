#!/bin/bash
# SPDX-License-Identifier: MIT
# The kernel as a judge: a Debian kernel under qemu (software emulation, no KVM and no root needed).
#   vm.sh setup                                  fetches the kernel, packs an initramfs; prints the version
#   vm.sh judge [--multi] [--once] [--files] [--opts O] SPEC...
#                                                mounts each SPEC read-only and loads all its caches
#                                                (--files: loads none, but reads all files)
# A SPEC is one filesystem: IMG, or IMG1,IMG2,... for its devices (--multi: all arguments are one). Images are never
# changed. Per SPEC, in the order given:
#   DISK spec | MOUNT rc | FILES md5 | TRIM rc | EXCLUDED start bytes | BG start RET n | SAY start|- message | OOPS text | END spec
# RET 1: the cache was taken, 0: it was not. OOPS: the machine died or hung in two boots while it judged this SPEC
# (--once: in one).
# Files live in $SPACESCOPE_VM, else in build/vm of this tree.
set -u
here=$(dirname "$(readlink -f "$0")")
home=${SPACESCOPE_VM:-$here/../../build/vm}
PATH=$PATH:/usr/sbin:/sbin

batch=60      # filesystems in one boot, at most
max_disks=60  # disks in one boot: more than 80 find no interrupt vectors
jobs=2        # machines side by side
patience=10   # seconds of processor time without a word after which a machine counts as hung
deadline=300  # the same in seconds by the clock
boot_tries=5  # emulated boots die by themselves now and then
packed=("$here/guest-init" "$here/trace.awk" "$here/list-files")

die() {
	echo "vm.sh: $*" >&2
	exit 2
}

# ---- set-up ------------------------------------------------------------------------------------------------

need_tools() {
	local tool
	for tool in qemu-system-x86_64 busybox cpio modprobe dpkg-deb apt-get xz zstd; do
		command -v "$tool" >/dev/null || die "'$tool' is missing; run tests/setup kernel"
	done
}

# The kernel package that Debian's cloud kernel name stands for.
kernel_package() {
	apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-[0-9]/ {print $2; exit}'
}

fetch_kernel() {
	local package deb
	package=$(kernel_package)
	if [ -z "$package" ]; then
		apt-get -q update >/dev/null 2>&1 || die "apt-get update fails; is this root, with a network?"
		package=$(kernel_package)
	fi
	[ -n "$package" ] || die "apt knows no linux-image-cloud-amd64; run apt-get update"
	rm -rf "$home/fetch"
	mkdir -p "$home/fetch"
	(cd "$home/fetch" && apt-get -q download "$package" >log 2>&1) || {
		cat "$home/fetch/log" >&2
		die "can't download $package"
	}
	deb=$(echo "$home"/fetch/*.deb)
	dpkg-deb -x "$deb" "$home/fetch/root" || die "can't unpack $deb"
	dpkg-deb -f "$deb" Version >"$home/fetch/root/version"
	rm -rf "$home/kernel"
	mv "$home/fetch/root" "$home/kernel"
	rm -rf "$home/fetch"
}

# Copies a module, unpacked, as mod/NAME.ko of the initramfs.
copy_module() {
	local name=${1##*/}
	case $name in
	*.xz) xz -dc "$1" >"$2/mod/${name%.xz}" ;;
	*.zst) zstd -dcq "$1" >"$2/mod/${name%.zst}" ;;
	*) cp "$1" "$2/mod/$name" ;;
	esac
}

# What the machine needs to insert, in order, without btrfs itself.
list_modules() {
	local module
	for module in virtio_pci virtio_blk xxhash_generic sha256_generic blake2b_generic btrfs; do
		modprobe -d "$home/kernel" -S "$1" --show-depends "$module" 2>/dev/null
	done | awk '$1 == "insmod" && !seen[$2]++ {print $2}'
}

pack_initramfs() {
	local release root module name
	release=$(basename "$home"/kernel/boot/vmlinuz-* | sed 's/^vmlinuz-//')
	[ -d "$home/kernel/usr/lib/modules/$release" ] && [ ! -e "$home/kernel/lib" ] && ln -s usr/lib "$home/kernel/lib"
	[ -d "$home/kernel/lib/modules/$release" ] || die "no modules of $release in the kernel package"
	depmod -b "$home/kernel" "$release" || die "depmod failed"
	root=$(mktemp -d "$home/initramfs.XXXXXX") || die "can't write to $home"
	mkdir -p "$root/bin" "$root/mod"
	cp "$(command -v busybox)" "$root/bin/busybox"
	install -m 755 "$here/guest-init" "$root/init"
	install -m 644 "$here/trace.awk" "$root/trace.awk"
	install -m 755 "$here/list-files" "$root/list-files"
	for module in $(list_modules "$release"); do
		copy_module "$module" "$root"
		name=${module##*/}
		name=${name%%.ko*}.ko
		[ "$name" = btrfs.ko ] || echo "$name" >>"$root/mod/before"
	done
	(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$home/initrd.new" || die "can't pack the initramfs"
	rm -rf "$root"
	cat "${packed[@]}" >"$home/packed-from"
	mv "$home/initrd.new" "$home/initrd"
}

setup() {
	need_tools
	mkdir -p "$home" || die "can't create $home"
	if ! ls "$home"/kernel/boot/vmlinuz-* >/dev/null 2>&1; then
		fetch_kernel
	fi
	if [ ! -s "$home/initrd" ] || ! cat "${packed[@]}" | cmp -s - "$home/packed-from"; then
		pack_initramfs
	fi
	echo "kernel $(basename "$home"/kernel/boot/vmlinuz-* | sed 's/^vmlinuz-//') ($(cat "$home/kernel/version"))"
}

# ---- one boot ----------------------------------------------------------------------------------------------

# The place of disk number $1: eight functions to a slot.
pci_address() {
	printf '%x.%x' $((1 + $1 / 8)) $(($1 % 8))
}

# start_machine OUT DISK...: runs qemu until it ends; disk i answers to the serial in its name (FILE=SERIAL).
start_machine() {
	local out=$1 i=0 pair args=()
	shift
	for pair in "$@"; do
		args+=(-drive "file=${pair%=*},format=raw,if=none,id=d$i,snapshot=on"
			-device "virtio-blk-pci,drive=d$i,serial=${pair##*=},multifunction=on,addr=$(pci_address $i)")
		i=$((i + 1))
	done
	: >"$out"
	qemu-system-x86_64 -accel tcg,thread=single -cpu Nehalem -machine q35 -m 1024 -smp 1 -nodefaults -no-user-config \
		-display none -no-reboot -serial "file:$out" -kernel "$home"/kernel/boot/vmlinuz-* -initrd "$home/initrd" \
		-append "console=ttyS0 loglevel=3 oops=panic panic=-1 softlockup_panic=1 watchdog_thresh=10${files:+ files=1}" \
		"${args[@]}" </dev/null >"$out.qemu" 2>&1 &
	machine=$!
	watch_machine "$machine" "$out" 2>/dev/null
	machine=
}

# The processor time that a process has used, in hundredths of a second.
used_time() {
	local stat
	read -r -a stat <"/proc/$1/stat" && echo $((stat[13] + stat[14]))
}

# Waits for the machine; ends it when its output stands still for too long. It may be slow because others keep the
# processors busy, so its own time counts.
watch_machine() {
	local pid=$1 out=$2 size last=0 now since=0 clock=$SECONDS
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
		size=$(stat -c %s "$out")
		now=$(used_time "$pid") || break
		if [ "$size" != "$last" ]; then
			last=$size since=$now clock=$SECONDS
		elif [ $((now - since)) -ge $((patience * 100)) ] || [ $((SECONDS - clock)) -ge $deadline ]; then
			echo "HUNG: no word for $patience s" >>"$out"
			kill -9 "$pid"
			break
		fi
	done
	wait "$pid"
}

# boot DIR NUMBER...: gives the specs of these numbers to one machine; its answer is in DIR/log.
boot() {
	local dir=$1 n device k pairs=()
	shift
	: >"$dir/jobs"
	for n in "$@"; do
		printf '%s %s' "$n" "$opts" >>"$dir/jobs"
		k=0
		while IFS= read -r -d, device; do
			pairs+=("$device=$n.$k")
			printf ' %s' "$n.$k" >>"$dir/jobs"
			k=$((k + 1))
		done <<<"${specs[n]},"
		echo >>"$dir/jobs"
	done
	truncate -s %4096 "$dir/jobs"
	start_machine "$dir/raw" "$dir/jobs=jobs" "${pairs[@]}"
	tr -d '\r\000' <"$dir/raw" >"$dir/log"
}

# ---- judging -----------------------------------------------------------------------------------------------

# What the log holds about spec number N, up to its END or to the machine's death.
section_of() {
	awk -v n="$2" '$1 == "DISK" {on = $2 == n; next} $1 == "END" {on = 0}
		on && /^(MOUNT|FILES|TRIM|EXCLUDED|BG|SAY|NOPROBE) /' "$1"
}

last_words() {
	grep -aE 'BUG:|Oops|Kernel panic|soft lockup|RIP: 0010|HUNG' "$1" | sed 's/^\[ *[0-9.]*\] *//' |
		awk '!seen[$0]++' | head -4
}

report() {
	local dir=$1 n=$2 oops=$3
	{
		echo "DISK ${specs[n]}"
		section_of "$dir/log" "$n"
		[ -z "$oops" ] || last_words "$dir/log" | sed 's/^/OOPS /'
		[ -z "$oops" ] || echo "OOPS ${once:-twice}"
		echo "END ${specs[n]}"
	} >"$answers/$n"
}

# The numbers of one boot: as many of those that wait as a machine takes.
next_batch() {
	local n count=0 disks=0 commas
	for n in "$@"; do
		commas=${specs[n]//[^,]/}
		disks=$((disks + 1 + ${#commas}))
		count=$((count + 1))
		if [ $count -gt $batch ] || { [ $disks -ge $max_disks ] && [ $count -gt 1 ]; }; then
			break
		fi
		echo "$n"
	done
}

# judge_all DIR NUMBER...: boots until every number has its report.
judge_all() {
	local dir=$1 tries=0 suspect='' n now todo
	shift
	todo=("$@")
	mkdir -p "$dir"
	trap '[ -z "$machine" ] || kill -9 "$machine"; exit 1' TERM
	while [ ${#todo[@]} -gt 0 ]; do
		mapfile -t now < <(next_batch "${todo[@]}")
		boot "$dir" "${now[@]}"
		grep -a '^KERNEL' "$dir/log" >"$answers/kernel.${dir##*/}"
		while [ ${#todo[@]} -gt 0 ] && grep -aqx "END ${todo[0]}" "$dir/log"; do
			report "$dir" "${todo[0]}" ''
			todo=("${todo[@]:1}")
			tries=0
		done
		grep -aq '^DONE' "$dir/log" && continue
		# It died: before any disk was reached, at one for the first time, or at the same one again.
		n=${todo[0]-}
		tries=$((tries + 1))
		if [ -n "$n" ] && grep -aqx "DISK $n" "$dir/log"; then
			if [ -n "$once" ] || [ "$suspect" = "$n" ]; then
				report "$dir" "$n" oops
				todo=("${todo[@]:1}")
				tries=0
			else
				suspect=$n
			fi
		fi
		if [ $tries -ge $boot_tries ]; then
			tail -n 5 "$dir/log" >&2
			cat "$dir/raw.qemu" >&2
			echo "vm.sh: the machine does not come up" >&2
			return 1
		fi
	done
}

judge() {
	local opts=ro multi='' once='' files='' specs=() work answers i j share status=0 pids=() machine=
	while [ $# -gt 0 ]; do
		case $1 in
		--multi) multi=1 ;;
		--once) once=once ;;
		--files) files=1 patience=100 ;;
		--opts) opts=$2 && shift ;;
		-*) die "unknown option '$1'" ;;
		*) specs+=("$1") ;;
		esac
		shift
	done
	[ ${#specs[@]} -gt 0 ] || die "judge: no images"
	[ -s "$home/initrd" ] || die "run vm.sh setup first"
	if [ -n "$multi" ]; then
		specs=("$(IFS=, && echo "${specs[*]}")")
	fi
	work=$(mktemp -d) || die "no temporary folder"
	# shellcheck disable=SC2064
	trap 'kill "${pids[@]}" 2>/dev/null; wait; rm -rf '"'$work'" EXIT
	trap 'exit 130' INT TERM
	answers=$work/answers
	mkdir "$answers"
	for ((j = 0; j < jobs; j++)); do
		share=()
		for ((i = j; i < ${#specs[@]}; i += jobs)); do share+=("$i"); done
		[ ${#share[@]} -gt 0 ] || continue
		judge_all "$work/$j" "${share[@]}" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i" || status=2; done
	cat "$answers"/kernel.* | head -1
	for ((i = 0; i < ${#specs[@]}; i++)); do
		[ ! -e "$answers/$i" ] || cat "$answers/$i"
	done
	return $status
}

command=${1-}
[ $# = 0 ] || shift
case $command in
setup) setup ;;
judge) judge "$@" ;;
*) die "usage: vm.sh setup | judge [--multi] [--once] [--files] [--opts OPTIONS] IMG[,IMG...]..." ;;
esac
