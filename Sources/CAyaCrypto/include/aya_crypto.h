// What Swift cannot import well of BoringSSL, and the BIO between a TLS connection and its socket. Types of the library
// stand here as incomplete structs, so that Swift sees the same opaque pointers as in the library's own module.
#ifndef AYA_CRYPTO_H
#define AYA_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ssl_st;
struct ssl_ctx_st;
struct x509_st;
struct evp_pkey_st;

// --- the wire ---
// Where a connection's ciphertext comes from and goes to. Nothing here reads the socket: the owner does, and puts
// `in` on what it got. Writes are gathered at `out`, or sent at once while that is NULL.
struct aya_wire {
    const uint8_t *in;
    size_t in_count;
    uint8_t *out;
    size_t out_count;
    size_t out_room;
    int descriptor;
    // errno of the write that failed.
    int error;
    // Nothing follows what stands at `in`.
    uint8_t ended;
    // More is sent soon: hold an incomplete segment back.
    uint8_t more;
};
// Gives the connection a wire, which lives as long as it does; NULL without memory.
struct aya_wire *aya_wire_attach(struct ssl_st *ssl, int descriptor);

// --- records ---
// Records of TLS 1.3 without the library's connection, from a moment after the handshake on.
struct aya_records;
#define AYA_RECORDS_SECRET 48
// Where a connection stands: the suite by its number of RFC 8446 appendix B.4, the secrets of both directions and how
// many records were read and written with them.
struct aya_records_state {
    uint8_t reading[AYA_RECORDS_SECRET];
    uint8_t writing[AYA_RECORDS_SECRET];
    size_t secret_size;
    uint64_t read;
    uint64_t written;
    uint16_t suite;
};
// NULL for a suite of another version, a secret of another size, or without memory.
struct aya_records *aya_records_make(const struct aya_records_state *state);
// The secrets of both directions, of the size that is returned; 0 when there are none.
size_t aya_traffic_secrets(const struct ssl_st *ssl, uint8_t *reading, uint8_t *writing, size_t room);
// Goes on where a server's connection stands, which must not read or write any more. NULL when that can't be: it speaks
// TLS 1.2, or still holds something that came. The caller sees to it that it holds nothing that is to go.
struct aya_records *aya_records_take_over(struct ssl_st *ssl);
void aya_records_free(struct aya_records *records);
// By how much what is sealed is longer, at most.
size_t aya_records_overhead(void);
#define AYA_RECORDS_DATA 23
// A record of at most 16 KiB of that type, and before it what the peer has to be told. Returns the bytes used; 0 when it
// failed.
size_t aya_records_seal(
    struct aya_records *records, uint8_t type, const uint8_t *bytes, size_t count, uint8_t *out, size_t room);
// An alert (RFC 8446 section 6), in at most 64 bytes. Returns the bytes used.
size_t aya_records_alert(struct aya_records *records, uint8_t description, uint8_t *out);
// The same, sent at once as far as the socket takes it.
void aya_records_say(struct aya_records *records, struct aya_wire *wire, uint8_t description, int more);
// 1 when the first record is there to its end, or wrong.
int aya_records_is_whole(const uint8_t *in, size_t count);

enum aya_opened {
    // `opened` of them stand at `out`.
    AYA_OPENED_BYTES,
    // It was for the connection alone, or empty.
    AYA_OPENED_NOTHING,
    // The peer sends no more.
    AYA_OPENED_END,
    // Not all of it is there: it takes `consumed` bytes at least.
    AYA_OPENED_PARTIAL,
    // `out` is too small; nothing has happened.
    AYA_OPENED_NO_ROOM,
    // The peer has given up.
    AYA_OPENED_BROKEN,
    // Nothing of this connection can be trusted any more; the peer is to get the `alert`.
    AYA_OPENED_FAULT,
};
// The record at `in`; `out` may be where its ciphertext stands, 5 bytes further, or elsewhere. It needs room for what was
// sealed without its tag.
enum aya_opened aya_records_open(
    struct aya_records *records, const uint8_t *in, size_t count, size_t *consumed, uint8_t *out, size_t room,
    size_t *opened, uint8_t *alert);

// --- errors ---
// The reason of the newest error of this thread's queue, in words, and empties the queue.
const char *aya_last_error(void);
// The library's number of the newest error's reason (SSL_R_…) when it is one of its SSL part, else 0; leaves the queue.
int aya_peek_ssl_reason(void);

