/* SPDX-License-Identifier: MIT */
/* Items within one leaf, pointers within one node. Room is the caller's to see to. */
#ifndef FSWRITE_TRANS_LEAF_H
#define FSWRITE_TRANS_LEAF_H

#include "trans.h"

/* Bytes of a leaf for items and their data; pointers of a node. */
static inline uint32_t leaf_capacity(const struct trans *t)
{
	return t->volume->fs.nodesize - HEADER_SIZE;
}
static inline uint32_t node_capacity(const struct trans *t)
{
	return (t->volume->fs.nodesize - HEADER_SIZE) / NODE_PTR_SIZE;
}

/* Bytes that items [from, to) take, their data included. */
uint32_t leaf_used(const struct trans *t, const uint8_t *leaf, uint32_t from, uint32_t to);
/* Makes an item of zeros at slot. */
void leaf_open_slot(
	const struct trans *t, uint8_t *leaf, uint32_t slot, const struct fsr_key *key, uint32_t size);
void leaf_close_slot(const struct trans *t, uint8_t *leaf, uint32_t slot);
/* Appends items [from, to) of one leaf to another. */
void leaf_append(const struct trans *t, uint8_t *leaf, const uint8_t *from_leaf, uint32_t from, uint32_t to);
/* Keeps the first n items. */
void leaf_cut(const struct trans *t, uint8_t *leaf, uint32_t n);

void node_open_slot(uint8_t *node, uint32_t slot);
void node_close_slot(uint8_t *node, uint32_t slot);
void node_append(uint8_t *node, const uint8_t *from_node, uint32_t from, uint32_t to);

#endif
