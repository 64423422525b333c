/* SPDX-License-Identifier: MIT */
/* Disks that are read through a connection to an NBD server. */
#ifndef FSREAD_SOURCE_NBD_H
#define FSREAD_SOURCE_NBD_H

#include "containers.h"

/* A server that leaves one request of at most 1 MiB unanswered for so long is given up. */
#define NBD_SECONDS 30

/* Whether path is an address that libnbd takes, such as nbd://host or nbd+unix:///?socket=/path. */
bool nbd_is_address(const char *path);
/*
 * A source over the connected socket, which is taken over on success and failure alike. name is the
 * source's; the server is asked for its default export.
 */
int nbd_open_socket(int fd, const char *name, const struct fsr_open_options *options, struct source **out,
	struct fsr_error *err);

/* Of libnbd at run time; "" when memory runs out. Only where libnbd is built in, as nbd_open_socket(). */
const char *nbd_library_version(void);

extern const struct container nbd_container;

#endif
