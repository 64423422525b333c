/* SPDX-License-Identifier: MIT */
#include "message.h"

#include "options.h"
#include "progress.h"
#include "report/escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WHERE_TEXT 80

void complain(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	progress_clear();
	fputs("spacescope: ", stderr);
	if (length >= 0) {
		put_escaped(stderr, text, (size_t)length);
		free(text);
	}
	fputc('\n', stderr);
}

/* What each code means, for an error that came without a sentence. */
static const char *code_text(int code)
{
	switch (code) {
	case FSR_E_NOMEM:
		return "out of memory";
	case FSR_E_IO:
		return "a read failed";
	case FSR_E_TRUNCATED:
		return "the image ends too early";
	case FSR_E_NOT_BTRFS:
		return "no btrfs found";
	case FSR_E_UNSUPPORTED:
		return "a feature that is not supported";
	case FSR_E_CORRUPT:
		return "damaged";
	case FSR_E_MISSING:
		return "a device is missing";
	case FSR_E_NOT_FOUND:
		return "not found";
	case FSR_E_CHANGED:
		return "the image changed while it was read";
	case FSR_E_LIMIT:
		return "larger than the limit";
	case FSR_E_BUSY:
		return "in use";
	case FSR_E_REFUSED:
		return "can't be done safely";
	case FSR_E_NO_SPACE:
		return "no space";
	default:
		return "failed";
	}
}

/* " (device 1, bytenr 2)" as far as known; what the sentence says already is left out. */
static void where_text(const struct fsr_error *err, const char *sentence, char out[WHERE_TEXT])
{
	char device[32] = "", bytenr[32] = "", number[24];

	*out = 0;
	snprintf(number, sizeof number, "%" PRIu64, err->bytenr);
	if (err->bytenr != FSR_NO_BYTENR && !strstr(sentence, number))
		snprintf(bytenr, sizeof bytenr, "bytenr %s", number);
	if (err->devid && !strstr(sentence, "device"))
		snprintf(device, sizeof device, "device %" PRIu64, err->devid);
	if (*device || *bytenr)
		snprintf(out, WHERE_TEXT, " (%s%s%s)", device, *device && *bytenr ? ", " : "", bytenr);
}

void complain_error(const char *path, const struct fsr_error *err)
{
	const char *text = err->text[0] ? err->text : code_text(err->code);
	char where[WHERE_TEXT], *quoted = NULL;

	if (err->code == FSR_E_STOPPED)
		return;
	where_text(err, text, where);
	if (asprintf(&quoted, "'%s'", path) < 0)
		out_of_memory();
	/* Some of the library's sentences name the file already. */
	if (strstr(text, quoted))
		complain("%s%s", text, where);
	else
		complain("%s: %s%s", path, text, where);
	free(quoted);
}

void out_of_memory(void)
{
	complain("out of memory");
	exit(STATUS_TROUBLE);
}
