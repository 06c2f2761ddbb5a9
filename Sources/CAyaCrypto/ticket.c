// Session tickets: the key's name, a nonce, and sealed with AES-256-GCM what tells the client apart from others, then the
// session. The name is authenticated too.
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <string.h>

enum { name_size = AYA_TICKET_NAME, nonce_size = 12, identity_size = 8, tag_size = 16 };
enum { head_size = name_size + nonce_size };

size_t aya_ticket_overhead(void) { return head_size + identity_size + tag_size; }

int aya_ticket_seal(
    const uint8_t *name, const uint8_t *key, uint64_t identity, uint8_t *out, size_t *count, size_t room,
    const uint8_t *session, size_t session_size) {
    if (room < session_size + aya_ticket_overhead()) return 0;
    // The session may stand where the ticket goes.
    size_t size = identity_size + session_size;
    uint8_t *plain = OPENSSL_malloc(size);
    EVP_AEAD_CTX *context = EVP_AEAD_CTX_new(EVP_aead_aes_256_gcm(), key, 32, tag_size);
    int works = plain && context;
    if (works) {
        memcpy(plain, &identity, identity_size);
        memcpy(plain + identity_size, session, session_size);
        memcpy(out, name, name_size);
        RAND_bytes(out + name_size, nonce_size);
        size_t sealed = 0;
        works = EVP_AEAD_CTX_seal(
            context, out + head_size, &sealed, room - head_size, out + name_size, nonce_size, plain, size, out, name_size);
        *count = head_size + sealed;
    }
    EVP_AEAD_CTX_free(context);
    if (plain) OPENSSL_cleanse(plain, size);
    OPENSSL_free(plain);
    return works;
}

int aya_ticket_open(
    const uint8_t *key, uint64_t *identity, uint8_t *out, size_t *count, size_t room, const uint8_t *ticket,
    size_t ticket_size) {
    if (ticket_size < aya_ticket_overhead()) return 0;
    uint8_t *plain = OPENSSL_malloc(ticket_size);
    EVP_AEAD_CTX *context = EVP_AEAD_CTX_new(EVP_aead_aes_256_gcm(), key, 32, tag_size);
    size_t size = 0;
    int works = plain && context
        && EVP_AEAD_CTX_open(
               context, plain, &size, ticket_size, ticket + name_size, nonce_size, ticket + head_size,
               ticket_size - head_size, ticket, name_size)
        && size >= identity_size && size - identity_size <= room;
    if (works) {
        memcpy(identity, plain, identity_size);
        *count = size - identity_size;
        memcpy(out, plain + identity_size, *count);
    }
    EVP_AEAD_CTX_free(context);
    if (plain) OPENSSL_cleanse(plain, ticket_size);
    OPENSSL_free(plain);
    ERR_clear_error();
    return works;
}
