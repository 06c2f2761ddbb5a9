#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static int open_udp(const struct aya_address *address, struct sockaddr_storage *storage, socklen_t *length) {
    *length = aya_fill_sockaddr(address, storage);
    int descriptor = socket(storage->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return descriptor < 0 ? -errno : descriptor;
}

static int failed(int descriptor) {
    int code = errno;
    close(descriptor);
    return -code;
}

int aya_bind_udp(const struct aya_address *address, int reuse_port) {
    struct sockaddr_storage storage;
    socklen_t length;
    int descriptor = open_udp(address, &storage, &length);
    if (descriptor < 0) return descriptor;
    int one = 1, only_v6 = !(address->high == 0 && address->low == 0);
    if (reuse_port && setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one)) return failed(descriptor);
    if (storage.ss_family == AF_INET6
        && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6))
        return failed(descriptor);
    if (bind(descriptor, (struct sockaddr *)&storage, length)) return failed(descriptor);
    return descriptor;
}

int aya_connect_udp(const struct aya_address *address) {
    struct sockaddr_storage storage;
    socklen_t length;
    int descriptor = open_udp(address, &storage, &length);
    if (descriptor < 0) return descriptor;
    if (connect(descriptor, (struct sockaddr *)&storage, length)) return failed(descriptor);
    return descriptor;
}

int aya_udp_receive_offload(int descriptor) {
    int one = 1;
    return setsockopt(descriptor, IPPROTO_UDP, UDP_GRO, &one, sizeof one) ? -errno : 0;
}

// Room for one control message that carries an int.
union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr alignment;
};

int aya_receive_datagrams(int descriptor, struct aya_datagram *slots, int count) {
    struct mmsghdr messages[AYA_DATAGRAM_BATCH];
    struct iovec pieces[AYA_DATAGRAM_BATCH];
    struct sockaddr_storage peers[AYA_DATAGRAM_BATCH];
    union control controls[AYA_DATAGRAM_BATCH];
    if (count > AYA_DATAGRAM_BATCH) count = AYA_DATAGRAM_BATCH;
    for (int i = 0; i < count; i++) {
        pieces[i] = (struct iovec){slots[i].bytes, slots[i].length};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &peers[i], .msg_namelen = sizeof(struct sockaddr_in6),
            .msg_iov = &pieces[i], .msg_iovlen = 1,
            .msg_control = controls[i].bytes, .msg_controllen = sizeof controls[i].bytes};
        peers[i].ss_family = AF_UNSPEC;
    }
    int received = recvmmsg(descriptor, messages, count, MSG_DONTWAIT, NULL);
    if (received < 0) return -errno;
    for (int i = 0; i < received; i++) {
        struct msghdr *header = &messages[i].msg_hdr;
        // A truncated datagram is marked by a length beyond its buffer, so that the caller can count and drop it.
        slots[i].length = header->msg_flags & MSG_TRUNC ? UINT32_MAX : messages[i].msg_len;
        slots[i].segment = 0;
        aya_read_sockaddr(&peers[i], &slots[i].peer);
        for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c))
            if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
                int size;
                memcpy(&size, CMSG_DATA(c), sizeof size);
                if (size > 0) slots[i].segment = (uint32_t)size;
            }
    }
    return received;
}

int aya_send_datagrams(int descriptor, const struct aya_datagram *slots, int count, int connected) {
    struct mmsghdr messages[AYA_DATAGRAM_BATCH];
    struct iovec pieces[AYA_DATAGRAM_BATCH];
    struct sockaddr_storage peers[AYA_DATAGRAM_BATCH];
    union control controls[AYA_DATAGRAM_BATCH];
    if (count > AYA_DATAGRAM_BATCH) count = AYA_DATAGRAM_BATCH;
    for (int i = 0; i < count; i++) {
        pieces[i] = (struct iovec){slots[i].bytes, slots[i].length};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
        if (!connected) {
            messages[i].msg_hdr.msg_namelen = aya_fill_sockaddr(&slots[i].peer, &peers[i]);
            messages[i].msg_hdr.msg_name = &peers[i];
        }
        if (slots[i].segment > 0 && slots[i].segment < slots[i].length) {
            uint16_t size = (uint16_t)slots[i].segment;
            memset(controls[i].bytes, 0, sizeof controls[i].bytes);
            messages[i].msg_hdr.msg_control = controls[i].bytes;
            messages[i].msg_hdr.msg_controllen = CMSG_SPACE(sizeof size);
            struct cmsghdr *c = CMSG_FIRSTHDR(&messages[i].msg_hdr);
            c->cmsg_level = IPPROTO_UDP;
            c->cmsg_type = UDP_SEGMENT;
            c->cmsg_len = CMSG_LEN(sizeof size);
            memcpy(CMSG_DATA(c), &size, sizeof size);
        }
    }
    int sent = sendmmsg(descriptor, messages, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? -errno : sent;
}
