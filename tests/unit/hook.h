/* SPDX-License-Identifier: MIT */
/* A device for tests between the file and the overlay: it notes what passes, and lets one operation fail. */
#ifndef TESTS_UNIT_HOOK_H
#define TESTS_UNIT_HOOK_H

#include "../../libfswrite/device/set.h"

struct hook_operation {
	size_t device;
	bool is_flush;
	uint64_t offset;
	size_t length;
};

#define HOOK_MAX 4096u

/* One for all devices of a set. */
struct hook {
	struct hook_operation log[HOOK_MAX]; /* writes and flushes, in order; the one that fails too */
	unsigned n;
	/* Number of the operation to fail, from 1 on; nothing works after it. 0: none. */
	unsigned fail_at;
	size_t torn; /* bytes that a failing write writes all the same */
	bool fail_reads;
};

/* Forgets everything, and gives the hooks for device_set_open(). */
struct device_hooks hook_over(struct hook *hook);

#endif
