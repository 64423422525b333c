/* SPDX-License-Identifier: MIT */
/* What a finding is about: one row for each code. Shared by finding_subject.c and finding_place.c alone. */
#ifndef TUI_SCREENS_FINDING_SUBJECT_H
#define TUI_SCREENS_FINDING_SUBJECT_H

#include "explain.h"

/* Each is named by the details of the finding; see finding_place_text() for what it means. */
enum where {
	NOWHERE,
	AT_HEADER,
	AT_INODE,
	AT_FILE_EXTENT,
	AT_PAGE,
	AT_PAGE_STAMP,
	AT_ENTRY_NUMBER,
	AT_ENTRY,
	AT_FIRST_ENTRY,
	AT_BITMAP,
	AT_DIFFERENCE,
	AT_GROUP,
	AT_GROUP_ITEM,
	AT_CHUNK,
	AT_EXTENT,
	AT_BLOCK,
	AT_FREE_SPACE_INFO,
	AT_FREE_SPACE_ITEM,
	AT_ROOT_ITEM,
	AT_TREES,
	AT_SUPER,
	AT_MIRROR,
};

/* What a finding is about, in numbers. */
struct subject {
	enum where where;
	const struct fsr_group *group; /* NULL: of the whole filesystem */
	uint64_t number;               /* what `where` needs */
};

/* false: there is nothing to go to, or no image to read it from. */
bool finding_subject(const struct tab *tab, const struct fsr_finding *finding, struct subject *subject);

#endif
