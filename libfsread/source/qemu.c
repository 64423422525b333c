/* SPDX-License-Identifier: MIT */
/*
 * Virtual disks are read by qemu-nbd, a process of our own that we have one connection to. It exits when that
 * is closed, so it doesn't outlive us whatever ends us, and its socket has lost its name before it starts.
 */
#include "nbd.h"
#include "virtual.h"

#ifdef HAVE_LIBNBD

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define LISTEN_FD 3 /* where systemd's protocol has the first socket */
#define SERVER_MEMORY (UINT64_C(2) << 30)

struct virtual_disk {
	struct source source;
	struct source *nbd;
	pid_t server;
	int errors; /* what it says on stderr */
};

/* ---- the socket */

static int fail_socket(const char *what, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot %s for qemu-nbd: %s", what, strerror(errno));
}

/* Binds, connects and takes the name away again, in a folder that only we can look into. */
static bool join(int listener, int ours, const char *folder)
{
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), error;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	bool ok;

	if (dir < 0)
		return false;
	/* however long the folder's name is, this one is short enough */
	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/s", dir);
	ok = !bind(listener, (struct sockaddr *)&address, sizeof address) && !listen(listener, 1) &&
	     !connect(ours, (struct sockaddr *)&address, sizeof address);
	error = errno;
	unlinkat(dir, "s", 0);
	close(dir);
	errno = error;
	return ok;
}

static int make_sockets(int *listener, int *ours, struct fsr_error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *folder = NULL;
	int e = 0;

	if (asprintf(&folder, "%s/spacescope.XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0)
		return fsr_fail_nomem(err);
	*listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*ours = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*listener < 0 || *ours < 0) {
		e = fail_socket("make a socket", err);
	} else if (!mkdtemp(folder)) {
		e = fail_socket("make a temporary folder", err);
	} else {
		if (!join(*listener, *ours, folder))
			e = fail_socket("connect a socket", err);
		rmdir(folder);
	}
	free(folder);
	return e;
}

/* ---- the process */

/* Never by PATH: what is found there may be anything. */
static const char *find_program(void)
{
	static const char *const places[] = {"/usr/bin/qemu-nbd", "/usr/local/bin/qemu-nbd"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (!access(places[i], X_OK))
			return places[i];
	return NULL;
}

struct launch {
	const char *program, *graph;
	const struct disk_plan *plan;
	int listener, errors;
};

/* "LISTEN_PID=" and our number; snprintf() may not be used between fork and exec. */
static void put_pid(char *at, pid_t pid)
{
	char digits[16];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + pid % 10);
	while (pid /= 10);
	while (n)
		*at++ = digits[--n];
	*at = 0;
}

static void limit(int resource, uint64_t most)
{
	const struct rlimit l = {most, most};

	setrlimit(resource, &l);
}

/* In the child, where only what is safe in a signal handler may be called. */
static void become_server(const struct launch *l)
{
	char pid[32] = "LISTEN_PID=", sockets[] = "LISTEN_FDS=1", locale[] = "LC_ALL=C", name[] = "qemu-nbd",
	     read_only[] = "--read-only";
	char *const words[] = {name, read_only, (char *)l->graph, NULL};
	char *const environment[] = {pid, sockets, locale, NULL};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	put_pid(pid + strlen(pid), getpid());
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid(); /* a key that stops us is not for it */
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0); /* it can't write to any file */
	limit(RLIMIT_AS, SERVER_MEMORY);
	for (size_t i = 0; i < l->plan->count; i++)
		if (fcntl(l->plan->fds[i], F_SETFD, 0))
			_exit(127);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
		dup2(l->errors, STDERR_FILENO) < 0 || dup2(l->listener, LISTEN_FD) < 0)
		_exit(127);
	execve(l->program, words, environment);
	_exit(127);
}

/* Above FIRST_FD, so that dup2() to the low numbers overwrites nothing that is still needed. */
static int move_up(int fd)
{
	int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);

	if (fd >= 0)
		close(fd);
	return moved;
}

