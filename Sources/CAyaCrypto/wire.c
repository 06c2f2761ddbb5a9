#define _GNU_SOURCE
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int wire_read(BIO *bio, char *to, int count) {
    struct aya_wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (count <= 0) return 0;
    if (wire->in_count == 0) {
        if (wire->ended) return 0;
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t part = wire->in_count < (size_t)count ? wire->in_count : (size_t)count;
    memcpy(to, wire->in, part);
    wire->in += part;
    wire->in_count -= part;
    return (int)part;
}

static int wire_gather(BIO *bio, struct aya_wire *wire, const char *bytes, int count) {
    size_t room = wire->out_room - wire->out_count;
    size_t part = room < (size_t)count ? room : (size_t)count;
    if (part == 0) {
        BIO_set_retry_write(bio);
        return -1;
    }
    memcpy(wire->out + wire->out_count, bytes, part);
    wire->out_count += part;
    return (int)part;
}

static long wire_send(struct aya_wire *wire, const void *bytes, size_t count, int more) {
    long sent;
    do {
        sent = syscall(
            SYS_sendto, wire->descriptor, bytes, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0), NULL, 0);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

void aya_records_say(struct aya_records *records, struct aya_wire *wire, uint8_t description, int more) {
    uint8_t bytes[64];
    size_t count = aya_records_alert(records, description, bytes);
    if (count > 0 && wire->descriptor >= 0) wire_send(wire, bytes, count, more);
}

static int wire_write(BIO *bio, const char *bytes, int count) {
    struct aya_wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (count <= 0) return 0;
    if (wire->out) return wire_gather(bio, wire, bytes, count);
    if (wire->descriptor < 0) return -1;
    long sent = wire_send(wire, bytes, (size_t)count, wire->more);
    if (sent >= 0) return (int)sent;
    if (errno == EAGAIN) {
        BIO_set_retry_write(bio);
    } else {
        wire->error = errno;
    }
    return -1;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int wire_destroy(BIO *bio) {
    OPENSSL_free(BIO_get_data(bio));
    return 1;
}

static BIO_METHOD *method;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_method(void) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    if (made && BIO_meth_set_read(made, wire_read) && BIO_meth_set_write(made, wire_write)
        && BIO_meth_set_ctrl(made, wire_control) && BIO_meth_set_destroy(made, wire_destroy))
        method = made;
}

struct aya_wire *aya_wire_attach(SSL *ssl, int descriptor) {
    pthread_once(&once, make_method);
    if (!method) return NULL;
    struct aya_wire *wire = OPENSSL_zalloc(sizeof *wire);
    BIO *bio = wire ? BIO_new(method) : NULL;
    if (!bio) {
        OPENSSL_free(wire);
        return NULL;
    }
    wire->descriptor = descriptor;
    BIO_set_data(bio, wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    return wire;
}
