internal import CNIOBoringSSL

/// SHA-256 and what is made of it.
package enum Digest {
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// HMAC (RFC 2104) with SHA-256.
    package static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        unsafe HMAC(EVP_sha256(), key, key.count, bytes, bytes.count, &digest, &count)
        return digest
    }
}
