#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>

static int64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t aya_monotonic_nanoseconds(void) { return read_clock(CLOCK_MONOTONIC); }
int64_t aya_wall_nanoseconds(void) { return read_clock(CLOCK_REALTIME); }

int aya_clock_is_kept(void) {
    struct timex state = {0};
    int code = adjtimex(&state);
    if (code < 0) return -1;
    return code != TIME_ERROR && !(state.status & STA_UNSYNC);
}

uint64_t aya_random_seed(void) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = (uint64_t)aya_monotonic_nanoseconds();
    return seed;
}

uintptr_t aya_thread_identity(void) { return (uintptr_t)pthread_self(); }

int aya_pin_thread(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return -pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int aya_allowed_processors(int *processors, int capacity) {
    cpu_set_t set;
    int count = 0;
    if (sched_getaffinity(0, sizeof set, &set)) return -errno;
    for (int i = 0; i < CPU_SETSIZE && count < capacity; i++)
        if (CPU_ISSET(i, &set)) processors[count++] = i;
    return count;
}

void aya_block_broken_pipe_signal(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void aya_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int aya_open_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return -errno;
    // Proxies need descriptors: take what the hard limit allows.
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur > 0x7fffffff ? 0x7fffffff : (int)limit.rlim_cur;
}

void aya_trim_heap(void) { malloc_trim(256 * 1024); }

// Locks of open files (fcntl(2)): they end with the descriptor, and asking about them changes none.
int aya_lock_shared(int descriptor) {
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &lock) ? -errno : 0;
}

int aya_others_lock(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_GETLK, &lock) ? -errno : lock.l_type != F_UNLCK;
}
