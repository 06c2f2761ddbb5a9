internal import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL
internal import Glibc

/// TLS over a socket whose calls wait: for a command that asks one thing, and has no worker to be woken by.
@safe package final class BlockingTLS {
    // Safe: `ssl` is valid from init to deinit and `wire` belongs to it, as `chunk` does to this object; a command has
    // one thread.
    private let ssl: OpaquePointer
    private let wire: UnsafeMutablePointer<aya_wire>
    private let chunk: UnsafeMutableBufferPointer<UInt8>
    private let descriptor: Int32
    /// Keeps trust and certificate for as long as the connection lives.
    private let context: AnyObject

    /// Takes over `ssl`, not the descriptor, and shakes hands.
    init(_ ssl: OpaquePointer, _ descriptor: Int32, context: AnyObject) throws(TLSFailure) {
        guard let wire = unsafe aya_wire_attach(ssl, descriptor) else {
            unsafe SSL_free(ssl)
            throw TLSFailure(.memory)
        }
        unsafe self.ssl = ssl
        unsafe self.wire = unsafe wire
        unsafe chunk = .allocate(capacity: 65_536)
        self.descriptor = descriptor
        self.context = context
        while true {
            let result = unsafe SSL_do_handshake(ssl)
            if result == 1 { return }
            guard unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else { throw failure }
            guard try fill(waits: true) != .end else { throw TLSFailure(.peerGone) }
        }
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe chunk.deallocate()
    }

    package enum Arrival: Equatable {
        case bytes([UInt8])
        /// Nothing yet that makes sense by itself.
        case nothing
        case end
    }

    package func send(_ bytes: [UInt8]) throws(TLSFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe SSL_write(ssl, $0.baseAddress, Int32(clamping: $0.count)) }
            guard count > 0 else { throw failure }
            rest = rest.dropFirst(Int(count))
        }
    }

    /// What has come, at least one byte where this waits for it.
    package func receive(waits: Bool) throws(TLSFailure) -> Arrival {
        while true {
            var bytes: [UInt8] = []
            while true {
                let count = unsafe withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { room in
                    let count = unsafe SSL_read(ssl, room.baseAddress, Int32(room.count))
                    if count > 0 { unsafe bytes += room[..<Int(count)] }
                    return count
                }
                if count > 0 { continue }
                let reason = unsafe SSL_get_error(ssl, count)
                if reason == SSL_ERROR_WANT_READ { break }
                guard bytes.isEmpty else { return .bytes(bytes) }
                if reason == SSL_ERROR_ZERO_RETURN { return .end }
                throw failure
            }
            guard bytes.isEmpty else { return .bytes(bytes) }
            switch try fill(waits: waits) {
            case .bytes: continue
            case .nothing: return .nothing
            // An end without the peer's word for it could be anybody's (RFC 8446 section 6.1).
            case .end: throw TLSFailure(.peerGone)
            }
        }
    }

    private enum Filling {
        case bytes
        case nothing
        case end
    }

    /// Reads ciphertext once; what was there has been consumed.
    private func fill(waits: Bool) throws(TLSFailure) -> Filling {
        while true {
            let count = unsafe recv(descriptor, chunk.baseAddress, chunk.count, waits ? 0 : Int32(MSG_DONTWAIT))
            if count > 0 {
                unsafe wire.pointee.in = unsafe UnsafePointer(chunk.baseAddress)
                unsafe wire.pointee.in_count = count
                return .bytes
            }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            if errno == EAGAIN, !waits { return .nothing }
            throw TLSFailure(.broken(.init(code: errno)))
        }
    }

    /// Why the library did not go on.
    private var failure: TLSFailure { unsafe TLSFailure.ofHandshake(on: ssl, systemError: unsafe wire.pointee.error) }
}
