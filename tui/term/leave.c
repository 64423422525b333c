/* SPDX-License-Identifier: MIT */
#include "leave.h"

#include "sequence.h"

#include <curses.h>
#include <string.h>
#include <term.h>

/* Takes out the padding "$<5/>" that is meant for curses; gives the length. */
static size_t strip_padding(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		const char *end = strncmp(from, "$<", 2) == 0 ? strchr(from, '>') : NULL;

		if (end)
			from = end + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* A capability's string, or NULL where the terminal has none. */
static const char *capability(const char *name)
{
	const char *value = tigetstr(name);

	return value && value != (const char *)-1 && *value ? value : NULL;
}

static void append(char text[LEAVE_SIZE], const char *more)
{
	if (more && strlen(text) + strlen(more) < LEAVE_SIZE)
		strcat(text, more);
}

/* Keys and mouse first: what is typed from now on belongs to the shell. */
static void collect(char text[LEAVE_SIZE])
{
	text[0] = '\0';
	append(text, capability("rmkx"));
	if (capability("kmous"))
		append(text, MOUSE_OFF);
	append(text, capability("sgr0"));
	append(text, capability("op"));
	append(text, capability("cnorm"));
	if (capability("rmcup")) {
		append(text, capability("rmcup"));
		return;
	}
	/* One screen only: the shell goes on below the picture. */
	append(text, tiparm(capability("cup"), tigetnum("lines") > 0 ? tigetnum("lines") - 1 : 23, 0));
	append(text, "\r\n");
}

const char *leave_collect(int fd, char text[LEAVE_SIZE], size_t *size)
{
	const char *why = NULL;

	if (setupterm(NULL, fd, &(int){0}) != OK)
		return "the terminal type that TERM names is not known";
	if (!capability("cup") || !capability("clear"))
		why = "a terminal of the type that TERM names can't place its cursor";
	else
		collect(text);
	del_curterm(cur_term);
	if (!why)
		*size = strip_padding(text);
	return why;
}
