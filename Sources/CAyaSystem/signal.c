#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int deliver_to = -1;

// Only what is safe in a handler: one write of one byte.
static void deliver(int number) {
    int code = errno;
    unsigned char byte = (unsigned char)number;
    if (write(deliver_to, &byte, 1) < 0) errno = code;
    errno = code;
}

int aya_watch_signals(const int *numbers, int count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    deliver_to = ends[1];
    signal(SIGPIPE, SIG_IGN);
    struct sigaction action = {.sa_handler = deliver, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < count; i++)
        if (sigaction(numbers[i], &action, NULL)) return -errno;
    return ends[0];
}

int aya_next_signal(int descriptor) {
    unsigned char byte;
    long count;
    do count = read(descriptor, &byte, 1);
    while (count < 0 && errno == EINTR);
    return count == 1 ? byte : -1;
}
