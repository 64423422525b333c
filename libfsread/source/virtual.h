/* SPDX-License-Identifier: MIT */
/*
 * Virtual disks. qemu-nbd reads them, but what it may open is decided here: the headers are read by the small
 * parsers below, and it is told a graph of descriptors that have been looked at, never to follow a name.
 */
#ifndef FSREAD_SOURCE_VIRTUAL_H
#define FSREAD_SOURCE_VIRTUAL_H

#include "containers.h"
#include "memory.h"

#define MOST_FILES 64u /* that one disk may consist of */
#define MOST_DEPTH 16u /* of a chain of backing files */

/* Numbers below it are free for what else a server process needs. */
#define FIRST_FD 10

/* What qemu-nbd will be given. */
struct disk_plan {
	const struct fsr_open_options *options;
	char folder[4096]; /* of the image, resolved; ends with a slash */
	unsigned depth;
	int fds[MOST_FILES];
	size_t count;
	bool in_use;        /* one of the files is */
	struct text *graph; /* JSON: qemu's blockdev options */
};

/* One file of a plan. `path` is as named, and what further names are relative to. */
struct disk_file {
	const char *path;
	struct source *source; /* a file's */
};

struct disk_format {
	const char *name;   /* ours: "VMDK" */
	const char *driver; /* qemu's: "vmdk" */
	/* Whether a file that begins like this is one. */
	bool (*recognise)(const uint8_t *head, size_t length);
	/* Checks the file and writes the options of its node but for the driver to plan->graph. */
	int (*plan)(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err);
};

extern const struct disk_format qcow2_format, vmdk_format, vdi_format, vhdx_format, vhd_format;

/* The format by a file's first bytes, NULL: none of them. */
const struct disk_format *disk_format(const uint8_t *head, size_t length);

/* Plans the disk in `image`, which was opened as path. To be given to plan_free() in any case. */
int plan_disk(struct disk_plan *plan, const struct disk_format *format, const char *path,
	struct source *image, const struct fsr_open_options *options, struct fsr_error *err);
void plan_free(struct disk_plan *plan);

/* ---- for the parsers */

/* Writes `"key":` and the node that reads the file's own bytes. */
int plan_own_bytes(
	struct disk_plan *plan, const char *key, const struct disk_file *file, struct fsr_error *err);
/*
 * Opens the file that `file` names. A name with a protocol is refused; FSR_E_REFUSED, too, for one that leads
 * out of the image's folder, by whatever way, without allow_outside. *path is to be freed, *source closed.
 */
int plan_open(struct disk_plan *plan, const struct disk_file *file, const char *name, const char *what,
	char **path, struct source **source, struct fsr_error *err);
/* Writes `"backing":` and the node of the file that `file` names; driver NULL: as its first bytes say. */
int plan_backing(struct disk_plan *plan, const struct disk_file *file, const char *name, const char *driver,
	struct fsr_error *err);
/* Hands source's file over to the server; answers the number that it has there. */
int plan_descriptor(struct disk_plan *plan, int fd, struct fsr_error *err);

/* vmdk_tables.c: whether what a sparse VMDK with this header says to hold lies in the file. */
int vmdk_check_tables(const struct disk_file *file, const uint8_t header[512], struct fsr_error *err);

static inline uint32_t big32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint64_t big64(const uint8_t *p)
{
	return (uint64_t)big32(p) << 32 | big32(p + 4);
}

extern const struct container virtual_disks;

#endif
