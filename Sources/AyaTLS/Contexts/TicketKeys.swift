internal import CNIOBoringSSL
internal import Glibc
internal import Synchronization

/// The keys that session tickets are sealed with (RFC 5077 section 4), shared by every worker and listener.
///
/// A ticket holds everything that a session needs, so whoever has the key of its day can read the day's traffic:
/// keys live for hours and are never written anywhere. A fleet that shares sessions shares a file instead, and whoever
/// writes that file rotates it.
package final class TicketKeys: Sendable {
    /// How long a session can be resumed; tickets outlive one change of keys.
    package static let lifetime: Int64 = 24 * 3600
    private static let rotation: Int64 = 12 * 3600

    struct Key: Sendable {
        var name: [UInt8]
        var cipher: [UInt8]
        var digest: [UInt8]

        static let byteCount = 80

        static func random() -> Key {
            func bytes(_ count: Int) -> [UInt8] {
                var bytes = [UInt8](repeating: 0, count: count)
                unsafe RAND_bytes(&bytes, count)
                return bytes
            }
            return Key(name: bytes(16), cipher: bytes(32), digest: bytes(32))
        }
    }

    private let ring: Mutex<Ring>

    private struct Ring {
        /// The first seals; all open.
        var keys: [Key]
        var changed: Int64
        /// Nil: the keys are this process's own and change by time.
        var file: File?
    }

    /// Whoever writes it changes the keys.
    private struct File {
        var path: String
        var modified: Int64
        var lookedAt: Int64
        /// Seconds between two looks.
        static let patience: Int64 = 30
    }

    /// Keys of this process's own.
    package init() {
        ring = Mutex(Ring(keys: [.random()], changed: Certificate.now(), file: nil))
    }

    /// The keys of a file: one or more of 80 random bytes each (name 16, digest 32, cipher 32), the newest first.
    package init(file path: String) throws(CertificateFault) {
        let file = File(path: path, modified: SecretFile.modified(path), lookedAt: Certificate.now())
        ring = Mutex(Ring(keys: try Self.read(path), changed: 0, file: file))
    }

    /// A file that can't be read, or holds something else, leaves the keys as they are.
    private static func look(_ ring: inout Ring, now: Int64) {
        guard var file = ring.file, now - file.lookedAt >= File.patience else { return }
        file.lookedAt = now
        let modified = SecretFile.modified(file.path)
        if modified != file.modified, let keys = try? read(file.path) {
            file.modified = modified
            ring.keys = keys
        }
        ring.file = file
    }

    private static func read(_ path: String) throws(CertificateFault) -> [Key] {
        let bytes = try SecretFile(path).bytes
        guard !bytes.isEmpty, bytes.count % Key.byteCount == 0, bytes.count / Key.byteCount <= 16 else {
            throw CertificateFault("'\(path)' does not hold 1 to 16 ticket keys of 80 bytes each")
        }
        return stride(from: 0, to: bytes.count, by: Key.byteCount).map { start in
            Key(
                name: Array(bytes[start..<start + 16]), cipher: Array(bytes[start + 48..<start + 80]),
                digest: Array(bytes[start + 16..<start + 48]))
        }
    }

    private func sealing() -> Key {
        ring.withLock { ring in
            let now = Certificate.now()
            Self.look(&ring, now: now)
            if ring.file == nil, now - ring.changed > Self.rotation {
                ring.keys.insert(.random(), at: 0)
                if ring.keys.count > 3 { ring.keys.removeLast() }
                ring.changed = now
            }
            return ring.keys[0]
        }
    }

    /// The key of that name, and whether it is the one that seals now.
    private func opening(_ name: UnsafeBufferPointer<UInt8>) -> (Key, isNewest: Bool)? {
        ring.withLock { ring in
            Self.look(&ring, now: Certificate.now())
            for (index, key) in ring.keys.enumerated() where unsafe key.name.elementsEqual(name) {
                return (key, index == 0)
            }
            return nil
        }
    }

    func install(in context: OpaquePointer) {
        unsafe SSL_CTX_set_tlsext_ticket_key_cb(context) { ssl, name, iv, cipher, digest, seals in
            guard let ssl = unsafe ssl, let name = unsafe name, let iv = unsafe iv,
                let keys = unsafe ServerContext.of(SSL_get_SSL_CTX(ssl))?.ticketKeys
            else { return -1 }
            return unsafe seals == 1 ? keys.seal(name, iv, cipher, digest) : keys.open(name, iv, cipher, digest)
        }
    }

    private func seal(
        _ name: UnsafeMutablePointer<UInt8>, _ iv: UnsafeMutablePointer<UInt8>,
        _ cipher: UnsafeMutablePointer<EVP_CIPHER_CTX>?, _ digest: UnsafeMutablePointer<HMAC_CTX>?
    ) -> Int32 {
        let key = sealing()
        unsafe name.update(from: key.name, count: 16)
        unsafe RAND_bytes(iv, 16)
        guard unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, iv) == 1,
            unsafe HMAC_Init_ex(digest, key.digest, 32, EVP_sha256(), nil) == 1
        else { return -1 }
        return 1
    }

    private func open(
        _ name: UnsafeMutablePointer<UInt8>, _ iv: UnsafeMutablePointer<UInt8>,
        _ cipher: UnsafeMutablePointer<EVP_CIPHER_CTX>?, _ digest: UnsafeMutablePointer<HMAC_CTX>?
    ) -> Int32 {
        guard let (key, isNewest) = unsafe opening(UnsafeBufferPointer(start: name, count: 16)) else { return 0 }
        guard unsafe HMAC_Init_ex(digest, key.digest, 32, EVP_sha256(), nil) == 1,
            unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, iv) == 1
        else { return -1 }
        return isNewest ? 1 : 2
    }
}
