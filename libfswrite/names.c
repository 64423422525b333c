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

const char *fsw_phase_name(enum fsw_phase phase)
{
	static const char *const names[] = {
		[FSW_PHASE_ALLOCATE] = "allocate",
		[FSW_PHASE_SERIALISE] = "serialise",
		[FSW_PHASE_CHECK] = "check",
		[FSW_PHASE_WRITE] = "write",
		[FSW_PHASE_FLUSH] = "flush",
		[FSW_PHASE_SUPER] = "super",
		[FSW_PHASE_FLUSH_SUPER] = "flush super",
		[FSW_PHASE_MIRRORS] = "mirrors",
		[FSW_PHASE_FLUSH_MIRRORS] = "flush mirrors",
	};

	return (size_t)phase < sizeof names / sizeof *names ? names[phase] : NULL;
}
