#ifndef AYA_INTERNAL_H
#define AYA_INTERNAL_H
#include "aya_system.h"
#include <sys/socket.h>
#include <netinet/in.h>

// Shared by the stream and datagram shims.
socklen_t aya_fill_sockaddr(const struct aya_address *from, struct sockaddr_storage *to);
void aya_read_sockaddr(const struct sockaddr_storage *from, struct aya_address *to);

#endif
