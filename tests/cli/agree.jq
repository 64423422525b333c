# SPDX-License-Identifier: MIT
# Compares what spacescope reports of one image with what others say of it, one line for each thing they disagree on.
# $said: an image of `validate`; $others: expect/NAME.json of a sample, or the output of tests/cli/facts alone.

def differ($what; $ours; $theirs): if $ours == $theirs then empty else "\($what): \($ours | tojson), but \($theirs | tojson) is right" end;

# ---- superblock: btrfs-progs

def cache_generation: if . == "18446744073709551615" then null else . end;
def odd_bit($bit): ltrimstr("0x") | explode | .[-1] | (if . > 96 then . - 87 else . - 48 end) | . / $bit | floor | . % 2 == 1;
def space_cache: if .compat_ro_flags | odd_bit(1) then "v2" elif .cache_generation == 0 then "none" else "v1" end;

def compare_super($fs; $super):
	(("fsid", "label", "generation", "nodesize", "sectorsize", "csum_type", "num_devices", "total_bytes", "bytes_used") as $name |
		differ("filesystem." + $name; $fs[$name]; $super[$name])),
	differ("filesystem.metadata_uuid"; $fs.metadata_uuid // $fs.fsid; $super.metadata_uuid),
	differ("filesystem.cache_generation"; $fs.cache_generation; $super.cache_generation | cache_generation),
	differ("filesystem.log_root"; $fs.log_root; $super.log_root | if . == 0 then null else . end),
	differ("filesystem.space_cache"; $fs.space_cache; $super | space_cache);

# ---- block groups: btrfs-progs

def compare_facts($group; $facts):
	"block group \($facts.bytenr)" as $at |
	differ($at + " length"; $group.length; $facts.length),
	differ($at + " used"; $group.used; $facts.used),
	differ($at + " type and profile"; $group.type + [$group.profile] | sort; $facts.flags | split("|") | sort),
	differ($at + " header"; $group.cache | if . then {inode, generation, entries, bitmaps} else . end; $facts.header),
	differ($at + " inode_generation"; $group.cache.inode_generation; $facts.inode_generation),
	differ($at + " FREE_SPACE_INFO"; $group.free_space_tree | if . then {extent_count, flags} else . end; $facts.free_space_info);

# ---- verdicts: the kernel's return values and messages

# The steps that speak, and what they say; 14 may also be silent.
def spoken: [[6], "Old style space inode"], [[8], "is invalid, skip it"], [[9], "did not match free space cache generation"],
	[[11], "error reading free space cache|page truncated"], [[12, 14, 19], "csum mismatch on free space cache"],
	[[13], "space cache generation .* does not match inode"], [[16], "Duplicate entries"], [[20], "wrong amount of free space"],
	[[21], "unable to add free space"];

def compare_excluded($group; $heard):
	select($heard.excluded_bytes != null) |
		differ("block group \($heard.bytenr) excluded_bytes"; $group.excluded_bytes; $heard.excluded_bytes);

def compare_kernel($group; $heard):
	"block group \($heard.bytenr)" as $at | $heard.kernel_says as $says |
	differ($at + " verdict (the kernel returned \($heard.kernel_return | tojson))"; $group.verdict |
		if . == "accepted" then 1 elif . == "ignored" or . == "refused" then 0 elif . == "not-loaded" then null else . end;
		$heard.kernel_return),
	differ($at + " refused"; $group.verdict == "refused"; any($says[]; test("failed to load free space cache"))),
	if $heard.kernel_return != 0 then empty else
		(spoken as [$steps, $text] | any($says[]; test($text)) as $said_so | any($steps[]; . == $group.step) as $says_so |
			select($said_so != $says_so and ($said_so or $group.step != 14)) |
			"\($at): step \($group.step), but the kernel \(if $said_so then "said" else "did not say" end): \($text)") end;

# ---- states and findings: written by hand

def found($findings; $code; $severity): any($findings[]; ($code == "-" or .code == $code) and ($severity == "-" or .severity == $severity));

def compare_expected($group; $findings; $expected):
	"block group \($group.bytenr)" as $at |
	(("state", "verdict", "verdict_if_trusted", "step") as $name | select($expected[$name] != null) |
		differ("\($at) \($name)"; $group[$name]; $expected[$name])),
	($expected.findings[] | select(found($findings; .code; .severity) | not) | "\($at): no finding \(.code) (\(.severity))");

def compare_unexpected($bytenr; $findings):
	$findings[] | select(.severity == "danger" or .severity == "error") | "block group \($bytenr): unexpected finding \(.code) (\(.severity))";

def compare_group($group; $other):
	[$said.findings[] | select(.block_group == $other.bytenr)] as $findings |
	if $group == null then "block group \($other.bytenr) is not reported" else
		compare_facts($group; $other),
		if $others.kernel == null then empty else
			compare_excluded($group; $other),
			(if $others.kernel.oops or $others.kernel.mount == 255 or $other.expected.kernel_undecided == true then empty else compare_kernel($group; $other) end),
			if $other.expected then compare_expected($group; $findings; $other.expected)
			else compare_unexpected($other.bytenr; $findings) end
		end
	end;

def compare_whole:
	[$said.findings[] | select(.block_group == null)] as $findings |
	($others.findings[] | select(found($findings; .code; .severity) | not) | "no finding \(.code) (\(.severity))"),
	($findings[] | select(.severity == "danger" or .severity == "error") | .code as $code |
		select(any($others.findings[]; .code == $code) | not) | "unexpected finding \(.code) (\(.severity))"),
	differ("result"; $said.result; if $others.exit == 0 then "clean" else "findings" end);

if $said.filesystem == null then "not opened: \($said.error | tojson)" else
	compare_super($said.filesystem; $others.super),
	differ("block groups"; [$said.block_groups[].bytenr]; [$others.block_groups[].bytenr]),
	($others.block_groups[] | . as $other | compare_group([$said.block_groups[] | select(.bytenr == $other.bytenr)][0]; $other)),
	if $others.kernel == null then empty else compare_whole end
end
