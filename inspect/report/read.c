/* SPDX-License-Identifier: MIT */
/* Saved reports: which document it is, and its images. */
#include "read.h"

#include "read_build.h"
#include "read_document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (UINT64_C(1) << 30)
#define BLANKS_MAX 4096 /* before the '{' of a report */

/* The descriptor of a regular file, or -1 and errno, 0 when it is of another kind. */
static int open_regular(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = 0;
	return -1;
}

bool report_is_one(const char *path)
{
	char text[BLANKS_MAX];
	struct stat st;
	int fd = open_regular(path, &st);

	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, sizeof text);
	close(fd);
	for (ssize_t i = 0; i < n; i++)
		if (!strchr(" \t\r\n", text[i]) || !text[i])
			return text[i] == '{';
	return false;
}

static FILE *open_report(const char *path, struct trouble *trouble)
{
	struct stat st = {0};
	int fd = open_regular(path, &st);
	FILE *in = fd >= 0 && (uint64_t)st.st_size <= FILE_MAX ? fdopen(fd, "r") : NULL;

	if (in)
		return in;
	if (fd < 0 && errno)
		trouble_say(trouble, FSR_E_IO, "can't be opened: %s", strerror(errno));
	else if (fd < 0)
		trouble_say(trouble, FSR_E_IO, "is no regular file");
	else if ((uint64_t)st.st_size > FILE_MAX)
		trouble_say(trouble, FSR_E_LIMIT, "a report of over 1 GiB can't be opened");
	else
		trouble_memory(trouble);
	if (fd >= 0)
		close(fd);
	return NULL;
}

int report_load(const char *path, struct report **out, struct fsr_error *err)
{
	struct fsr_error ignored = {0};
	struct trouble trouble = {.err = err ? err : &ignored};
	struct report *report = calloc(1, sizeof *report);
	FILE *in = report ? open_report(path, &trouble) : NULL;

	*out = NULL;
	if (!report)
		trouble_memory(&trouble);
	if (in) {
		read_document(in, report, &trouble);
		fclose(in);
	}
	if (!trouble.failed) {
		*out = report;
		return 0;
	}
	report_free(report);
	return trouble.err->code;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->nimages; i++) {
		free(report->images[i].groups);
		free(report->images[i].all_findings);
		free(report->images[i].ranges);
	}
	free(report->images);
	pool_free(report->pool);
	free(report);
}
