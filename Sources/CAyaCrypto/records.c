// Records of TLS 1.3 (RFC 8446 section 5) after the handshake, sealed and opened where their bytes stand: the library's own
// way allocates, copies twice and looks after states that are over by then. The ciphers are the library's.
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <string.h>

enum { header_size = 5, tag_size = 16, nonce_size = 12, largest_secret = AYA_RECORDS_SECRET };
enum { largest_plain = 16384, largest_sealed = largest_plain + 256 };
enum { alert_type = 21, handshake_type = 22, data_type = 23 };
enum { key_update = 24, key_update_size = 5 };
// In a row, as the library has them: who sends more makes work and nothing else.
enum { most_empty = 32, most_updates = 32, most_warnings = 4 };

struct direction {
    EVP_AEAD_CTX context;
    uint64_t sequence;
    uint8_t nonce[nonce_size];
    uint8_t secret[largest_secret];
};

struct aya_records {
    struct direction reading;
    struct direction writing;
    const EVP_AEAD *aead;
    const EVP_MD *hash;
    size_t secret_size;
    // The beginning of a handshake message whose rest comes in another record.
    uint8_t message[key_update_size];
    uint8_t message_size;
    uint8_t empty;
    uint8_t updates;
    uint8_t warnings;
    // The peer wants new keys from us too.
    uint8_t owes_update;
};

// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1).
static int expand(
    const struct aya_records *records, const uint8_t *secret, const char *label, uint8_t *out, size_t size) {
    uint8_t info[32] = {(uint8_t)(size >> 8), (uint8_t)size};
    size_t length = strlen(label);
    info[2] = (uint8_t)(6 + length);
    memcpy(info + 3, "tls13 ", 6);
    memcpy(info + 9, label, length);
    info[9 + length] = 0;
    return HKDF_expand(out, size, records->hash, secret, records->secret_size, info, 10 + length);
}

// Key and nonce of the direction's secret.
static int set_key(struct aya_records *records, struct direction *direction, enum evp_aead_direction_t way) {
    uint8_t key[32];
    size_t size = EVP_AEAD_key_length(records->aead);
    EVP_AEAD_CTX_cleanup(&direction->context);
    EVP_AEAD_CTX_zero(&direction->context);
    int works = size <= sizeof key && expand(records, direction->secret, "key", key, size)
        && expand(records, direction->secret, "iv", direction->nonce, nonce_size)
        && EVP_AEAD_CTX_init_with_direction(&direction->context, records->aead, key, size, tag_size, way);
    OPENSSL_cleanse(key, sizeof key);
    return works;
}

// The next secret of a direction, and its keys (RFC 8446 section 7.2).
static int renew(struct aya_records *records, struct direction *direction, enum evp_aead_direction_t way) {
    uint8_t next[largest_secret];
    int works = expand(records, direction->secret, "traffic upd", next, records->secret_size);
    memcpy(direction->secret, next, records->secret_size);
    OPENSSL_cleanse(next, sizeof next);
    direction->sequence = 0;
    return works && set_key(records, direction, way);
}

static const EVP_AEAD *aead_of(uint16_t suite) {
    switch (suite) {
    case 0x1301: return EVP_aead_aes_128_gcm();
    case 0x1302: return EVP_aead_aes_256_gcm();
    case 0x1303: return EVP_aead_chacha20_poly1305();
    default: return NULL;
    }
}

struct aya_records *aya_records_make(const struct aya_records_state *state) {
    struct aya_records *records = OPENSSL_zalloc(sizeof *records);
    if (!records) return NULL;
    EVP_AEAD_CTX_zero(&records->reading.context);
    EVP_AEAD_CTX_zero(&records->writing.context);
    records->aead = aead_of(state->suite);
    records->hash = state->suite == 0x1302 ? EVP_sha384() : EVP_sha256();
    records->secret_size = EVP_MD_size(records->hash);
    memcpy(records->reading.secret, state->reading, sizeof state->reading);
    memcpy(records->writing.secret, state->writing, sizeof state->writing);
    records->reading.sequence = state->read;
    records->writing.sequence = state->written;
    if (records->aead && state->secret_size == records->secret_size
        && set_key(records, &records->reading, evp_aead_open) && set_key(records, &records->writing, evp_aead_seal))
        return records;
    aya_records_free(records);
    ERR_clear_error();
    return NULL;
}

