/* SPDX-License-Identifier: MIT */
/* Labels one after the other, so that they leave no gap. */
#ifndef FSREAD_LABELLER_H
#define FSREAD_LABELLER_H

#include "fsread.h"

struct labeller {
	fsr_label_fn fn;
	void *arg;
	uint32_t at; /* bytes below are labelled */
	int ret;     /* fn's answer; nothing is labelled once it is not 0 */
};

/* Labels the next `length` bytes; 0 of them get none. */
void label(struct labeller *l, uint32_t length, enum fsr_label_kind kind, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
