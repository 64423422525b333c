# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2086,SC2046,SC1010
# Checksums, node sizes, profiles, devices, containers; all as the kernel leaves them.

for csum in xxhash sha256 blake2; do
	eval "make_csum_$csum() {
		used_v1 2G 1 --csum $csum
		keep 0 'checksum type $csum (cache pages are crc32c all the same)' \
			\$meta=WRITTEN/accepted/accepted/-/ \$data=WRITTEN/accepted/accepted/-/
	}"
	sample csum-$csum
done

for nodesize in 4k 64k; do
	eval "make_node_$nodesize() {
		used_v1 2G 1 -n $nodesize
		keep 0 'nodesize $nodesize' \$meta=WRITTEN/accepted/accepted/-/ \$data=WRITTEN/accepted/accepted/-/
	}"
	sample node-$nodesize
done

make_metadata_uuid() {
	new_fs 2G 1 "${no_fst[@]}"
	btrfstune -M "$(uuid_of other)" "${images[0]}" >/dev/null
	attach "${images[@]}"
	mount_with space_cache=v1
	fill 10
	umount "$mnt"
	detach
	keep 0 "metadata_uuid: the tree blocks bear another id than the superblock's fsid" \
		$meta=WRITTEN/accepted/accepted/-/ $data=WRITTEN/accepted/accepted/-/
}
sample metadata-uuid

# name, devices, size of each, profile
profiles='raid0 2 2G raid0
raid1 2 2G raid1
raid1c3 3 2G raid1c3
raid1c4 4 2G raid1c4
raid10 4 2G raid10
raid5 3 2G raid5
raid6 4 2G raid6
dup-data 1 4G dup'
while read -r profile count size kind; do
	eval "make_${profile//-/_}() {
		used_v1 $size $count -d $kind -m $kind
		keep 0 'profile $kind for data and metadata, devices: $count'
	}"
	sample "$profile"
done <<<"$profiles"

# The second device was away for some commits. What Linux then reads of a cache is chance.
make_raid1_stale_member() {
	local at
	used_v1 2G 2 -d raid1 -m raid1
	attach "${images[0]}"
	mount_with degraded,space_cache=v1
	fill 4
	sync
	rm "$mnt/f5"
	sync
	umount "$mnt"
	detach
	# Linux remembers a device that was missing until it has seen it again.
	attach "${images[1]}"
	btrfs device scan "${loops[0]}" >/dev/null
	detach
	at=$("$facts" "${images[@]}" | jq '.block_groups[] | select(.header).bytenr')
	undecided=$at
	keep 1 "RAID1 whose second device is some generations behind: it was away while Linux wrote (degraded)" \
		$(printf '%s=-/-/-/-/cache-copies-differ:error ' $at) fs=device-differs:error
}
sample raid1-stale-member

# ---- free space tree -----------------------------------------------------------------------------------------

make_v2() {
	new_fs 2G 1
	attach "${images[@]}"
	mount_with defaults
	fill 10
	umount "$mnt"
	detach
	keep 0 "a free space tree (v2), no v1 cache" $meta=NONE/not-loaded/-/-/ $data=NONE/not-loaded/-/-/
}
sample v2

make_v2_bitmaps() {
	new_fs 2G 1
	attach "${images[@]}"
	mount_with max_inline=0,commit=300,discard
	pad
	comb 1500
	open_gaps
	umount "$mnt"
	detach
	keep 0 "a free space tree whose fragmented block group uses bitmaps" $data=NONE/not-loaded/-/-/
}
sample v2-bitmaps

make_v2_from_v1() {
	used_v1 2G 1
	attach "${images[@]}"
	mount_with space_cache=v2
	touch "$mnt/y"
	umount "$mnt"
	detach
	keep 0 "converted from v1 to v2 by the kernel: cache_generation 0, no header left" \
		$meta=NONE/not-loaded/-/-/ $data=NONE/not-loaded/-/-/
}
sample v2-from-v1

make_v1_from_v2() {
	new_fs 2G 1
	attach "${images[@]}"
	mount_with defaults
	fill 10
	umount "$mnt"
	mount_with clear_cache,space_cache=v1
	rm "$mnt/f3"
	sync
	umount "$mnt"
	detach
	keep 0 "converted from v2 to v1 by the kernel"
}
sample v1-from-v2

# ---- containers ----------------------------------------------------------------------------------------------

make_container_img_zst() {
	used_v1 1G 1
	container=$name.img.zst
	zstd -19 -q -f "${images[0]}" -o "$here/$container"
	keep 0 "a plain image, compressed with zstd"
}
sample container-img-zst

make_container_raw_xz() {
	new_fs 256M 1
	container=$name.raw.xz
	xz -9 -c "${images[0]}" >"$here/$container"
	keep 0 "a plain image, compressed with xz"
}
sample container-raw-xz

make_container_gpt() {
	used_v1 1G 1
	local disk=$tmp/disk.img
	container=$name.img.zst
	truncate -s 1026M "$disk"
	printf 'label: gpt\nlabel-id: %s\nstart=2048, size=2097152, type=linux, uuid=%s\n' "$(uuid_of disk)" \
		"$(uuid_of partition)" | sfdisk -q "$disk"
	dd if="${images[0]}" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
	zstd -19 -q -f "$disk" -o "$here/$container"
	rm "$disk"
	keep 0 "a partitioned disk (GPT) with btrfs in its first partition"
}
sample container-gpt