struct aya_records *aya_records_take_over(SSL *ssl) {
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    if (SSL_version(ssl) != TLS1_3_VERSION || SSL_in_init(ssl) || SSL_has_pending(ssl) || !cipher) return NULL;
    struct aya_records_state state = {
        .suite = SSL_CIPHER_get_protocol_id(cipher),
        .read = SSL_get_read_sequence(ssl),
        .written = SSL_get_write_sequence(ssl),
    };
    state.secret_size = aya_traffic_secrets(ssl, state.reading, state.writing, sizeof state.reading);
    struct aya_records *records = aya_records_make(&state);
    OPENSSL_cleanse(&state, sizeof state);
    return records;
}

void aya_records_free(struct aya_records *records) {
    if (!records) return;
    EVP_AEAD_CTX_cleanup(&records->reading.context);
    EVP_AEAD_CTX_cleanup(&records->writing.context);
    // Clears what it frees.
    OPENSSL_free(records);
}

static void nonce_of(const struct direction *direction, uint8_t *nonce) {
    memcpy(nonce, direction->nonce, nonce_size);
    for (int index = 0; index < 8; index++) nonce[4 + index] ^= (uint8_t)(direction->sequence >> (56 - 8 * index));
}

size_t aya_records_overhead(void) {
    // A key update may go first.
    return 2 * (header_size + 1 + tag_size) + key_update_size;
}

static size_t seal_one(struct aya_records *records, uint8_t type, const uint8_t *bytes, size_t count, uint8_t *out) {
    size_t sealed = count + 1 + tag_size, tail = 0;
    uint8_t nonce[nonce_size];
    out[0] = data_type, out[1] = 3, out[2] = 3, out[3] = (uint8_t)(sealed >> 8), out[4] = (uint8_t)sealed;
    nonce_of(&records->writing, nonce);
    if (records->writing.sequence == UINT64_MAX
        || !EVP_AEAD_CTX_seal_scatter(
            &records->writing.context, out + header_size, out + header_size + count, &tail, 1 + tag_size, nonce,
            nonce_size, bytes, count, &type, 1, out, header_size)
        || tail != 1 + tag_size)
        return 0;
    records->writing.sequence++;
    return header_size + sealed;
}

size_t aya_records_seal(
    struct aya_records *records, uint8_t type, const uint8_t *bytes, size_t count, uint8_t *out, size_t room) {
    if (count > largest_plain || room < count + aya_records_overhead()) return 0;
    size_t before = 0;
    if (records->owes_update) {
        static const uint8_t update[key_update_size] = {key_update, 0, 0, 1, 0};
        before = seal_one(records, handshake_type, update, sizeof update, out);
        if (before == 0 || !renew(records, &records->writing, evp_aead_seal)) return 0;
        records->owes_update = 0;
    }
    size_t size = seal_one(records, type, bytes, count, out + before);
    return size == 0 ? 0 : before + size;
}

size_t aya_records_alert(struct aya_records *records, uint8_t description, uint8_t *out) {
    // close_notify is a warning, everything else the end (RFC 8446 section 6).
    uint8_t alert[2] = {description == 0 ? 1 : 2, description};
    return seal_one(records, alert_type, alert, sizeof alert, out);
}

// A piece of a handshake message: of a client nothing but KeyUpdate can come (RFC 8446 section 4.6.3).
static enum aya_opened take_message(struct aya_records *records, const uint8_t *bytes, size_t count, uint8_t *alert) {
    *alert = SSL_AD_UNEXPECTED_MESSAGE;
    if (count == 0 || count > (size_t)(key_update_size - records->message_size)) return AYA_OPENED_FAULT;
    memcpy(records->message + records->message_size, bytes, count);
    records->message_size += (uint8_t)count;
    if (records->message[0] != key_update) return AYA_OPENED_FAULT;
    if (records->message_size < key_update_size) return AYA_OPENED_NOTHING;
    records->message_size = 0;
    *alert = SSL_AD_DECODE_ERROR;
    if (records->message[1] != 0 || records->message[2] != 0 || records->message[3] != 1) return AYA_OPENED_FAULT;
    *alert = SSL_AD_ILLEGAL_PARAMETER;
    if (records->message[4] > 1) return AYA_OPENED_FAULT;
    *alert = SSL_AD_UNEXPECTED_MESSAGE;
    if (++records->updates > most_updates) return AYA_OPENED_FAULT;
    *alert = SSL_AD_INTERNAL_ERROR;
    if (!renew(records, &records->reading, evp_aead_open)) return AYA_OPENED_FAULT;
    if (records->message[4] == 1) records->owes_update = 1;
    return AYA_OPENED_NOTHING;
}

