/* SPDX-License-Identifier: MIT */
/* Arithmetic in GF(2^8) with the polynomial 0x11d, over which RAID6 computes its second parity (D1). */
#ifndef FSREAD_VOLUME_GF_H
#define FSREAD_VOLUME_GF_H

#include <stddef.h>
#include <stdint.h>

/* a times b; 2 to the power n; 1 / a, where a is not 0. */
uint8_t gf_multiply(uint8_t a, uint8_t b);
uint8_t gf_power(unsigned n);
uint8_t gf_inverse(uint8_t a);

/* Over length bytes: to += from, which is exclusive or; to *= 2; to *= factor. */
void gf_add(uint8_t *to, const uint8_t *from, size_t length);
void gf_double(uint8_t *to, size_t length);
void gf_scale(uint8_t *to, size_t length, uint8_t factor);

#endif
