/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_INSERT_H
#define FSREAD_SPACE_INSERT_H

#include "content.h"

enum insert_result {
	INSERT_DONE,    /* everything was taken over */
	INSERT_EXISTS,  /* a range begins where one begins already: step 21 fails */
	INSERT_CRASHES, /* bits outside a bitmap would be touched, or a trim never ends */
	INSERT_UNKNOWN, /* more work than is worth doing to find out */
};

/*
 * Step 21 of F-A6: what happens when Linux moves a cache whose total is right, range by range, into
 * the structure it allocates from. Only ranges that overlap or are unaligned can fail, so callers
 * need this only for those. *at is the address of the range that fails. FSR_E_NOMEM only.
 */
int insert_content(const struct content *content, uint64_t start, uint64_t length, uint32_t sectorsize,
	enum insert_result *result, uint64_t *at, struct fsr_error *err);

#endif