static enum aya_opened take_alert(struct aya_records *records, const uint8_t *bytes, size_t count, uint8_t *alert) {
    *alert = SSL_AD_DECODE_ERROR;
    if (count != 2) return AYA_OPENED_FAULT;
    if (bytes[1] == SSL_AD_CLOSE_NOTIFY) return AYA_OPENED_END;
    *alert = SSL_AD_UNEXPECTED_MESSAGE;
    // Some say it where they mean close_notify, which follows.
    if (bytes[1] == SSL_AD_USER_CANCELLED) {
        return ++records->warnings > most_warnings ? AYA_OPENED_FAULT : AYA_OPENED_NOTHING;
    }
    return AYA_OPENED_BROKEN;
}

int aya_records_is_whole(const uint8_t *in, size_t count) {
    if (count < header_size) return 0;
    size_t sealed = (size_t)in[3] << 8 | in[4];
    // One that is too large is found so when it is opened.
    return sealed > largest_sealed || count - header_size >= sealed;
}

enum aya_opened aya_records_open(
    struct aya_records *records, const uint8_t *in, size_t count, size_t *consumed, uint8_t *out, size_t room,
    size_t *opened, uint8_t *alert) {
    *consumed = header_size;
    if (count < header_size) return AYA_OPENED_PARTIAL;
    size_t sealed = (size_t)in[3] << 8 | in[4];
    *alert = SSL_AD_PROTOCOL_VERSION;
    if (in[1] != 3 || in[2] != 3) return AYA_OPENED_FAULT;
    *alert = SSL_AD_RECORD_OVERFLOW;
    if (sealed > largest_sealed) return AYA_OPENED_FAULT;
    *alert = SSL_AD_UNEXPECTED_MESSAGE;
    if (in[0] != data_type) return AYA_OPENED_FAULT;
    *alert = SSL_AD_BAD_RECORD_MAC;
    if (sealed < 1 + tag_size) return AYA_OPENED_FAULT;
    *consumed = header_size + sealed;
    if (count < *consumed) return AYA_OPENED_PARTIAL;
    if (room < sealed - tag_size) return AYA_OPENED_NO_ROOM;
    uint8_t nonce[nonce_size];
    size_t plain = 0;
    nonce_of(&records->reading, nonce);
    if (records->reading.sequence == UINT64_MAX
        || !EVP_AEAD_CTX_open(
            &records->reading.context, out, &plain, room, nonce, nonce_size, in + header_size, sealed, in,
            header_size))
        return AYA_OPENED_FAULT;
    records->reading.sequence++;
    // The type stands behind the bytes, zeros behind the type.
    *alert = SSL_AD_RECORD_OVERFLOW;
    if (plain > largest_plain + 1) return AYA_OPENED_FAULT;
    while (plain > 0 && out[plain - 1] == 0) plain--;
    *alert = SSL_AD_UNEXPECTED_MESSAGE;
    if (plain == 0) return AYA_OPENED_FAULT;
    uint8_t type = out[--plain];
    *opened = plain;
    if (type != handshake_type && records->message_size > 0) return AYA_OPENED_FAULT;
    switch (type) {
    case data_type:
        if (plain == 0) return ++records->empty > most_empty ? AYA_OPENED_FAULT : AYA_OPENED_NOTHING;
        records->empty = records->updates = records->warnings = 0;
        return AYA_OPENED_BYTES;
    case handshake_type: return take_message(records, out, plain, alert);
    case alert_type: return take_alert(records, out, plain, alert);
    default: return AYA_OPENED_FAULT;
    }
}
