/* SPDX-License-Identifier: MIT */
#include "fswrite.h"

const char *fsw_why_name(enum fsw_why why)
{
	static const char *const names[] = {
		[FSW_WHY_NONE] = "none",
		[FSW_WHY_SELECTED] = "selected",
		[FSW_WHY_TRUSTED] = "trusted",
		[FSW_WHY_TOUCHED] = "touched",
	};

	return (size_t)why < sizeof names / sizeof *names ? names[why] : NULL;
}
