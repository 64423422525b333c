/* SPDX-License-Identifier: MIT */
/* Sizes, in as few columns as they can be told in. */
#include "ui.h"

#include <inttypes.h>

static const char *const units[] = {"", "K", "M", "G", "T", "P", "E"};

/* The value in the largest unit in which it is at least 1 (and would not be rounded up to 1024 of it). */
static double scale(uint64_t bytes, size_t *unit)
{
	double value = (double)bytes;

	for (*unit = 0; value >= (*unit ? 1023.95 : 1024) && *unit < 6; ++*unit)
		value /= 1024;
	return value;
}

const char *ui_size(const struct ui *ui, uint64_t bytes, char out[SIZE_SHORT])
{
	size_t unit;
	double value = scale(bytes, &unit);

	if (ui->raw || !unit)
		snprintf(out, SIZE_SHORT, "%" PRIu64, bytes);
	else
		snprintf(out, SIZE_SHORT, "%.*f%s",
			value < 9.995   ? 2
			: value < 99.95 ? 1
					: 0,
			value, units[unit]);
	return out;
}

const char *ui_size_long(const struct ui *ui, uint64_t bytes, char out[SIZE_SHORT])
{
	size_t unit;
	double value = scale(bytes, &unit);

	if (ui->raw)
		snprintf(out, SIZE_SHORT, "%" PRIu64, bytes);
	else if (!unit)
		snprintf(out, SIZE_SHORT, "%" PRIu64 " bytes", bytes);
	else
		snprintf(out, SIZE_SHORT, "%.2f %siB", value, units[unit]);
	return out;
}
