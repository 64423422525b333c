/* SPDX-License-Identifier: MIT */
/* Building finding records and collecting them. */
#ifndef FSREAD_FORMAT_FINDING_H
#define FSREAD_FORMAT_FINDING_H

#include "../fsread.h"

#include <pthread.h>

/* Starts a finding with its code's usual severity and a printf-made message. */
void finding_init(struct fsr_finding *f, enum fsr_finding_code code, uint64_t block_group, const char *format,
	...) __attribute__((format(printf, 4, 5)));
/* Adds a number or a text; silently full after FSR_MAX_DETAILS. name is kept, not copied. */
void finding_number(struct fsr_finding *f, const char *name, uint64_t value);
void finding_text(struct fsr_finding *f, const char *name, const char *text);

/*
 * A growing array of findings. With `shared` set up by findings_init_shared() it may be filled from
 * several threads and holds each finding (compared field by field) once; of too many it keeps the first
 * in the total order, so that what is kept does not depend on who came first. Otherwise one thread, no test.
 */
struct findings {
	struct fsr_finding *list;
	size_t count, room;
	size_t dropped; /* beyond the limit, or for want of memory */
	bool shared;
	uint32_t *order; /* shared: places in `list`, in the total order */
	pthread_mutex_t lock;
};

#define FINDINGS_MAX 10000u /* kept per list; more are counted in `dropped` */

void findings_init(struct findings *list);
void findings_init_shared(struct findings *list);
void findings_free(struct findings *list);
void findings_add(struct findings *list, const struct fsr_finding *f);
/* Worst first for a block group's own list (stable). */
void findings_sort_by_severity(struct findings *list);
/* By severity (worst first), code, first detail value, then message: the same whatever the order of arrival.
 */
void findings_sort_total(struct findings *list);

#endif
