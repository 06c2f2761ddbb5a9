// What both programs share: the wire between client and server, and how what a server's calls cost is counted.
#ifndef DRIVE_H
#define DRIVE_H

#include <stddef.h>
#include <stdint.h>

#ifdef WITH_BORINGSSL
#include <CNIOBoringSSL.h>
#else
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#endif

// As Aya's socket layer has it: records that came stand at `in`, records that go are gathered at `out`.
struct wire {
    const uint8_t *in;
    size_t in_count;
    uint8_t *out;
    size_t out_count;
    size_t out_room;
};
BIO *wire_bio(struct wire *wire);

// One end of a connection.
struct end {
    SSL *ssl;
    struct wire wire;
    uint8_t out[80 << 10];
};

// The server's side of each scenario stands in functions of their own, so that callgrind can count them alone.
int serve_handshake(struct end *server, SSL_CTX *context);
int serve_exchange(struct end *server, uint8_t *request, size_t room, const uint8_t *answer, size_t size);
int serve_write(struct end *server, const uint8_t *bytes, size_t size);
int serve_read(struct end *server, uint8_t *bytes, size_t room);
void serve_close(struct end *server);

#endif
