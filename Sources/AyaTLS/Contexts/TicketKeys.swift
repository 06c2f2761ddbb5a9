internal import CAyaCrypto
internal import CNIOBoringSSL
internal import Glibc
internal import Synchronization

/// The keys that session tickets are sealed with (RFC 5077 section 4), shared by every worker and listener.
///
/// A ticket holds everything that a session needs, so whoever has the key of its day can read the day's traffic:
/// keys live for hours and are never written anywhere; a process that takes over gets them through memory. A fleet that shares sessions shares a file instead, and whoever
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

    /// For a process that takes over, so that sessions go on being resumed; nil for keys of a file, which it reads
    /// itself.
    package var bequest: [UInt8]? {
        ring.withLock { ring in
            guard ring.file == nil else { return nil }
            let changed = (0..<8).map { UInt8(truncatingIfNeeded: ring.changed >> (56 - 8 * $0)) }
            return Self.mark + changed + ring.keys.flatMap { $0.name + $0.digest + $0.cipher }
        }
    }

    /// Of the process before this one. Nil for what another version has written in another way.
    package init?(bequest: [UInt8]) {
        guard bequest.starts(with: Self.mark) else { return nil }
        let rest = Array(bequest.dropFirst(Self.mark.count))
        guard rest.count >= 8, let keys = Self.keys(Array(rest[8...])) else { return nil }
        let changed = rest[..<8].reduce(0) { $0 << 8 | Int64($1) }
        ring = Mutex(Ring(keys: keys, changed: min(changed, Certificate.now()), file: nil))
    }

    private static let mark = Array("aya ticket keys 1\n".utf8)

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
        guard let keys = keys(try SecretFile(path).bytes) else {
            throw CertificateFault("'\(path)' does not hold 1 to 16 ticket keys of 80 bytes each")
        }
        return keys
    }

    private static func keys(_ bytes: [UInt8]) -> [Key]? {
        guard !bytes.isEmpty, bytes.count % Key.byteCount == 0, bytes.count / Key.byteCount <= 16 else { return nil }
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

    /// The key of that name.
    private func opening(_ name: UnsafeBufferPointer<UInt8>) -> Key? {
        ring.withLock { ring in
            Self.look(&ring, now: Certificate.now())
            return ring.keys.first { key in unsafe key.name.elementsEqual(name) }
        }
    }

    func install(in context: OpaquePointer) { unsafe SSL_CTX_set_ticket_aead_method(context, Self.method) }

    // Safe: written once, before anybody can read it, and never freed.
    nonisolated(unsafe) private static let method: UnsafePointer<SSL_TICKET_AEAD_METHOD> = {
        let method = UnsafeMutablePointer<SSL_TICKET_AEAD_METHOD>.allocate(capacity: 1)
        unsafe method.initialize(
            to: SSL_TICKET_AEAD_METHOD(
                max_overhead: { _ in aya_ticket_overhead() },
                seal: { ssl, out, count, room, session, size in
                    guard let ssl = unsafe ssl, let connection = unsafe TLSConnection.of(ssl),
                        let keys = unsafe ServerContext.of(SSL_get_SSL_CTX(ssl))?.ticketKeys
                    else { return 0 }
                    let key = keys.sealing()
                    return unsafe aya_ticket_seal(
                        key.name, key.cipher, connection.makeIdentity(), out, count, room, session, size)
                },
                open: { ssl, out, count, room, ticket, size in
                    guard let ssl = unsafe ssl, let connection = unsafe TLSConnection.of(ssl),
                        let keys = unsafe ServerContext.of(SSL_get_SSL_CTX(ssl))?.ticketKeys,
                        let ticket = unsafe ticket, size >= Int(AYA_TICKET_NAME),
                        let key = unsafe keys.opening(
                            UnsafeBufferPointer(start: ticket, count: Int(AYA_TICKET_NAME))),
                        unsafe aya_ticket_open(key.cipher, &connection.identity, out, count, room, ticket, size) == 1
                    else { return ssl_ticket_aead_ignore_ticket }
                    return ssl_ticket_aead_success
                }))
        return unsafe UnsafePointer(method)
    }()
}
