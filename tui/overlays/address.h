/* SPDX-License-Identifier: MIT */
/* Addresses as one types them. */
#ifndef TUI_OVERLAYS_ADDRESS_H
#define TUI_OVERLAYS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Decimal or 0x, with k, m, g, t, p or e behind it (powers of 1024; "4GiB" is fine too), and with "+length"
 * behind that, which is passed over: ranges are shown so. Blanks around it are. false: it is none, or beyond
 * 64 bits.
 */
bool address_parse(const char *text, uint64_t *address);

#endif