static int start(struct launch *l, struct virtual_disk *d, struct fsr_error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK)) /* it is not held up by what nobody reads */
		return fail_socket("make a pipe", err);
	d->errors = ends[0];
	l->errors = move_up(ends[1]);
	l->listener = move_up(l->listener);
	d->server = l->errors < 0 || l->listener < 0 ? -1 : fork();
	if (!d->server)
		become_server(l);
	if (l->errors >= 0)
		close(l->errors);
	return d->server < 0 ? fail_socket("start a process", err) : 0;
}

/* ---- the source */

static int disk_read_at(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return source_read(((struct virtual_disk *)s)->nbd, buffer, length, offset, err);
}

/* It has nothing to write, so it needn't be asked to end. */
static void disk_close(struct source *s)
{
	struct virtual_disk *d = (struct virtual_disk *)s;

	source_close(d->nbd);
	if (d->server > 0) {
		kill(d->server, SIGKILL);
		while (waitpid(d->server, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (d->errors >= 0)
		close(d->errors);
	free(s->name);
	free(s);
}

static const struct source_ops disk_ops = {disk_read_at, disk_close};

/* What the server said before it gave up, its last line; the library's own sentence where it said nothing. */
static int fail_server(const struct virtual_disk *d, const char *path, int e, struct fsr_error *err)
{
	char text[512], *end, *line;
	ssize_t n = read(d->errors, text, sizeof text - 1);

	if (n <= 0)
		return e;
	text[n] = 0;
	end = strchr(text, '\n');
	if (end)
		*end = 0;
	line = strstr(text, "': ");
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "qemu-nbd cannot open '%.200s': %.200s", path,
		line ? line + 3 : text);
}

static struct virtual_disk *new_disk(const char *path)
{
	struct virtual_disk *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->source.ops = &disk_ops;
	d->errors = -1;
	d->source.name = strdup(path);
	if (d->source.name)
		return d;
	free(d);
	return NULL;
}

static int connect_server(struct launch *l, struct virtual_disk *d, const char *path,
	const struct fsr_open_options *options, struct fsr_error *err)
{
	int ours = -1, e = make_sockets(&l->listener, &ours, err);

	if (!e)
		e = start(l, d, err);
	/* Only the server has the listener now, so its end is the connection's end. */
	if (l->listener >= 0)
		close(l->listener);
	if (e && ours >= 0)
		close(ours);
	if (e)
		return e;
	e = nbd_open_socket(ours, path, options, &d->nbd, err);
	return e && e != FSR_E_STOPPED ? fail_server(d, path, e, err) : e;
}

static int serve(const struct disk_plan *plan, const char *graph, const char *path,
	const struct source *image, const struct fsr_open_options *options, struct source **disk,
	struct fsr_error *err)
{
	struct launch l = {find_program(), graph, plan, -1, -1};
	struct virtual_disk *d;
	int e;

	if (!l.program)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			NAME " is a virtual disk, which qemu-nbd reads: install qemu-utils", path);
	d = new_disk(path);
	if (!d)
		return fsr_fail_nomem(err);
	e = connect_server(&l, d, path, options, err);
	if (e) {
		disk_close(&d->source);
		return e;
	}
	d->source.size = d->nbd->size;
	d->source.file_size = image->file_size;
	d->source.in_use = image->in_use || plan->in_use;
	*disk = &d->source;
	return 0;
}

static int open_disk(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err)
{
	struct text graph = {0};
	struct disk_plan plan = {.graph = &graph};
	uint8_t head[512];
	size_t length = base->size < sizeof head ? (size_t)base->size : sizeof head;
	int e = source_read(base, head, length, 0, err);

	if (e)
		return e;
	e = plan_disk(&plan, disk_format(head, length), path, base, options, err);
	if (!e && graph.failed)
		e = fsr_fail_nomem(err);
	if (!e)
		e = serve(&plan, graph.data, path, base, options, disk, err);
	plan_free(&plan);
	free(graph.data);
	return e;
}

#else
#define open_disk NULL
#endif

static const char *recognise(const char *path, const uint8_t *head, size_t length)
{
	const struct disk_format *format = head ? disk_format(head, length) : NULL;

	(void)path;
	return format ? format->name : NULL;
}

const struct container virtual_disks = {
	.names = "qcow2, VMDK, VDI, VHDX, VHD",
	.library = "libnbd",
	.package = "libnbd-dev",
	.recognise = recognise,
	.open = open_disk,
};
