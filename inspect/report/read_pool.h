/* SPDX-License-Identifier: MIT */
/* Memory for the texts of a report: taken piece by piece, given back all at once. */
#ifndef INSPECT_REPORT_READ_POOL_H
#define INSPECT_REPORT_READ_POOL_H

#include <stddef.h>

struct report_pool;

/* size bytes, aligned for pointers, not cleared. *pool is NULL at first. NULL when memory ran out. */
void *pool_take(struct report_pool **pool, size_t size);
/* A copy of a text. */
char *pool_text(struct report_pool **pool, const char *text);
void pool_free(struct report_pool *pool);

#endif
