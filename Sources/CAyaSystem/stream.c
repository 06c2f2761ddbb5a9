#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int failed(int descriptor) {
    int code = errno;
    if (descriptor >= 0) close(descriptor);
    return -code;
}

static int set_flag(int descriptor, int level, int option) {
    int one = 1;
    return setsockopt(descriptor, level, option, &one, sizeof one);
}

// A leading @ names a socket in Linux' abstract namespace. Returns 0 when the path does not fit.
static socklen_t fill_unix(const char *path, size_t length, struct sockaddr_un *to) {
    if (length == 0 || length >= sizeof to->sun_path) return 0;
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    memcpy(to->sun_path, path, length);
    if (path[0] != '@') return sizeof *to;
    to->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static int bind_tcp(const struct aya_address *address, int share) {
    struct sockaddr_storage storage;
    socklen_t length = aya_fill_sockaddr(address, &storage);
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (set_flag(descriptor, SOL_SOCKET, SO_REUSEADDR)
        || (share && set_flag(descriptor, SOL_SOCKET, SO_REUSEPORT)))
        return failed(descriptor);
    // The unspecified IPv6 address means every address of both families, whatever the system's default is.
    int only_v6 = !(address->high == 0 && address->low == 0);
    if (storage.ss_family == AF_INET6
        && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6))
        return failed(descriptor);
    if (bind(descriptor, (struct sockaddr *)&storage, length)) return failed(descriptor);
    return descriptor;
}

int aya_listen_tcp(const struct aya_address *address, int backlog) {
    int descriptor = bind_tcp(address, 1);
    if (descriptor < 0) return descriptor;
    // Accepted sockets inherit it: no system call a connection.
    set_flag(descriptor, IPPROTO_TCP, TCP_NODELAY);
    return listen(descriptor, backlog) ? failed(descriptor) : descriptor;
}

int aya_probe_tcp(const struct aya_address *address) {
    int descriptor = bind_tcp(address, 0);
    if (descriptor < 0) return descriptor;
    close(descriptor);
    return 0;
}

int aya_listen_unix(const char *path, size_t length, int backlog) {
    struct sockaddr_un name;
    socklen_t size = fill_unix(path, length, &name);
    if (!size) return -ENAMETOOLONG;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (bind(descriptor, (struct sockaddr *)&name, size)) {
        if (errno != EADDRINUSE || path[0] == '@') return failed(descriptor);
        // A socket file that nobody answers on is left over from a dead process: take its place.
        struct stat status;
        if (lstat(name.sun_path, &status) || !S_ISSOCK(status.st_mode)) {
            close(descriptor);
            return -EADDRINUSE;
        }
        int pending, probe = aya_connect_unix(path, length, &pending);
        if (probe != -ECONNREFUSED) {
            if (probe >= 0) close(probe);
            close(descriptor);
            return -EADDRINUSE;
        }
        if (unlink(name.sun_path) || bind(descriptor, (struct sockaddr *)&name, size)) return failed(descriptor);
    }
    if (listen(descriptor, backlog)) return failed(descriptor);
    return descriptor;
}

int aya_connect_tcp(const struct aya_address *address, int *pending) {
    struct sockaddr_storage storage;
    socklen_t length = aya_fill_sockaddr(address, &storage);
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    set_flag(descriptor, IPPROTO_TCP, TCP_NODELAY);
    *pending = connect(descriptor, (struct sockaddr *)&storage, length) != 0;
    if (*pending && errno != EINPROGRESS) return failed(descriptor);
    return descriptor;
}

int aya_connect_unix(const char *path, size_t length, int *pending) {
    *pending = 0;
    struct sockaddr_un name;
    socklen_t size = fill_unix(path, length, &name);
    if (!size) return -ENAMETOOLONG;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&name, size)) return failed(descriptor);
    return descriptor;
}

int aya_connect_unix_datagrams(const char *path, size_t length) {
    struct sockaddr_un name;
    socklen_t size = fill_unix(path, length, &name);
    if (!size) return -ENAMETOOLONG;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&name, size)) return failed(descriptor);
    return descriptor;
}

int aya_await(int descriptor, int for_writing, int milliseconds) {
    struct pollfd wait = {.fd = descriptor, .events = for_writing ? POLLOUT : POLLIN};
    int count = poll(&wait, 1, milliseconds);
    return count < 0 ? -errno : count;
}

int aya_accept(int listener, struct aya_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    storage.ss_family = AF_UNSPEC;
    int descriptor = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return -errno;
    aya_read_sockaddr(&storage, peer);
    return descriptor;
}

int aya_local_address(int descriptor, struct aya_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &length)) return -errno;
    aya_read_sockaddr(&storage, address);
    return 0;
}

int aya_pending_error(int descriptor) {
    int code = 0;
    socklen_t length = sizeof code;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)) return errno;
    return code;
}

int aya_close_with_reset(int descriptor) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return aya_close(descriptor);
}

// The C library makes recv and send points of thread cancellation, which costs more than the bookkeeping of a small
// exchange; nobody cancels a worker, so the hot calls go to the kernel directly.
long aya_receive(int descriptor, void *buffer, size_t length) {
    long count = syscall(SYS_recvfrom, descriptor, buffer, length, 0, NULL, NULL);
    return count < 0 ? -errno : count;
}

long aya_send(int descriptor, const void *buffer, size_t length) {
    long count = syscall(SYS_sendto, descriptor, buffer, length, MSG_NOSIGNAL, NULL, 0);
    return count < 0 ? -errno : count;
}

long aya_send_more(int descriptor, const void *buffer, size_t length) {
    long count = syscall(SYS_sendto, descriptor, buffer, length, MSG_NOSIGNAL | MSG_MORE, NULL, 0);
    return count < 0 ? -errno : count;
}

int aya_shutdown_sending(int descriptor) { return shutdown(descriptor, SHUT_WR) ? -errno : 0; }

// Linux frees the descriptor even when close() says EINTR: never call it twice.
int aya_close(int descriptor) { return close(descriptor) ? -errno : 0; }

int aya_pipe(int *reading, int *writing, int capacity) {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC)) return -errno;
    // The kernel may refuse a large pipe (fs.pipe-user-pages-soft); the default size still works.
    if (capacity > 0) fcntl(ends[1], F_SETPIPE_SZ, capacity);
    *reading = ends[0];
    *writing = ends[1];
    return fcntl(ends[1], F_GETPIPE_SZ);
}

long aya_splice(int from, int to, size_t length, int more) {
    long count = splice(from, NULL, to, NULL, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK | (more ? SPLICE_F_MORE : 0));
    return count < 0 ? -errno : count;
}

void aya_limit_unsent(int descriptor, int bytes) {
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}
