// Keys, certificates and requests for certificates that Aya makes itself: all of them with ECDSA on P-256, whose keys
// take microseconds to make and which every client of the last decade knows.
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <arpa/inet.h>
#include <string.h>

EVP_PKEY *aya_key_make(void) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
    if (!context || !EVP_PKEY_keygen_init(context)
        || !EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
        || !EVP_PKEY_keygen(context, &key)) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

// What a memory BIO holds; 0 when it does not fit.
static size_t drain(BIO *from, int works, uint8_t *to, size_t capacity) {
    const uint8_t *bytes = NULL;
    size_t count = 0;
    if (!works || !from || !BIO_mem_contents(from, &bytes, &count) || count > capacity) count = 0;
    if (count) memcpy(to, bytes, count);
    BIO_free(from);
    ERR_clear_error();
    return count;
}

size_t aya_key_text(const EVP_PKEY *key, uint8_t *text, size_t capacity) {
    BIO *out = BIO_new(BIO_s_mem());
    return drain(out, out && PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), text, capacity);
}

size_t aya_certificate_text(const X509 *certificate, uint8_t *text, size_t capacity) {
    BIO *out = BIO_new(BIO_s_mem());
    return drain(out, out && PEM_write_bio_X509(out, (X509 *)certificate), text, capacity);
}

// --- extensions ---

static GENERAL_NAME *general_name(const char *text) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    uint8_t address[16];
    int length = 0;
    if (inet_pton(AF_INET, text, address) == 1) length = 4;
    if (!length && inet_pton(AF_INET6, text, address) == 1) length = 16;
    ASN1_STRING *value = length ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
    int works = name && value
        && (length ? ASN1_STRING_set(value, address, length) : ASN1_STRING_set(value, text, (ossl_ssize_t)strlen(text)));
    if (!works) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, length ? GEN_IPADD : GEN_DNS, value);
    return name;
}

static GENERAL_NAMES *general_names(const char *const *names, size_t count) {
    GENERAL_NAMES *list = GENERAL_NAMES_new();
    for (size_t at = 0; list && at < count; at++) {
        GENERAL_NAME *name = general_name(names[at]);
        if (!name || !sk_GENERAL_NAME_push(list, name)) {
            GENERAL_NAME_free(name);
            GENERAL_NAMES_free(list);
            return NULL;
        }
    }
    return list;
}

// Critical where nothing else says whose the certificate is (RFC 5280 section 4.2.1.6): browsers insist.
static int add_names(X509 *certificate, const char *const *names, size_t count) {
    if (count == 0) return 1;
    GENERAL_NAMES *list = general_names(names, count);
    int is_nameless = X509_NAME_entry_count(X509_get_subject_name(certificate)) == 0;
    int works = list && X509_add1_ext_i2d(certificate, NID_subject_alt_name, list, is_nameless, 0) == 1;
    GENERAL_NAMES_free(list);
    return works;
}

static int add_constraints(X509 *certificate, int is_authority) {
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    if (!constraints) return 0;
    constraints->ca = is_authority ? ASN1_BOOLEAN_TRUE : ASN1_BOOLEAN_FALSE;
    int works = X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, 0) == 1;
    BASIC_CONSTRAINTS_free(constraints);
    return works;
}

// Bits of RFC 5280 section 4.2.1.3.
static int add_usage(X509 *certificate, int is_authority) {
    ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
    int works = usage && ASN1_BIT_STRING_set_bit(usage, is_authority ? 5 : 0, 1)
        && (!is_authority || ASN1_BIT_STRING_set_bit(usage, 6, 1))
        && X509_add1_ext_i2d(certificate, NID_key_usage, usage, 1, 0) == 1;
    ASN1_BIT_STRING_free(usage);
    if (!works || is_authority) return works;
    EXTENDED_KEY_USAGE *purposes = EXTENDED_KEY_USAGE_new();
    works = purposes && sk_ASN1_OBJECT_push(purposes, OBJ_nid2obj(NID_server_auth))
        && X509_add1_ext_i2d(certificate, NID_ext_key_usage, purposes, 0, 0) == 1;
    EXTENDED_KEY_USAGE_free(purposes);
    return works;
}

// The first 160 bits of the key's SHA-256 (RFC 7093 section 2, method 1).
static ASN1_OCTET_STRING *key_identifier(X509 *certificate) {
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(certificate);
    ASN1_OCTET_STRING *identifier = ASN1_OCTET_STRING_new();
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (!bits || !identifier) {
        ASN1_OCTET_STRING_free(identifier);
        return NULL;
    }
    SHA256(ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits), digest);
    if (!ASN1_STRING_set(identifier, digest, 20)) {
        ASN1_OCTET_STRING_free(identifier);
        return NULL;
    }
    return identifier;
}

static int add_identifiers(X509 *certificate, X509 *issuer) {
    ASN1_OCTET_STRING *own = key_identifier(certificate);
    int works = own && X509_add1_ext_i2d(certificate, NID_subject_key_identifier, own, 0, 0) == 1;
    ASN1_OCTET_STRING_free(own);
    if (!works || issuer == certificate) return works;
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
    if (!authority) return 0;
    authority->keyid = key_identifier(issuer);
    works = authority->keyid && X509_add1_ext_i2d(certificate, NID_authority_key_identifier, authority, 0, 0) == 1;
    AUTHORITY_KEYID_free(authority);
    return works;
}

