#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// The process' environment with `more` behind it; getenv finds the first of a name, and these names are ours alone.
static char **merged_environment(char *const *more) {
    size_t inherited = 0, added = 0;
    while (environ[inherited]) inherited++;
    while (more[added]) added++;
    char **all = malloc((inherited + added + 1) * sizeof *all);
    if (!all) return NULL;
    memcpy(all, environ, inherited * sizeof *all);
    memcpy(all + inherited, more, (added + 1) * sizeof *all);
    return all;
}

// A group of its own, so that all of it can be killed; signals as a program expects them, not as this thread has them.
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!code) code = posix_spawnattr_setpgroup(attributes, 0);
    if (!code) code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code) code = posix_spawnattr_setsigdefault(attributes, &all);
    return code;
}

static int set_actions(posix_spawn_file_actions_t *actions, int output) {
    int code = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, output, 2);
    return code;
}

static int spawn(char *const *arguments, char *const *environment, int output, pid_t *process) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int code = posix_spawnattr_init(&attributes);
    if (code) return code;
    code = posix_spawn_file_actions_init(&actions);
    if (!code) {
        code = set_attributes(&attributes);
        if (!code) code = set_actions(&actions, output);
        if (!code) code = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environment);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return code;
}

int aya_spawn(char *const *arguments, char *const *environment, int *output, int *handle) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    pid_t process = 0;
    char **all = merged_environment(environment);
    int code = all ? spawn(arguments, all, ends[1], &process) : ENOMEM;
    free(all);
    close(ends[1]);
    if (!code) {
        *handle = (int)syscall(SYS_pidfd_open, process, 0);
        if (*handle < 0) {
            code = errno;
            kill(-process, SIGKILL);
            waitpid(process, NULL, 0);
        }
    }
    if (code) {
        close(ends[0]);
        return -code;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *output = ends[0];
    return process;
}

long aya_read(int descriptor, void *buffer, size_t length) {
    long count = read(descriptor, buffer, length);
    return count < 0 ? -errno : count;
}

void aya_kill_group(int process) { kill(-process, SIGKILL); }

int aya_reap(int process) {
    int status;
    pid_t reaped = waitpid(process, &status, WNOHANG);
    if (reaped < 0) return -errno;
    if (reaped == 0) return -EAGAIN;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}
