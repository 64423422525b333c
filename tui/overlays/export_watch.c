/* SPDX-License-Identifier: MIT */
#include "export_watch.h"

#include "../term/clock.h"
#include "../term/signals.h"
#include "../term/term.h"

#include <errno.h>

#define PATIENCE_MS 500
/* Between two looks at the keys. */
#define BUFFER_SIZE (64u << 10)
#define CTRL_C 3

static bool is_stopped(struct export_watch *watch)
{
	struct term_input input;

	if (clock_ms() - watch->begin_ms < PATIENCE_MS)
		return false;
	watch->stopped |= signals_quit_pending();
	while (!watch->stopped && (input = term_read()).key != KEY_IS_NONE)
		watch->stopped = input.key == KEY_IS_ESCAPE || input.key == CTRL_C;
	return watch->stopped;
}

static ssize_t pass_on(void *cookie, const char *bytes, size_t n)
{
	struct export_watch *watch = cookie;

	if (is_stopped(watch)) {
		errno = ECANCELED;
		return 0;
	}
	return (ssize_t)fwrite(bytes, 1, n, watch->out);
}

FILE *export_watch_begin(struct export_watch *watch, FILE *out)
{
	const cookie_io_functions_t functions = {.write = pass_on};
	FILE *stream;

	*watch = (struct export_watch){.out = out, .begin_ms = clock_ms()};
	stream = fopencookie(watch, "w", functions);
	if (stream)
		setvbuf(stream, NULL, _IOFBF, BUFFER_SIZE);
	return stream;
}

int export_watch_end(struct export_watch *watch, FILE *stream, int ret)
{
	int error = errno;

	if (fclose(stream) && !ret) {
		error = errno;
		ret = -1;
	}
	errno = watch->stopped ? ECANCELED : error;
	return watch->stopped ? -1 : ret;
}
