/* SPDX-License-Identifier: MIT */
/* What the bytes of a superblock are. */
#ifndef TUI_SCREENS_BYTES_SUPER_H
#define TUI_SCREENS_BYTES_SUPER_H

#include "../../libfsread/fsread.h"

/* Labels every byte of a superblock's 4096, as fsr_block_labels() does for tree blocks. 0 or fn's answer. */
int bytes_label_super(const uint8_t *raw, fsr_label_fn fn, void *arg);

#endif
