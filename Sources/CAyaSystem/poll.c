#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int aya_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

static int add(int epoll, int descriptor, uint64_t token, uint32_t interest) {
    struct epoll_event event = {.events = interest, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) ? -errno : 0;
}

int aya_epoll_add(int epoll, int descriptor, uint64_t token) {
    return add(epoll, descriptor, token, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

int aya_epoll_add_reader(int epoll, int descriptor, uint64_t token) {
    return add(epoll, descriptor, token, EPOLLIN | EPOLLET);
}

int aya_epoll_add_level_reader(int epoll, int descriptor, uint64_t token) {
    return add(epoll, descriptor, token, EPOLLIN);
}

int aya_epoll_remove(int epoll, int descriptor) {
    struct epoll_event unused = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused) ? -errno : 0;
}

int aya_epoll_wait(int epoll, struct aya_event *events, int capacity, int milliseconds) {
    struct epoll_event raw[256];
    if (capacity > 256) capacity = 256;
    int count = epoll_wait(epoll, raw, capacity, milliseconds);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        uint32_t bits = 0;
        if (raw[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) bits |= AYA_READABLE;
        if (raw[i].events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) bits |= AYA_WRITABLE;
        if (raw[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) bits |= AYA_HANGUP;
        if (raw[i].events & (EPOLLHUP | EPOLLERR)) bits |= AYA_BROKEN;
        events[i].token = raw[i].data.u64;
        events[i].bits = bits;
    }
    return count;
}

int aya_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int aya_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    return write(descriptor, &one, sizeof one) < 0 ? -errno : 0;
}

int aya_eventfd_drain(int descriptor) {
    uint64_t count;
    return read(descriptor, &count, sizeof count) < 0 ? -errno : 0;
}
