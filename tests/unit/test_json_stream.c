/* SPDX-License-Identifier: MIT */
/* A document written element by element: what it looks like, and how it breaks off. */
#include "../../inspect/report/json_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct written {
	struct json_stream json;
	char *text;
	size_t size;
};

static void begin(struct written *w)
{
	*w = (struct written){0};
	w->json.out = open_memstream(&w->text, &w->size);
	assert_non_null(w->json.out);
}

static void assert_written(struct written *w, const char *expected)
{
	assert_int_equal(fclose(w->json.out), 0);
	assert_string_equal(w->text, expected);
	free(w->text);
}

static void test_whole(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_open(&w.json, NULL, '{');
	json_put(&w.json, "a", json_integer(1));
	json_open(&w.json, "b", '[');
	json_put(&w.json, NULL, json_null());
	json_put(&w.json, NULL, json_string("x"));
	json_close(&w.json, ']');
	json_open(&w.json, "c", '[');
	json_close(&w.json, ']');
	json_put_members(&w.json, json_pack("{s:b, s:{s:i}}", "d", 1, "e", "f", 2));
	json_close(&w.json, '}');
	assert_false(json_failed(&w.json));
	assert_false(json_stopped(&w.json));
	assert_written(&w, "{\n \"a\": 1,\n \"b\": [\n  null,\n  \"x\"\n ],\n \"c\": [],\n \"d\": true,\n "
			   "\"e\": {\"f\": 2}\n}\n");
}

static void test_texts(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	assert_true(json_line(w.json.out, json_string("#a ##b ### \177 \033 \303\251 \"\\")));
	assert_written(&w, "\"#a \\u0023#b \\u0023\\u0023# \\u007f \\u001B \\u00E9 \\\"\\\\\"\n");
}

/* NULL is what jansson gives when memory runs out. */
static void test_failed(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_open(&w.json, NULL, '{');
	json_open(&w.json, "a", '[');
	json_put(&w.json, NULL, json_integer(1));
	json_put(&w.json, NULL, NULL);
	assert_true(json_failed(&w.json));
	assert_true(json_stopped(&w.json));
	json_put(&w.json, NULL, json_integer(2));
	json_open(&w.json, NULL, '{');
	json_put_members(&w.json, json_pack("{s:i}", "b", 3));
	json_close(&w.json, '}');
	json_close(&w.json, ']');
	json_close(&w.json, '}');
	assert_int_equal(w.json.depth, 0);
	assert_true(json_failed(&w.json));
	assert_written(&w, "{\n \"a\": [\n  1,\n  ");
}

static void test_members_failed(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_open(&w.json, NULL, '{');
	json_put_members(&w.json, NULL);
	json_close(&w.json, '}');
	assert_true(json_failed(&w.json));
	assert_false(json_line(w.json.out, NULL));
	assert_written(&w, "{");
}

static bool countdown(void *arg)
{
	return --*(int *)arg == 0;
}

static void test_stopped(void **state)
{
	struct written w;
	int calls = 2;

	(void)state;
	begin(&w);
	w.json.stopped = countdown;
	w.json.stopped_arg = &calls;
	assert_false(json_stopped(&w.json));
	assert_true(json_stopped(&w.json));
	assert_false(json_failed(&w.json));
	assert_written(&w, "");
}

/* A file that can't be written is no want of memory. */
static void test_full(void **state)
{
	struct json_stream json = {.out = fopen("/dev/full", "w")};

	(void)state;
	assert_non_null(json.out);
	setvbuf(json.out, NULL, _IONBF, 0);
	assert_false(json_stopped(&json));
	json_open(&json, NULL, '[');
	json_put(&json, NULL, json_integer(1));
	assert_true(json_line(json.out, json_integer(1)));
	assert_true(json_stopped(&json));
	assert_false(json_failed(&json));
	fclose(json.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_members_failed),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
