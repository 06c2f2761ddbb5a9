#define _GNU_SOURCE
#include "internal.h"
#include <string.h>

static uint64_t load_big_endian(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

static void store_big_endian(uint64_t value, uint8_t *bytes) {
    for (int i = 7; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

socklen_t aya_fill_sockaddr(const struct aya_address *from, struct sockaddr_storage *to) {
    memset(to, 0, sizeof(struct sockaddr_in6));
    if (from->family == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)to;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(from->port);
        v4->sin_addr.s_addr = htonl((uint32_t)from->low);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(from->port);
    store_big_endian(from->high, v6->sin6_addr.s6_addr);
    store_big_endian(from->low, v6->sin6_addr.s6_addr + 8);
    return sizeof *v6;
}

void aya_read_sockaddr(const struct sockaddr_storage *from, struct aya_address *to) {
    memset(to, 0, sizeof *to);
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
        to->family = 4;
        to->port = ntohs(v4->sin_port);
        to->low = ntohl(v4->sin_addr.s_addr);
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
        to->family = 6;
        to->port = ntohs(v6->sin6_port);
        to->high = load_big_endian(v6->sin6_addr.s6_addr);
        to->low = load_big_endian(v6->sin6_addr.s6_addr + 8);
        // A dual-stack listener shows IPv4 clients as ::ffff:a.b.c.d; everybody above wants the IPv4 address.
        if (to->high == 0 && to->low >> 32 == 0xffff) {
            to->family = 4;
            to->low &= 0xffffffffu;
        }
    }
}
