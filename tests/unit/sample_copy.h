/* SPDX-License-Identifier: MIT */
/* Images out of the samples, to be written to. */
#ifndef TESTS_UNIT_SAMPLE_COPY_H
#define TESTS_UNIT_SAMPLE_COPY_H

/* A cmocka fixture: enter_scratch() by someone who finds the samples again. */
int enter_scratch_by_samples(void **state);
/* Unpacks samples/NAME.tar.zst to the new file; its several devices to file.1, file.2 and so on. */
void sample_copy(const char *name, const char *file);

#endif
