/* SPDX-License-Identifier: MIT */
/*
 * Calls of the C library that fail when they are told to. The program is linked with --wrap for each of them,
 * so that the libraries' own handling of errors is what is tested.
 */
#ifndef TESTS_CRASH_FAULTS_H
#define TESTS_CRASH_FAULTS_H

#include "crash.h"

enum fault {
	FAULT_NONE,
	FAULT_WRITE_EIO,          /* one write fails */
	FAULT_WRITE_ENOSPC,       /* one write and all after it fail */
	FAULT_WRITE_SHORT,        /* one write does only half; what follows is as usual */
	FAULT_WRITE_SHORT_ENOSPC, /* one write does only half, all after it fail */
	FAULT_WRITE_NOTHING,      /* one write and all after it do nothing, and don't say why */
	FAULT_FLUSH_EIO,          /* one flush fails */
	FAULT_ALLOCATION,         /* one allocation fails */
	FAULT_COUNT
};
const char *fault_name(enum fault fault);

struct fault_counts {
	size_t writes, flushes, allocations;
	size_t image_writes; /* attempts to write to the watched files */
};

/* Writes to these files are remembered, for faults_written(). */
void faults_watch(const struct image *files);
/* From now on until faults_stop() call number `at` (from 0) of its kind fails. FAULT_NONE: only counts. */
void faults_start(enum fault fault, size_t at);
struct fault_counts faults_stop(void);
/* Whether every byte written to the watched files since they were watched is now as in this image. */
bool faults_all_equal(const struct image *want);
/* Puts back what this image has wherever the watched files were written to, and forgets it. */
void faults_put_back(const struct image *from);

#endif
