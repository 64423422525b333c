/* SPDX-License-Identifier: MIT */
/* One connection to an NBD server. Only reads are ever sent, and none is waited for without an end. */
#include "nbd.h"

#define REQUEST ((size_t)MIB)

static const char *const schemes[] = {"nbd://", "nbds://", "nbd+unix://", "nbds+unix://"};

bool nbd_is_address(const char *path)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (!strncasecmp(path, schemes[i], strlen(schemes[i])))
			return true;
	return false;
}

static const char *recognise(const char *path, const uint8_t *head, size_t length)
{
	(void)length;
	return !head && nbd_is_address(path) ? "NBD" : NULL;
}

#ifdef HAVE_LIBNBD

#include <errno.h>
#include <libnbd.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct nbd_source {
	struct source source;
	struct nbd_handle *nbd;
	pthread_mutex_t lock;    /* the connection carries one request at a time */
	bool dead;               /* it failed once: an answer that comes late must not be taken for another */
	struct fsr_error why;    /* told again by each read from then on */
	uint64_t minimum, piece; /* requests are multiples of the first, and at most as long as the second */
	uint8_t *bounce;         /* piece bytes */
};

/* ---- waiting */

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum waited { ANSWERED, TIMED_OUT, FAILED, STOPPED };

/* So long at most a connection is waited for before the caller is asked whether to go on. */
#define ASK_MS 200

/* Lets the connection do one step of what it has to do before the deadline. */
static enum waited step(struct nbd_handle *nbd, int64_t deadline)
{
	int64_t left = deadline - milliseconds();
	int r = left > 0 ? nbd_poll(nbd, (int)left) : 0;

	return r > 0 ? ANSWERED : r == 0 ? TIMED_OUT : FAILED;
}

static bool asked_to_stop(const struct fsr_open_options *options)
{
	return options && options->progress && options->progress(options->progress_arg, "connecting", 0, 0);
}

static enum waited wait_for_connection(struct nbd_handle *nbd, const struct fsr_open_options *options)
{
	int64_t deadline = milliseconds() + NBD_SECONDS * 1000;

	while (nbd_aio_is_connecting(nbd)) {
		int64_t ask = milliseconds() + ASK_MS;
		enum waited w = step(nbd, ask < deadline ? ask : deadline);

		if (asked_to_stop(options))
			return STOPPED;
		if (w == FAILED || (w == TIMED_OUT && milliseconds() >= deadline))
			return w;
	}
	return nbd_aio_is_ready(nbd) ? ANSWERED : FAILED;
}

static enum waited wait_for_answer(struct nbd_handle *nbd, uint64_t cookie)
{
	int64_t deadline = milliseconds() + NBD_SECONDS * 1000;

	for (;;) {
		int done = nbd_aio_command_completed(nbd, cookie);
		enum waited w;

		if (done)
			return done > 0 ? ANSWERED : FAILED;
		w = step(nbd, deadline);
		if (w == TIMED_OUT || (w == FAILED && !nbd_aio_is_dead(nbd)))
			return w;
	}
}

/* ---- reading */

static int fail_silent(const char *name, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
		"no answer from the NBD server of " NAME " in %d seconds", name, NBD_SECONDS);
}

static int fail_request(struct nbd_source *n, uint64_t offset, enum waited w, struct fsr_error *err)
{
	int error = nbd_get_errno();

	/* What is still to be answered would be written to a buffer that is the caller's again. */
	n->dead = w == TIMED_OUT || !nbd_aio_is_ready(n->nbd) || nbd_aio_in_flight(n->nbd) > 0;
	if (w == TIMED_OUT)
		return fail_silent(n->source.name, err);
	if (n->dead)
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
			"the NBD server of " NAME " has gone away, at byte %llu", n->source.name,
			(unsigned long long)offset);
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot read " NAME " at byte %llu: %s",
		n->source.name, (unsigned long long)offset, strerror(error ? error : EIO));
}

static int request(
	struct nbd_source *n, uint8_t *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	enum waited w = FAILED;
	int64_t cookie;

	if (!n->dead) {
		cookie = nbd_aio_pread(n->nbd, buffer, length, offset, NBD_NULL_COMPLETION, 0);
		if (cookie > 0)
			w = wait_for_answer(n->nbd, (uint64_t)cookie);
		if (w == ANSWERED)
			return 0;
		fail_request(n, offset, w, &n->why);
	}
	return fsr_fail(err, n->why.code, 0, FSR_NO_BYTENR, "%s", n->why.text);
}

/* Reads what one request can carry from offset on; answers how much of it was asked for. */
static int read_piece(struct nbd_source *n, uint8_t *buffer, size_t length, uint64_t offset, size_t *done,
	struct fsr_error *err)
{
	uint64_t start = offset - offset % n->minimum, end = start + n->piece, used = offset + length;
	int e;

	if (used < end)
		end = used + (n->minimum - used % n->minimum) % n->minimum;
	if (end > n->source.size)
		end = n->source.size;
	*done = (size_t)((used < end ? used : end) - offset);
	if (start == offset && end == offset + *done)
		return request(n, buffer, *done, offset, err);
	e = request(n, n->bounce, (size_t)(end - start), start, err);
	if (!e)
		memcpy(buffer, n->bounce + (offset - start), *done);
	return e;
}

