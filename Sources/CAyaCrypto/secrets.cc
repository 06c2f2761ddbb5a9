// What the library says to C++ alone.
#include "aya_crypto.h"
#include <CNIOBoringSSL.h>
#include <string.h>

extern "C" size_t aya_traffic_secrets(const SSL *ssl, uint8_t *reading, uint8_t *writing, size_t room) {
    bssl::Span<const uint8_t> read, write;
    if (!bssl::SSL_get_traffic_secrets(ssl, &read, &write)) return 0;
    if (read.size() != write.size() || read.size() > room) return 0;
    memcpy(reading, read.data(), read.size());
    memcpy(writing, write.data(), write.size());
    return read.size();
}