// --- certificates ---
// The DNS names of a certificate, each ended by a NUL; the subject's common name when it has no alternative names at
// all. Returns the bytes used, at most capacity.
size_t aya_certificate_names(struct x509_st *certificate, char *names, size_t capacity);
// The subject as RFC 2253 writes it, what is not printable ASCII escaped. Returns the bytes used, at most capacity; 0
// when it does not fit.
size_t aya_certificate_subject(const struct x509_st *certificate, char *text, size_t capacity);
// Seconds since 1970; 0 when the certificate says no time.
int64_t aya_certificate_not_before(const struct x509_st *certificate);
int64_t aya_certificate_not_after(const struct x509_st *certificate);
// What names a certificate to an ACME server (RFC 9773 section 4.1): the identifier of its issuer's key, and the bytes
// of its serial number as DER has them. Return the bytes used, at most capacity; 0 when there are none.
size_t aya_certificate_authority_key(struct x509_st *certificate, uint8_t *bytes, size_t capacity);
size_t aya_certificate_serial(struct x509_st *certificate, uint8_t *bytes, size_t capacity);

// --- stapling ---
// The first http URL at which the certificate's issuer is asked about it. Returns the bytes used, at most capacity; 0
// when there is none.
size_t aya_certificate_responder(const struct x509_st *certificate, char *text, size_t capacity);
// It has to be shown with an OCSP answer (RFC 7633).
int aya_certificate_must_staple(const struct x509_st *certificate);
// SHA-1 digests, 20 bytes each, of an issuer's name and key. 1 when it worked.
int aya_certificate_digests(const struct x509_st *issuer, uint8_t *name, uint8_t *key);
// 1 when the text was signed with the certificate's key; the algorithm is an AlgorithmIdentifier in DER.
int aya_ocsp_verify(
    struct x509_st *signer, const uint8_t *algorithm, size_t algorithm_size, const uint8_t *text, size_t text_size,
    const uint8_t *signature, size_t signature_size);
// 1 when the issuer made the certificate for signing OCSP answers (RFC 6960 section 4.2.2.2).
int aya_ocsp_is_delegate(struct x509_st *delegate, struct x509_st *issuer);

// --- tickets ---
#define AYA_TICKET_NAME 16
// By how much a ticket is longer than its session.
size_t aya_ticket_overhead(void);
// Seals a session, with the number that tells its client apart, by the key of that name (16 and 32 bytes). 1 when it
// worked.
int aya_ticket_seal(
    const uint8_t *name, const uint8_t *key, uint64_t identity, uint8_t *out, size_t *count, size_t room,
    const uint8_t *session, size_t session_size);
// The other way around. 0 when it is no ticket of that key.
int aya_ticket_open(
    const uint8_t *key, uint64_t *identity, uint8_t *out, size_t *count, size_t room, const uint8_t *ticket,
    size_t ticket_size);

// --- issuing ---
// A new key on P-256, which the caller frees; NULL without memory.
struct evp_pkey_st *aya_key_make(void);
// PEM text. Return the bytes used, at most capacity; 0 when it does not fit.
size_t aya_key_text(const struct evp_pkey_st *key, uint8_t *text, size_t capacity);
size_t aya_certificate_text(const struct x509_st *certificate, uint8_t *text, size_t capacity);

// What a certificate is to say, and who says it.
struct aya_issue {
    // NULL: the certificate signs itself.
    struct x509_st *issuer;
    struct evp_pkey_st *issuer_key;
    struct evp_pkey_st *key;
    // Of the subject; NULL leaves them out.
    const char *organization;
    const char *common_name;
    // DNS names, and addresses as text.
    const char *const *names;
    size_t name_count;
    // Seconds since 1970.
    int64_t not_before;
    int64_t not_after;
    int is_authority;
    // The 32 bytes that answer a challenge of ACME (RFC 8737), or NULL.
    const uint8_t *challenge;
};
// The caller frees it; NULL when it can't be made.
struct x509_st *aya_certificate_make(const struct aya_issue *issue);
// A request for a certificate of these names (PKCS #10, RFC 2986), in DER. Returns the bytes used, at most capacity.
size_t aya_request_make(
    struct evp_pkey_st *key, const char *const *names, size_t count, uint8_t *bytes, size_t capacity);

// ECDSA on P-256 with SHA-256 as JSON Web Signatures have it (RFC 7518 section 3.4): 64 bytes. 1 when it worked.
int aya_sign_es256(struct evp_pkey_st *key, const uint8_t *bytes, size_t count, uint8_t *signature);
// The public key: 4, then x and y of 32 bytes each. 1 when it is one of P-256.
int aya_public_point(const struct evp_pkey_st *key, uint8_t *point);

#ifdef __cplusplus
}
#endif

#endif
