# SPDX-License-Identifier: MIT
# Reads a kernel trace: pairs the two probes on load_free_space_cache by task, and gives each btrfs message to the
# block group whose load was under way in the task that said it ("-": none was).
BEGIN {
	noise = "first mount|last unmount|checksum algorithm|using crc|using xx|using sha|using blake|disk space caching|" \
		"using free space|skinny extents|enabling ssd|discard|deprecated|scanned by|devid .* transid|" \
		"loaded, |free space tree is|read-only|RAID5/6 is EXPERIMENTAL|" \
		"allowing degraded mounts|warning \\(device [^)]*\\): devid [0-9]+ uuid [^ ]+ is missing"
}

# What Linux keeps away from allocation for superblocks, as it finds the block group.
/: btrfs_add_block_group: / {
	group = super = $0
	sub(/.* offset=/, "", group)
	sub(/.* bytes_super=/, "", super)
	print "EXCLUDED " group + 0 " " super + 0
}

/: asked: / {
	group = $0
	sub(/.*start=/, "", group)
	loading[$1] = group
}

/: told: / {
	ret = $0
	sub(/.*ret=/, "", ret)
	print "BG " loading[$1] " RET " ret
	delete loading[$1]
}

/: console: / && /BTRFS|BUG|WARNING:|invalid free space control/ && $0 !~ noise {
	text = $0
	sub(/.*: console: /, "", text)
	print "SAY " ($1 in loading ? loading[$1] : "-") " " text
}

END {
	for (task in loading)
		print "BG " loading[task] " LOST"
}
