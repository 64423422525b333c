# SPDX-License-Identifier: MIT
# Holds spacescope's verdicts against the kernel's answers. Reads three files, tab-separated but for the last:
#   jobs    NAME SPEC GROUP OPS         what was judged; GROUP: whose own cache was mutated, "-" none
#   ours    image NAME EXIT | crash NAME |
#           group NAME BYTENR VERDICT STEP REASON PAGES STAMP INODE-STAMP PAGE-STAMP COPIES
#   kernel  what vm.sh judge prints
# Prints one line per failure, then a table; -v strict=1 wants enough of every step. Ends with "RESULT passed failed".
BEGIN {
	FS = "\t"
	says[6] = "Old style space inode found"
	says[8] = "is invalid, skip it"
	says[9] = "free space inode generation"
	says[11] = "error reading free space cache|free space cache page truncated"
	says[12] = says[14] = says[19] = "csum mismatch on free space cache"
	says[13] = "space cache generation"
	says[16] = "Duplicate entries in free space cache"
	says[20] = "has wrong amount of free space"
	says[21] = "unable to add free space"
	rebuild = "failed to load free space cache for block group"
}

FILENAME == ARGV[1] {
	order[++njobs] = $1
	spec_of[$1] = $2
	name_of[$2] = $1
	target[$1] = $3
	ops[$1] = $4
	next
}

FILENAME == ARGV[2] && $1 == "image" {
	status[$2] = $3
	next
}

FILENAME == ARGV[2] && $1 == "crash" {
	foretold[$2] = 1
	next
}

FILENAME == ARGV[2] {
	n = ++groups[$2]
	bytenr[$2, n] = $3
	verdict[$2, $3] = $4
	step[$2, $3] = $5
	reason[$2, $3] = $6
	pages[$2, $3] = $7
	stamp[$2, $3] = $8
	inode_stamp[$2, $3] = $9
	page_stamp[$2, $3] = $10
	copies[$2, $3] = $11
	next
}

# ---- the kernel's lines: words, not tabs -------------------------------------------------------------------

/^DISK / {
	name = name_of[substr($0, 6)]
	judged[name] = 1
}

/^MOUNT / {
	mounted[name] = substr($0, 7) == "0"
}

/^BG / {
	split($0, word, " ")
	told[name, word[2]] = word[4]
	asked[name] = asked[name] " " word[2]
}

/^SAY / {
	split($0, word, " ")
	heard[name, word[2]] = heard[name, word[2]] "\n" $0
	if (/callbacks suppressed/)
		muted[name] = 1
}

/^OOPS / && !/twice|once/ {
	died[name] = died[name] " " substr($0, 6)
}

# ---- judging -----------------------------------------------------------------------------------------------

function complain(what) {
	printf "FAIL %s: %s\n", name, what
	if (ops[name] != "-")
		printf "     %s: %s\n", spec_of[name], ops[name]
	bad = 1
}

function expected_return(word) {
	if (word == "accepted")
		return "1"
	if (word == "refused" || word == "ignored")
		return "0"
	return word == "not-loaded" ? "" : "?"
}

# Linux reads one copy; which one is not known when they differ.
function one_copy_agrees(at,    list, i, count) {
	count = split(copies[name, at], list, ",")
	for (i = 1; i <= count; i++)
		if (expected_return(list[i]) == told[name, at])
			return 1
	return 0
}

# Whether a step that speaks keeps silent here: an index beyond the pages (14, 19), or no page at all (11).
function silent(at,    number) {
	number = step[name, at]
	if (number == 14 || number == 19)
		return reason[name, at] !~ /crc/
	return number == 11 && (pages[name, at] <= 0 || pages[name, at] >= 2147483648)
}

# The stamps in messages; numbers above 2^53 come as words or rounded, and are passed over.
function check_numbers(at, lines,    numbers) {
	if (length(stamp[name, at]) > 15 || length(inode_stamp[name, at]) > 15 || length(page_stamp[name, at]) > 15)
		return
	if (step[name, at] == 8)
		numbers = "(" at ") is invalid"
	else if (step[name, at] == 9)
		numbers = "generation (" inode_stamp[name, at] ") did not match free space cache generation (" \
			stamp[name, at] ")"
	else if (step[name, at] == 13)
		numbers = "generation (" page_stamp[name, at] ") does not match inode (" stamp[name, at] ")"
	else
		return
	if (!index(lines, numbers))
		complain("group " at ": step " step[name, at] ", '" numbers "', but the kernel says" lines)
}

