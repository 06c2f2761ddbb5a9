#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <unistd.h>

int aya_connect_echo(const struct aya_address *address, int *raw) {
    struct sockaddr_storage storage;
    struct aya_address host = *address;
    host.port = 0;
    socklen_t length = aya_fill_sockaddr(&host, &storage);
    int protocol = storage.ss_family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    *raw = 0;
    int descriptor = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (descriptor < 0 && (errno == EACCES || errno == EPERM || errno == EPROTONOSUPPORT)) {
        // The group may not use ping sockets (net.ipv4.ping_group_range); a raw one needs CAP_NET_RAW.
        *raw = 1;
        descriptor = socket(storage.ss_family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    }
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&storage, length)) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}
