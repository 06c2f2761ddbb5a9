// The server, as Aya's socket layer drives a library: what came is on the wire before a call, what goes is gathered.
#include "drive.h"

static int again(SSL *ssl, int result) {
    int error = SSL_get_error(ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

// As far as what came allows: 1 done, 0 more has to come, -1 failed. The connection is made with the first call.
__attribute__((noinline)) int serve_handshake(struct end *server, SSL_CTX *context) {
    if (!server->ssl) {
        server->ssl = SSL_new(context);
        SSL_set_accept_state(server->ssl);
#ifdef WITH_BORINGSSL
        SSL_set_shed_handshake_config(server->ssl, 1);
#endif
        BIO *bio = wire_bio(&server->wire);
        SSL_set_bio(server->ssl, bio, bio);
    }
    int result = SSL_do_handshake(server->ssl);
    if (result == 1) return 1;
    return again(server->ssl, result) ? 0 : -1;
}

// A request read to its end, an answer written.
__attribute__((noinline)) int serve_exchange(
    struct end *server, uint8_t *request, size_t room, const uint8_t *answer, size_t size) {
    if (SSL_read(server->ssl, request, (int)room) <= 0) return 0;
    return SSL_write(server->ssl, answer, (int)size) == (int)size;
}

__attribute__((noinline)) int serve_write(struct end *server, const uint8_t *bytes, size_t size) {
    return SSL_write(server->ssl, bytes, (int)size) == (int)size;
}

__attribute__((noinline)) int serve_read(struct end *server, uint8_t *bytes, size_t room) {
    return SSL_read(server->ssl, bytes, (int)room);
}

__attribute__((noinline)) void serve_close(struct end *server) {
    SSL_free(server->ssl);
    server->ssl = NULL;
}
