/* SPDX-License-Identifier: MIT */
/* What goes through a watched stream; that keys stop it takes a terminal and a long export. */
#include "../../tui/overlays/export_watch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINES 20000 /* several buffers */

static int write_lines(FILE *stream)
{
	for (int i = 0; i < LINES; i++)
		fprintf(stream, "line %05d\n", i);
	return ferror(stream) ? -1 : 0;
}

static void test_passed_on(void **state)
{
	struct export_watch watch;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size), *stream = export_watch_begin(&watch, out);

	(void)state;
	assert_non_null(stream);
	assert_int_equal(export_watch_end(&watch, stream, write_lines(stream)), 0);
	fclose(out);
	assert_int_equal(size, LINES * strlen("line 00000\n"));
	assert_memory_equal(text + size - strlen("line 19999\n"), "line 19999\n", strlen("line 19999\n"));
	free(text);
}

static void test_failures(void **state)
{
	struct export_watch watch;
	FILE *full = fopen("/dev/full", "w"), *stream = export_watch_begin(&watch, full);

	(void)state;
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_int_equal(export_watch_end(&watch, stream, write_lines(stream)), -1);
	assert_int_equal(errno, ENOSPC);
	fclose(full);
	/* what the writer says of itself */
	full = fopen("/dev/null", "w");
	stream = export_watch_begin(&watch, full);
	fputs("text", stream);
	errno = ENOTSUP;
	assert_int_equal(export_watch_end(&watch, stream, -1), -1);
	assert_int_equal(errno, ENOTSUP);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_passed_on), cmocka_unit_test(test_failures)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
