/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A unit at *text, which is moved behind it, as a power of two; 0: none. */
static unsigned take_unit(const char **text)
{
	static const char units[] = "kmgtpe";
	const char *unit = **text ? strchr(units, tolower((unsigned char)**text)) : NULL;

	if (!unit)
		return 0;
	++*text;
	if (!strncasecmp(*text, "ib", 2))
		*text += 2;
	return 10 * (unsigned)(unit - units + 1);
}

static bool take_number(const char **text, uint64_t *number)
{
	bool hex = !strncasecmp(*text, "0x", 2);
	unsigned shift;
	char *end;

	if (!isdigit((unsigned char)**text) || (hex && !isxdigit((unsigned char)(*text)[2])))
		return false;
	errno = 0;
	*number = strtoull(*text, &end, hex ? 16 : 10);
	if (errno)
		return false;
	*text = end;
	shift = take_unit(text);
	if (shift && *number > UINT64_MAX >> shift)
		return false;
	*number <<= shift;
	return true;
}

bool address_parse(const char *text, uint64_t *address)
{
	uint64_t number, length;

	text += strspn(text, " ");
	if (!take_number(&text, &number))
		return false;
	if (*text == '+') {
		text++;
		if (!take_number(&text, &length))
			return false;
	}
	if (text[strspn(text, " ")])
		return false;
	*address = number;
	return true;
}
