/* SPDX-License-Identifier: MIT */
/* Which container a file or an address is, by its first bytes or its name. */
#include "containers.h"

#include "nbd.h"
#include "virtual.h"

static const struct container *const containers[] = {
	&nbd_container,
	&virtual_disks,
	&dump_container,
	&container_ewf,
	&container_logical_ewf,
	&container_split, /* last: it has no magic */
	NULL,
};

static int open_as(const struct container *c, const char *format, const char *path, struct source *base,
	const struct fsr_open_options *options, struct source **disk, struct fsr_error *err)
{
	int e;

	if (!c->open)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is %s, which this build can't read: install %s and build again", path, format,
			c->package);
	e = c->open(path, base, options, disk, err);
	if (!e)
		(*disk)->container = format;
	return e;
}

int container_open(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	uint8_t head[CONTAINER_HEAD];
	size_t length = 0;

	if (base) {
		length = base->size < sizeof head ? (size_t)base->size : sizeof head;
		if (source_read(base, head, length, 0, NULL))
			length = 0;
	}
	for (const struct container *const *c = containers; *c; c++) {
		const char *format = (*c)->recognise(path, base ? head : NULL, length);

		if (format)
			return open_as(*c, format, path, base, options, disk, err);
	}
	return 1;
}

bool source_is_address(const char *path)
{
	for (const struct container *const *c = containers; *c; c++)
		if ((*c)->recognise(path, NULL, 0))
			return true;
	return false;
}

bool fsr_container(size_t i, struct fsr_container *out)
{
	const struct container *const *c = containers;

	for (; *c; c++)
		if ((*c)->names && !i--)
			break;
	if (!*c)
		return false;
	*out = (struct fsr_container){
		.names = (*c)->names,
		.library = (*c)->library,
		.package = (*c)->package,
		.built = (*c)->open,
	};
	return true;
}