static int nbd_read_at(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct nbd_source *n = (struct nbd_source *)s;
	size_t at = 0, done;
	int e = 0;

	if (offset > s->size || length > s->size - offset)
		return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
			NAME " ends at byte %llu, but %zu bytes are needed from byte %llu", s->name,
			(unsigned long long)s->size, length, (unsigned long long)offset);
	pthread_mutex_lock(&n->lock);
	for (; !e && at < length; at += done)
		e = read_piece(n, (uint8_t *)buffer + at, length - at, offset + at, &done, err);
	pthread_mutex_unlock(&n->lock);
	return e;
}

static void nbd_source_close(struct source *s)
{
	struct nbd_source *n = (struct nbd_source *)s;

	if (n->nbd && nbd_aio_is_ready(n->nbd))
		nbd_aio_disconnect(n->nbd, 0); /* it is sent where that takes no waiting */
	nbd_close(n->nbd);
	pthread_mutex_destroy(&n->lock);
	free(n->bounce);
	free(s->name);
	free(s);
}

static const struct source_ops nbd_ops = {nbd_read_at, nbd_source_close};

/* ---- opening */

static struct nbd_source *new_source(const char *name)
{
	struct nbd_source *n = calloc(1, sizeof *n);

	if (!n)
		return NULL;
	pthread_mutex_init(&n->lock, NULL);
	n->source.ops = &nbd_ops;
	n->source.name = strdup(name);
	n->nbd = nbd_create();
	if (n->source.name && n->nbd)
		return n;
	nbd_source_close(&n->source);
	return NULL;
}

static int fail_connection(const struct nbd_source *n, enum waited w, struct fsr_error *err)
{
	const char *why = nbd_get_error();

	if (w == STOPPED)
		return fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
	if (w == TIMED_OUT)
		return fail_silent(n->source.name, err);
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
		"cannot connect to the NBD server of '%.200s': %.200s", n->source.name,
		why ? why : "it closed the connection");
}

/* What the server says about itself is bounded before it is used. */
static int take_sizes(struct nbd_source *n, struct fsr_error *err)
{
	int64_t size = nbd_get_size(n->nbd), minimum = nbd_get_block_size(n->nbd, LIBNBD_SIZE_MINIMUM),
		maximum = nbd_get_block_size(n->nbd, LIBNBD_SIZE_MAXIMUM);

	if (size < 0 || minimum < 0 || maximum < 0)
		return fail_connection(n, FAILED, err);
	n->minimum = minimum ? (uint64_t)minimum : 1;
	n->piece = maximum && (uint64_t)maximum < REQUEST ? (uint64_t)maximum : REQUEST;
	n->piece -= n->piece % n->minimum;
	if (!n->piece)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			"the NBD server of " NAME " wants requests of %llu bytes at least", n->source.name,
			(unsigned long long)n->minimum);
	n->source.size = n->source.file_size = (uint64_t)size;
	n->bounce = malloc(n->piece);
	return n->bounce ? 0 : fsr_fail_nomem(err);
}

/* What follows nbd_aio_connect_*(), which gave `started`. n is closed on failure. */
static int finish_opening(struct nbd_source *n, int started, const struct fsr_open_options *options,
	struct source **out, struct fsr_error *err)
{
	enum waited w = started ? FAILED : wait_for_connection(n->nbd, options);
	int e = w == ANSWERED ? take_sizes(n, err) : fail_connection(n, w, err);

	if (e)
		nbd_source_close(&n->source);
	else
		*out = &n->source;
	return e;
}

int nbd_open_socket(int fd, const char *name, const struct fsr_open_options *options, struct source **out,
	struct fsr_error *err)
{
	struct nbd_source *n = new_source(name);

	if (n)
		return finish_opening(n, nbd_aio_connect_socket(n->nbd, fd), options, out, err);
	close(fd);
	return fsr_fail_nomem(err);
}

/* The address is the user's own, so it may name files with keys; it may not have programs run. */
static int open_address(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	struct nbd_source *n = new_source(path);
	int r;

	(void)base;
	if (!n)
		return fsr_fail_nomem(err);
	r = nbd_set_uri_allow_transports(n->nbd, LIBNBD_ALLOW_TRANSPORT_TCP | LIBNBD_ALLOW_TRANSPORT_UNIX);
	if (!r)
		r = nbd_set_uri_allow_local_file(n->nbd, true);
	if (!r)
		r = nbd_aio_connect_uri(n->nbd, path);
	return finish_opening(n, r, options, disk, err);
}

const char *nbd_library_version(void)
{
	struct nbd_handle *nbd = nbd_create();
	const char *version = nbd ? nbd_get_version(nbd) : NULL; /* a constant of the library's */

	nbd_close(nbd);
	return version ? version : "";
}

#else
#define open_address NULL
#endif

const struct container nbd_container = {
	.names = "NBD",
	.library = "libnbd",
	.package = "libnbd-dev",
	.recognise = recognise,
	.open = open_address,
};