// id-pe-acmeIdentifier (RFC 8737 section 6.1): an octet string in an octet string, critical.
static int add_challenge(X509 *certificate, const uint8_t *digest) {
    uint8_t value[34] = {0x04, 32};
    memcpy(value + 2, digest, 32);
    ASN1_OBJECT *identifier = OBJ_txt2obj("1.3.6.1.5.5.7.1.31", 1);
    ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension = NULL;
    int works = identifier && data && ASN1_STRING_set(data, value, sizeof(value))
        && (extension = X509_EXTENSION_create_by_OBJ(NULL, identifier, 1, data))
        && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(data);
    ASN1_OBJECT_free(identifier);
    return works;
}

// --- certificates ---

static int set_serial(X509 *certificate) {
    uint8_t bytes[16];
    RAND_bytes(bytes, sizeof(bytes));
    // Positive and not zero (RFC 5280 section 4.1.2.2).
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    int works = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return works;
}

static int set_times(X509 *certificate, int64_t not_before, int64_t not_after) {
    ASN1_TIME *from = ASN1_TIME_set_posix(NULL, not_before);
    ASN1_TIME *until = ASN1_TIME_set_posix(NULL, not_after);
    int works = from && until && X509_set1_notBefore(certificate, from) && X509_set1_notAfter(certificate, until);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    return works;
}

X509 *aya_certificate_make(const struct aya_issue *issue) {
    X509 *certificate = X509_new();
    if (!certificate) return NULL;
    X509 *issuer = issue->issuer ? issue->issuer : certificate;
    X509_NAME *subject = X509_get_subject_name(certificate);
    int works = X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate)
        && set_times(certificate, issue->not_before, issue->not_after)
        && (!issue->organization
            || X509_NAME_add_entry_by_NID(
                subject, NID_organizationName, MBSTRING_UTF8, (const uint8_t *)issue->organization, -1, -1, 0))
        && (!issue->common_name
            || X509_NAME_add_entry_by_NID(
                subject, NID_commonName, MBSTRING_UTF8, (const uint8_t *)issue->common_name, -1, -1, 0))
        && X509_set_issuer_name(certificate, X509_get_subject_name(issuer))
        && X509_set_pubkey(certificate, issue->key) && add_constraints(certificate, issue->is_authority)
        && add_usage(certificate, issue->is_authority) && add_identifiers(certificate, issuer)
        && add_names(certificate, issue->names, issue->name_count)
        && (!issue->challenge || add_challenge(certificate, issue->challenge))
        && X509_sign(certificate, issue->issuer_key ? issue->issuer_key : issue->key, EVP_sha256());
    if (works) return certificate;
    X509_free(certificate);
    return NULL;
}

size_t aya_request_make(EVP_PKEY *key, const char *const *names, size_t count, uint8_t *bytes, size_t capacity) {
    X509_REQ *request = X509_REQ_new();
    GENERAL_NAMES *list = general_names(names, count);
    STACK_OF(X509_EXTENSION) *extensions = NULL;
    int works = request && list && X509_REQ_set_version(request, X509_REQ_VERSION_1)
        && X509_REQ_set_pubkey(request, key)
        && X509V3_add1_i2d(&extensions, NID_subject_alt_name, list, 0, X509V3_ADD_APPEND) == 1
        && X509_REQ_add_extensions(request, extensions) && X509_REQ_sign(request, key, EVP_sha256());
    uint8_t *der = NULL;
    int length = works ? i2d_X509_REQ(request, &der) : 0;
    size_t used = length > 0 && (size_t)length <= capacity ? (size_t)length : 0;
    if (used) memcpy(bytes, der, used);
    OPENSSL_free(der);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    GENERAL_NAMES_free(list);
    X509_REQ_free(request);
    ERR_clear_error();
    return used;
}

// --- signatures and identifiers of ACME ---

int aya_sign_es256(EVP_PKEY *key, const uint8_t *bytes, size_t count, uint8_t *signature) {
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(bytes, count, digest);
    const EC_KEY *curve = EVP_PKEY_get0_EC_KEY(key);
    ECDSA_SIG *made = curve ? ECDSA_do_sign(digest, sizeof(digest), curve) : NULL;
    int works = made && BN_bn2bin_padded(signature, 32, ECDSA_SIG_get0_r(made))
        && BN_bn2bin_padded(signature + 32, 32, ECDSA_SIG_get0_s(made));
    ECDSA_SIG_free(made);
    ERR_clear_error();
    return works;
}

int aya_public_point(const EVP_PKEY *key, uint8_t *point) {
    const EC_KEY *curve = EVP_PKEY_get0_EC_KEY(key);
    return curve
        && EC_POINT_point2oct(
               EC_KEY_get0_group(curve), EC_KEY_get0_public_key(curve), POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL)
        == 65;
}

size_t aya_certificate_authority_key(X509 *certificate, uint8_t *bytes, size_t capacity) {
    const ASN1_OCTET_STRING *identifier = X509_get0_authority_key_id(certificate);
    size_t count = identifier ? (size_t)ASN1_STRING_length(identifier) : 0;
    ERR_clear_error();
    if (count > capacity) return 0;
    if (count) memcpy(bytes, ASN1_STRING_get0_data(identifier), count);
    return count;
}

size_t aya_certificate_serial(X509 *certificate, uint8_t *bytes, size_t capacity) {
    uint8_t *der = NULL;
    int length = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &der);
    size_t used = 0;
    // Without the tag and the length, which is one byte for all serial numbers that RFC 5280 allows.
    if (length > 2 && der[1] < 128 && (size_t)length - 2 <= capacity) {
        used = (size_t)length - 2;
        memcpy(bytes, der + 2, used);
    }
    OPENSSL_free(der);
    ERR_clear_error();
    return used;
}
