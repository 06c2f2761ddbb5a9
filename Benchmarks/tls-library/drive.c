// Client and server of one library in one thread, joined by memory. Only the server's calls are counted: their CPU time
// by the thread's clock, what they leave allocated by the allocator's own book; callgrind counts their instructions.
//
//   drive SCENARIO COUNT GROUP SUITE CERTIFICATE KEY
//   SCENARIO: full resumed exchange seal open idle
#include "drive.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct end client, server;
static SSL_CTX *client_context, *server_context;
static SSL_SESSION *session;
static double spent;
static size_t kept;
static int counts_memory;

static void fail(const char *what) {
    fprintf(stderr, "%s failed\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

// Around the server's calls.
static double began;
static size_t before;
static void enter(void) {
    if (counts_memory) before = mallinfo2().uordblks;
    began = now();
}
static void leave(void) {
    spent += now() - began;
    if (counts_memory) kept += mallinfo2().uordblks - before;
}

static void deliver(struct end *from, struct end *to) {
    to->wire.in = from->out;
    to->wire.in_count = from->wire.out_count;
}

static void clear(struct end *end) {
    end->wire.out = end->out;
    end->wire.out_room = sizeof end->out;
    end->wire.out_count = 0;
}

static int remember(SSL *ssl, SSL_SESSION *new) {
    (void)ssl;
    SSL_SESSION_free(session);
    session = new;
    return 1;
}

static void connect_client(int resumes) {
    client.ssl = SSL_new(client_context);
    SSL_set_connect_state(client.ssl);
    if (resumes && session) SSL_set_session(client.ssl, session);
    BIO *bio = wire_bio(&client.wire);
    SSL_set_bio(client.ssl, bio, bio);
}

static void shake_hands(int resumes) {
    connect_client(resumes);
    int client_done = 0, server_done = 0;
    for (int turn = 0; turn < 8 && !(client_done && server_done); turn++) {
        clear(&client);
        if (!client_done) client_done = SSL_do_handshake(client.ssl) == 1;
        deliver(&client, &server);
        clear(&server);
        enter();
        int result = server_done ? 1 : serve_handshake(&server, server_context);
        leave();
        if (result < 0) fail("the server's handshake");
        server_done = result;
        deliver(&server, &client);
    }
    if (!server_done || !client_done) fail("the handshake");
    // A ticket may have come with the end.
    uint8_t nothing;
    if (client.wire.in_count > 0 && SSL_read(client.ssl, &nothing, 1) > 0) fail("the end of the handshake");
    if (resumes && !SSL_session_reused(client.ssl)) fail("resumption");
}

static uint8_t plain[16384], request[16384];

static void exchange(size_t ask, size_t answer) {
    clear(&client);
    if (SSL_write(client.ssl, request, (int)ask) != (int)ask) fail("asking");
    deliver(&client, &server);
    clear(&server);
    static uint8_t got[16384];
    enter();
    int works = serve_exchange(&server, got, sizeof got, plain, answer);
    leave();
    if (!works) fail("the exchange");
    deliver(&server, &client);
    while (client.wire.in_count > 0) {
        if (SSL_read(client.ssl, got, sizeof got) <= 0) fail("the answer");
    }
}

static void seal(void) {
    clear(&server);
    enter();
    if (!serve_write(&server, plain, sizeof plain)) fail("sealing");
    leave();
    deliver(&server, &client);
    if (SSL_read(client.ssl, request, sizeof request) != sizeof plain) fail("opening");
}

static void open_record(void) {
    clear(&client);
    if (SSL_write(client.ssl, plain, sizeof plain) != sizeof plain) fail("sealing");
    deliver(&client, &server);
    clear(&server);
    enter();
    if (serve_read(&server, request, sizeof request) != sizeof plain) fail("opening");
    leave();
}

static void hang_up(void) {
    SSL_set_quiet_shutdown(client.ssl, 1);
    SSL_shutdown(client.ssl);
    SSL_free(client.ssl);
    SSL_set_quiet_shutdown(server.ssl, 1);
    SSL_shutdown(server.ssl);
    enter();
    serve_close(&server);
    leave();
}

static SSL_CTX *context(const SSL_METHOD *method, const char *group, const char *suite) {
    SSL_CTX *context = SSL_CTX_new(method);
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (!SSL_CTX_set1_groups_list(context, group)) fail("the group");
#ifdef WITH_BORINGSSL
    uint16_t number = strstr(suite, "256_GCM") ? 0x1302 : 0x1301;
    if (!SSL_CTX_set1_tls13_ciphers(context, &number, NULL, 1)) fail("the suite");
#else
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (!SSL_CTX_set_ciphersuites(context, suite)) fail("the suite");
#endif
    return context;
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    const char *scenario = argv[1];
    int count = atoi(argv[2]);
    server_context = context(TLS_server_method(), argv[3], argv[4]);
    client_context = context(TLS_client_method(), argv[3], argv[4]);
    if (SSL_CTX_use_certificate_chain_file(server_context, argv[5]) != 1
        || SSL_CTX_use_PrivateKey_file(server_context, argv[6], SSL_FILETYPE_PEM) != 1)
        fail("the certificate");
    SSL_CTX_set_session_cache_mode(server_context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(server_context, 1);
    SSL_CTX_set_session_cache_mode(client_context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client_context, remember);
    int resumes = strcmp(scenario, "resumed") == 0, fresh = resumes || strcmp(scenario, "full") == 0;
    int idle = strcmp(scenario, "idle") == 0;
    // Warm, and a session to be resumed.
    shake_hands(0);
    exchange(100, 1024);
    double microseconds = 0;
    if (fresh) {
        for (int index = 0; index < count + 20; index++) {
            hang_up();
            if (index == 20) spent = 0;
            shake_hands(resumes);
            // Belongs to it: one library seals the ticket with the handshake, the other with the first answer.
            exchange(16, 16);
        }
        microseconds = spent / count;
    } else if (idle) {
        // Each stays as it is after an exchange.
        counts_memory = 1;
        for (int index = 0; index < count; index++) {
            server.ssl = NULL;
            shake_hands(0);
            exchange(100, 1024);
            SSL_free(client.ssl);
        }
        printf("%.0f\n", (double)kept / count);
        return 0;
    } else {
        for (int index = 0; index < count + 100; index++) {
            if (index == 100) spent = 0;
            if (strcmp(scenario, "exchange") == 0) exchange(100, 1024);
            else if (strcmp(scenario, "seal") == 0) seal();
            else open_record();
        }
        microseconds = spent / count;
    }
    printf("%.3f\n", microseconds);
    return 0;
}
