#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/syscall.h>
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

int aya_udp_receive_local(int descriptor) {
    int one = 1, family;
    socklen_t length = sizeof family;
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length)) return -errno;
    int code = family == AF_INET6 ? setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one)
                                  : setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
    return code ? -errno : 0;
}

// Room for the control messages of one datagram: its segment size and our address.
union control {
    char bytes[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr alignment;
};

static void read_control(struct msghdr *header, struct aya_datagram *slot) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        struct sockaddr_storage storage = {0};
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
            int size;
            memcpy(&size, CMSG_DATA(c), sizeof size);
            if (size > 0) slot->segment = (uint32_t)size;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
            v4->sin_family = AF_INET;
            v4->sin_addr = info.ipi_spec_dst;
            aya_read_sockaddr(&storage, &slot->local);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
            v6->sin6_family = AF_INET6;
            v6->sin6_addr = info.ipi6_addr;
            aya_read_sockaddr(&storage, &slot->local);
        }
    }
}

static void *add_control(struct msghdr *header, union control *room, int level, int type, size_t size) {
    struct cmsghdr *c = (struct cmsghdr *)(room->bytes + header->msg_controllen);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    memset(CMSG_DATA(c), 0, size);
    header->msg_control = room->bytes;
    header->msg_controllen += CMSG_SPACE(size);
    return CMSG_DATA(c);
}

static void write_control(struct msghdr *header, union control *room, const struct aya_datagram *slot, int connected) {
    if (slot->segment > 0 && slot->segment < slot->length) {
        uint16_t size = (uint16_t)slot->segment;
        memcpy(add_control(header, room, IPPROTO_UDP, UDP_SEGMENT, sizeof size), &size, sizeof size);
    }
    if (connected || slot->local.family == 0) return;
    struct sockaddr_storage storage;
    aya_fill_sockaddr(&slot->local, &storage);
    if (storage.ss_family == AF_INET) {
        struct in_pktinfo *info = add_control(header, room, IPPROTO_IP, IP_PKTINFO, sizeof *info);
        info->ipi_spec_dst = ((struct sockaddr_in *)&storage)->sin_addr;
    } else {
        struct in6_pktinfo *info = add_control(header, room, IPPROTO_IPV6, IPV6_PKTINFO, sizeof *info);
        info->ipi6_addr = ((struct sockaddr_in6 *)&storage)->sin6_addr;
    }
}

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
        slots[i].local.family = 0;
        aya_read_sockaddr(&peers[i], &slots[i].peer);
        if (header->msg_controllen > 0) read_control(header, &slots[i]);
    }
    return received;
}

int aya_send_datagrams(int descriptor, const struct aya_datagram *slots, int count, int connected) {
    struct mmsghdr messages[AYA_DATAGRAM_BATCH];
    struct iovec pieces[AYA_DATAGRAM_BATCH];
    struct sockaddr_storage peers[AYA_DATAGRAM_BATCH];
    union control controls[AYA_DATAGRAM_BATCH];
    if (connected && count == 1 && slots->segment == 0) {
        // The usual case, without the messages' headers.
        long length = syscall(SYS_sendto, descriptor, slots->bytes, slots->length, MSG_NOSIGNAL | MSG_DONTWAIT, NULL, 0);
        return length < 0 ? -errno : 1;
    }
    if (count > AYA_DATAGRAM_BATCH) count = AYA_DATAGRAM_BATCH;
    for (int i = 0; i < count; i++) {
        pieces[i] = (struct iovec){slots[i].bytes, slots[i].length};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
        if (!connected) {
            messages[i].msg_hdr.msg_namelen = aya_fill_sockaddr(&slots[i].peer, &peers[i]);
            messages[i].msg_hdr.msg_name = &peers[i];
        }
        write_control(&messages[i].msg_hdr, &controls[i], &slots[i], connected);
    }
    int sent = sendmmsg(descriptor, messages, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? -errno : sent;
}

int aya_receive_datagram(int descriptor, struct aya_datagram *slot) {
    long length = syscall(SYS_recvfrom, descriptor, slot->bytes, slot->length, MSG_DONTWAIT | MSG_TRUNC, NULL, NULL);
    if (length < 0) return -errno;
    slot->length = length > slot->length ? UINT32_MAX : (uint32_t)length;
    slot->segment = 0;
    slot->local.family = 0;
    return 1;
}
