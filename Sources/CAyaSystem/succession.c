#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// Signals as a program expects them, not as this thread has them.
static int set_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!code) code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code) code = posix_spawnattr_setsigdefault(attributes, &all);
    return code;
}

static char **environment_with(char *variable) {
    size_t count = 0;
    while (environ[count]) count++;
    char **all = malloc((count + 2) * sizeof *all);
    if (!all) return NULL;
    memcpy(all, environ, count * sizeof *all);
    all[count] = variable;
    all[count + 1] = NULL;
    return all;
}

int aya_spawn_successor(
    const char *path, char *const *arguments, char *variable, const int *descriptors, int count) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    pid_t process = 0;
    char **environment = environment_with(variable);
    if (!environment) return -ENOMEM;
    int code = posix_spawnattr_init(&attributes);
    if (code) {
        free(environment);
        return -code;
    }
    code = posix_spawn_file_actions_init(&actions);
    if (!code) {
        code = set_signals(&attributes);
        // A descriptor put in its own place is no longer closed by exec (posix_spawn(3), glibc 2.29).
        for (int i = 0; i < count && !code; i++)
            code = posix_spawn_file_actions_adddup2(&actions, descriptors[i], descriptors[i]);
        if (!code) code = posix_spawn(&process, path, &actions, &attributes, arguments, environment);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return code ? -code : process;
}

int aya_memory_file(const void *bytes, long count) {
    int descriptor = memfd_create("aya", MFD_CLOEXEC);
    if (descriptor < 0) return -errno;
    long written = write(descriptor, bytes, (size_t)count);
    if (written == count) return descriptor;
    int code = written < 0 ? errno : EIO;
    close(descriptor);
    return -code;
}

long aya_read_start(int descriptor, void *bytes, long capacity) {
    long count = pread(descriptor, bytes, (size_t)capacity, 0);
    return count < 0 ? -errno : count;
}

int aya_byte_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int aya_await_byte(int descriptor, int milliseconds) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    int ready;
    do ready = poll(&one, 1, milliseconds);
    while (ready < 0 && errno == EINTR);
    if (ready < 0) return -errno;
    if (ready == 0) return -ETIMEDOUT;
    unsigned char byte;
    long count = read(descriptor, &byte, 1);
    return count == 1 ? 1 : count == 0 ? 0 : -errno;
}

int aya_send_byte(int descriptor) {
    unsigned char byte = 1;
    return write(descriptor, &byte, 1) == 1 ? 0 : -errno;
}

void aya_kill_process(int process) { kill(process, SIGKILL); }

int aya_await_end(int process) {
    int status;
    pid_t reaped;
    do reaped = waitpid(process, &status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}
