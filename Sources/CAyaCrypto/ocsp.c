// What stapling needs to know of certificates, and the signatures of OCSP answers. Answers are taken apart in Swift.
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <string.h>

size_t aya_certificate_responder(const X509 *certificate, char *text, size_t capacity) {
    STACK_OF(OPENSSL_STRING) *places = X509_get1_ocsp(certificate);
    size_t used = 0;
    for (size_t index = 0; places && index < sk_OPENSSL_STRING_num(places) && used == 0; index++) {
        const char *place = sk_OPENSSL_STRING_value(places, index);
        size_t length = strlen(place);
        if (strncmp(place, "http://", 7) == 0 && length <= capacity) {
            memcpy(text, place, length);
            used = length;
        }
    }
    X509_email_free(places);
    ERR_clear_error();
    return used;
}

// The extension 1.3.6.1.5.5.7.1.24 with the feature 5, status_request (RFC 7633).
int aya_certificate_must_staple(const X509 *certificate) {
    ASN1_OBJECT *feature = OBJ_txt2obj("1.3.6.1.5.5.7.1.24", 1);
    int at = feature ? X509_get_ext_by_OBJ(certificate, feature, -1) : -1;
    ASN1_OBJECT_free(feature);
    ERR_clear_error();
    if (at < 0) return 0;
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(X509_get_ext(certificate, at));
    const uint8_t *bytes = ASN1_STRING_get0_data(value);
    int length = ASN1_STRING_length(value);
    if (length < 2 || bytes[0] != 0x30 || bytes[1] != length - 2) return 0;
    for (int index = 2; index + 2 < length && bytes[index] == 0x02; index += 2 + bytes[index + 1]) {
        if (bytes[index + 1] == 1 && bytes[index + 2] == 5) return 1;
    }
    return 0;
}

int aya_certificate_digests(const X509 *issuer, uint8_t *name, uint8_t *key) {
    unsigned length = 20;
    return X509_NAME_digest(X509_get_subject_name(issuer), EVP_sha1(), name, &length) == 1
        && X509_pubkey_digest(issuer, EVP_sha1(), key, &length) == 1;
}

int aya_ocsp_verify(
    X509 *signer, const uint8_t *algorithm, size_t algorithm_size, const uint8_t *text, size_t text_size,
    const uint8_t *signature, size_t signature_size) {
    const uint8_t *at = algorithm;
    X509_ALGOR *named = d2i_X509_ALGOR(NULL, &at, (long)algorithm_size);
    const ASN1_OBJECT *object = NULL;
    int digest = NID_undef, kind = NID_undef, works = 0;
    if (named) X509_ALGOR_get0(&object, NULL, NULL, named);
    EVP_PKEY *key = X509_get_pubkey(signer);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (object && key && context && OBJ_find_sigid_algs(OBJ_obj2nid(object), &digest, &kind)
        && EVP_PKEY_id(key) == kind) {
        const EVP_MD *hash = digest == NID_undef ? NULL : EVP_get_digestbynid(digest);
        // Without a digest it is Ed25519, which has its own.
        works = (hash || (digest == NID_undef && kind == EVP_PKEY_ED25519))
            && EVP_DigestVerifyInit(context, NULL, hash, NULL, key) == 1
            && EVP_DigestVerify(context, signature, signature_size, text, text_size) == 1;
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    X509_ALGOR_free(named);
    ERR_clear_error();
    return works;
}

int aya_ocsp_is_delegate(X509 *delegate, X509 *issuer) {
    EVP_PKEY *key = X509_get_pubkey(issuer);
    int works = key && X509_verify(delegate, key) == 1
        && X509_NAME_cmp(X509_get_issuer_name(delegate), X509_get_subject_name(issuer)) == 0;
    EVP_PKEY_free(key);
    int may_sign = 0;
    EXTENDED_KEY_USAGE *purposes = works ? X509_get_ext_d2i(delegate, NID_ext_key_usage, NULL, NULL) : NULL;
    for (size_t index = 0; purposes && index < sk_ASN1_OBJECT_num(purposes); index++) {
        if (OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, index)) == NID_OCSP_sign) may_sign = 1;
    }
    EXTENDED_KEY_USAGE_free(purposes);
    ERR_clear_error();
    return may_sign;
}
