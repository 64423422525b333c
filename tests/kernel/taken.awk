# SPDX-License-Identifier: MIT
# Did Linux take every cache that was rewritten? Reads, tab-separated but for the last:
#   jobs    JOB SPEC VARIANT TIGHT      TIGHT: 1 where there may be no room for a cache
#   groups  JOB BYTENR LENGTH USED      as btrfs-progs show them after the rewrite
#           JOB BYTENR state STATE EXCLUDED     as validate has it: only to excuse what is not WRITTEN in the end
#           JOB known MESSAGE                   what the kernel said of it before, when no cache was loaded
#   kernel  what vm.sh judge prints
# Prints "ok JOB", "sick JOB" (something that has to do with no cache is as bad as it was) or "FAIL JOB: reason"; the
# last line is "TAKEN caches".
BEGIN {
	FS = "\t"
	MiB = 1048576
}

FILENAME == ARGV[1] {
	order[++njobs] = $1
	job_of[$2] = $1
	variant[$1] = $3
	tight[$1] = $4
	next
}

FILENAME == ARGV[2] && $2 == "known" {
	known[$1, $3] = 1
	next
}

FILENAME == ARGV[2] && $3 == "state" {
	state[$1, $2] = $4
	excluded[$1, $2] = $5
	next
}

FILENAME == ARGV[2] {
	at[$1, ++ngroups[$1]] = $2
	len[$1, $2] = $3
	used[$1, $2] = $4
	next
}

/^DISK / {
	job = job_of[substr($0, 6)]
	judged[job] = 1
}

/^MOUNT / {
	mounted[job] = $0 == "MOUNT 0"
}

/^TRIM / {
	trimmed[job] = $0 == "TRIM 0"
}

/^BG / {
	split($0, word, " ")
	told[job, word[2]] = word[4]
}

/^(SAY|NOPROBE|OOPS) / {
	split($0, word, " ")
	text = $0
	sub(/^SAY [^ ]+ /, "", text)
	sub(/ \(device [^)]*\)/, "", text)
	if (/ the free space cache file \([0-9]+\) is invalid, skip it/)
		invalid[job, word[2]] = 1
	else if ((job, text) in known)
		sick[job] = 1
	else
		said[job] = said[job] "; " $0
}

function complain(what) {
	print "FAIL " job ": " what
	bad = 1
}

# Linux keeps caches of these, and loads those of them that are neither full nor empty.
function has_cache(group) {
	return len[job, group] >= 100 * MiB && len[job, group] < 16384 * MiB && used[job, group] > 0 &&
		used[job, group] < len[job, group]
}

# Room but for superblocks is none.
function full(group) {
	return used[job, group] + excluded[job, group] == len[job, group] && excluded[job, group] <= MiB
}

function excused(group) {
	return (tight[job] || variant[job] == "group") && state[job, group] != "WRITTEN"
}

function check_group(group,    answer) {
	answer = told[job, group]
	if (!has_cache(group)) {
		if (answer == "1")
			complain("block group " group ": a cache was taken where there should be none")
	} else if (variant[job] == "invalidate") {
		if (answer != "0")
			complain("block group " group " was to be invalidated, the kernel returns '" answer "'")
		invalidated++
	} else if (answer == "1")
		taken++
	else if (!full(group) && !excused(group))
		complain("block group " group ": the kernel returns '" answer "', validate says " state[job, group])
	if (invalid[job, group] && variant[job] != "invalidate" && !full(group) && !excused(group))
		complain("block group " group ": its cache is marked invalid")
}

function check_job(    i) {
	if (!judged[job] || !mounted[job] || !trimmed[job]) {
		complain("not judged, not mounted or not trimmed" said[job])
		return
	}
	if (said[job] != "")
		complain("the kernel says" said[job])
	if (ngroups[job] == 0)
		complain("no block group is known")
	for (i = 1; i <= ngroups[job]; i++)
		check_group(at[job, i])
}

END {
	for (j = 1; j <= njobs; j++) {
		job = order[j]
		bad = 0
		check_job()
		if (!bad)
			print (sick[job] ? "sick " : "ok ") job
	}
	print "TAKEN " taken + 0 " " invalidated + 0
}