# The deciding step's message must be there, and no other step's.
function check_messages(at,    lines, number, mine, wanted) {
	if (muted[name])
		return
	lines = heard[name, at]
	mine = step[name, at]
	wanted = mine in says && !silent(at) ? says[mine] : "-"
	for (number in says) {
		if (says[number] == wanted) {
			if (lines !~ says[number])
				complain("group " at ": step " mine ", but the kernel does not say so:" lines)
		} else if (lines ~ says[number] && !(number == 13 && mine == 9))
			complain("group " at ": " verdict[name, at] " at step " mine ", but the kernel says" lines)
	}
	if ((verdict[name, at] == "refused") != (lines ~ rebuild))
		complain("group " at ": " verdict[name, at] " at step " mine ", but the kernel says" lines)
	check_numbers(at, lines)
}

function count_group(at) {
	if (target[name] != at)
		return
	if (verdict[name, at] == "crashes")
		ncrashes++
	else {
		counted[verdict[name, at] == "accepted" ? 0 : step[name, at]]++
		ncounted++
	}
}

function check_group(at,    mine) {
	mine = verdict[name, at]
	compared++
	if (mine == "crashes") {
		if (reason[name, at] !~ /crash/)
			complain("group " at ": crashes at step " step[name, at] ", but the reason is " reason[name, at])
	} else if (copies[name, at] != "-") {
		if (!one_copy_agrees(at))
			complain("group " at ": no copy's verdict (" copies[name, at] ") is the kernel's " told[name, at])
		return
	} else if (expected_return(mine) != told[name, at])
		complain("group " at ": " mine " at step " step[name, at] " (" reason[name, at] "), the kernel returned '" \
			told[name, at] "'" heard[name, at])
	else if (mine != "not-loaded")
		check_messages(at)
	count_group(at)
}

function check_asked(    list, i, count) {
	count = split(asked[name], list, " ")
	for (i = 1; i <= count; i++)
		if (!((name, list[i]) in verdict))
			complain("the kernel loaded group " list[i] ", spacescope does not know it")
}

function check_image(    i) {
	if (!judged[name]) {
		complain("the kernel did not judge it")
		return
	}
	if (status[name] !~ /^[012]$/) {
		complain("spacescope ended with status " status[name])
		return
	}
	if (died[name]) {
		ndied++
		if (!foretold[name])
			complain("the kernel died, spacescope has no crash to tell:" died[name])
		else if (target[name] != "-")
			count_group(target[name])
		return
	}
	if (!mounted[name]) {
		nunmounted++
		if (status[name] == 0)
			complain("the mount fails, spacescope says clean:" heard[name, "-"])
		return
	}
	if (groups[name] == 0) {
		complain("the kernel mounts it, spacescope shows no block group (status " status[name] ")")
		return
	}
	check_asked()
	for (i = 1; i <= groups[name]; i++)
		check_group(bytenr[name, i])
}

function table(    i) {
	printf "%d filesystems, %d block groups compared; the mount failed on %d, the machine died on %d\n", njobs, compared,
		nunmounted, ndied
	if (!strict)
		return
	printf "block groups whose own cache was mutated, by deciding step (5 of each wanted, 300 in all):\n"
	for (i = 1; i <= 21; i++)
		if (i != 17 && i != 18)
			row("step " i, counted[i], 5)
	row("accepted", counted[0], 5)
	row("all", ncounted, 300)
	printf "  %-10s %4d (at most 5 %% of all)\n", "crashes", ncrashes
	if (ncrashes * 20 > ncounted + ncrashes) {
		print "FAIL too many crashes"
		failed++
	}
}

function row(what, have, want) {
	printf "  %-10s %4d\n", what, have
	if (have >= want)
		passed++
	else {
		failed++
		printf "FAIL %s: only %d, wanted %d\n", what, have, want
	}
}

END {
	for (j = 1; j <= njobs; j++) {
		name = order[j]
		bad = 0
		check_image()
		if (bad)
			failed++
		else
			passed++
	}
	table()
	print "RESULT " passed + 0 " " failed + 0
}
