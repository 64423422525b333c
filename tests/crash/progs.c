/* SPDX-License-Identifier: MIT */
/* Runs other programs, and keeps what they say. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char *read_all(int fd)
{
	size_t used = 0, room = 4096;
	char *text = must_alloc(room, 1);
	ssize_t n;

	while ((n = read(fd, text + used, room - used - 1)) > 0) {
		used += (size_t)n;
		if (room - used == 1)
			text = must_grow(text, room *= 2, 1);
	}
	text[used] = 0;
	return text;
}

static int spawn(const char *const *argv, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int ret;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	ret = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

bool run_command(const char *const *argv, struct output *out)
{
	int pipe_fds[2], status, ret;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		die("no pipe: %s", strerror(errno));
	ret = spawn(argv, pipe_fds[1], &pid);
	close(pipe_fds[1]);
	if (ret) {
		close(pipe_fds[0]);
		if (ret == ENOENT)
			return false;
		die("%s can't be run: %s", argv[0], strerror(ret));
	}
	out->text = read_all(pipe_fds[0]);
	close(pipe_fds[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("%s can't be waited for: %s", argv[0], strerror(errno));
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

char *progs_check(const struct image *files)
{
	const char *const argv[] = {"btrfs", "check", files->paths[0], NULL};
	struct output out;
	char *text = NULL;

	if (!run_command(argv, &out))
		return NULL;
	if (asprintf(&text, "exit status %d\n%s", out.status, out.text) < 0)
		die("out of memory");
	free(out.text);
	return text;
}

/* Its exit statuses: 0, all superblocks were good; 2, they are now; others, it failed. */
bool progs_recover(const char *path, char **text)
{
	const char *const argv[] = {"btrfs", "rescue", "super-recover", "-y", path, NULL};
	struct output out;

	if (!run_command(argv, &out))
		die("there is no btrfs program");
	*text = out.text;
	return out.status == 0 || out.status == 2;
}
