// A BIO over memory: no copies but those that the library asks for.
#include "drive.h"
#include <string.h>

static int wire_read(BIO *bio, char *to, int count) {
    struct wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (wire->in_count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t part = wire->in_count < (size_t)count ? wire->in_count : (size_t)count;
    memcpy(to, wire->in, part);
    wire->in += part;
    wire->in_count -= part;
    return (int)part;
}

static int wire_write(BIO *bio, const char *bytes, int count) {
    struct wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t room = wire->out_room - wire->out_count;
    if (room < (size_t)count) {
        BIO_set_retry_write(bio);
        return -1;
    }
    memcpy(wire->out + wire->out_count, bytes, (size_t)count);
    wire->out_count += (size_t)count;
    return count;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

BIO *wire_bio(struct wire *wire) {
    static BIO_METHOD *method;
    if (!method) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        BIO_meth_set_read(method, wire_read);
        BIO_meth_set_write(method, wire_write);
        BIO_meth_set_ctrl(method, wire_control);
    }
    BIO *bio = BIO_new(method);
    BIO_set_data(bio, wire);
    BIO_set_init(bio, 1);
    return bio;
}
