#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <string.h>

const char *aya_last_error(void) {
    uint32_t code = ERR_peek_last_error();
    ERR_clear_error();
    if (!code) return "no reason given";
    const char *reason = ERR_reason_error_string(code);
    return reason ? reason : "unknown reason";
}

int aya_peek_ssl_reason(void) {
    uint32_t code = ERR_peek_last_error();
    return ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
}

static size_t append(char *names, size_t used, size_t capacity, const unsigned char *name, size_t length) {
    // A NUL inside a name is an old trick to have half of it believed.
    if (length == 0 || length > 255 || memchr(name, 0, length) || used + length + 1 > capacity) return used;
    memcpy(names + used, name, length);
    names[used + length] = 0;
    return used + length + 1;
}

size_t aya_certificate_names(X509 *certificate, char *names, size_t capacity) {
    size_t used = 0;
    GENERAL_NAMES *alternatives = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    if (alternatives) {
        for (size_t index = 0; index < sk_GENERAL_NAME_num(alternatives); index++) {
            const GENERAL_NAME *name = sk_GENERAL_NAME_value(alternatives, index);
            if (name->type != GEN_DNS) continue;
            used = append(
                names, used, capacity, ASN1_STRING_get0_data(name->d.dNSName), ASN1_STRING_length(name->d.dNSName));
        }
        GENERAL_NAMES_free(alternatives);
        return used;
    }
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return 0;
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    return append(names, used, capacity, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
}

size_t aya_certificate_subject(const X509 *certificate, char *text, size_t capacity) {
    BIO *out = BIO_new(BIO_s_mem());
    size_t used = 0;
    if (out && X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) >= 0) {
        const uint8_t *bytes;
        size_t length;
        if (BIO_mem_contents(out, &bytes, &length) && length <= capacity) {
            // The flags leave nothing else; a header field depends on it.
            for (size_t at = 0; at < length; at++) {
                if (bytes[at] >= 32 && bytes[at] < 127) text[used++] = (char)bytes[at];
            }
        }
    }
    BIO_free(out);
    ERR_clear_error();
    return used;
}

static int64_t seconds(const ASN1_TIME *time) {
    int64_t result = 0;
    return time && ASN1_TIME_to_posix(time, &result) ? result : 0;
}

int64_t aya_certificate_not_before(const X509 *certificate) { return seconds(X509_get0_notBefore(certificate)); }
int64_t aya_certificate_not_after(const X509 *certificate) { return seconds(X509_get0_notAfter(certificate)); }
