package import AyaCore
package import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// TLS on one socket, either side of it.
///
/// The library never touches the socket for data: ciphertext is read into a buffer that the worker lends while there
/// is any, and records are gathered in another, so that an answer and the session tickets before it leave in one call.
/// Between two exchanges the connection holds no buffer.
@safe package final class TLSConnection: SocketLayer {
    // Safe: `ssl` is valid from init to deinit; `wire` belongs to it. Both are used on the worker's thread alone.
    let ssl: OpaquePointer
    let wire: UnsafeMutablePointer<aya_wire>
    let buffers: BufferPool
    /// What keeps certificates, trust and tickets for as long as the connection lives.
    private let context: AnyObject
    /// Ciphertext that was read; the wire points into it.
    var inbound: Buffer?
    /// Ciphertext that the socket did not take, and how many of the caller's bytes are in it.
    private(set) var outbound: Buffer?
    private var sealed = 0
    package private(set) var isHandshaking = true
    /// The peer has said that it sends no more, or nothing that it sends can be trusted any more.
    var isOver = false
    /// Seals and opens in the library's place, from some moment after the handshake on; `inbound` then holds the
    /// ciphertext by itself.
    var records: Records?
    /// What was sent whole, until then.
    var answers: UInt32 = 0
    /// Plaintext at the front of `inbound`, and how much stands behind it that is none.
    var opened = 0
    var behind = 0
    /// A piece of a record, while nothing else is there.
    var aside: Buffer?
    /// The peer has said that it sends no more.
    var endedWell = false
    /// The peer knows that we send no more.
    var hasSaidGoodbye = false
    /// What a helper thread is to wake; set while hands are shaken, which ends at the latest with the socket. Weak it
    /// would make every later retain and release of the waiter a slow one.
    private(set) var waiter: Waiter?
    /// Of a server's connection: what the ClientHello was like, where somebody wants to know.
    package internal(set) var fingerprint: [UInt8]?

    /// Of a server's connection: it is an authority that asks for proof (RFC 8737); nothing follows the handshake.
    package internal(set) var isChallenge = false

    /// Of a server's connection: a number that a client keeps from session to session as long as it resumes them; 0
    /// for one that takes no part in that.
    package internal(set) var identity: UInt64 = 0

    /// The same, made when the client has none yet.
    func makeIdentity() -> UInt64 {
        while identity == 0 { identity = UInt64.random(in: .min ... .max) }
        return identity
    }

    /// Of a connection to a server: where sessions of it are kept, and the keys of which one must be its.
    var sessions: TLSSessions?
    var pins: [[UInt8]] = []
    /// A signature that another thread makes.
    var signature: RSASigner.Signature?

    /// The connection that a callback of the library is about.
    static func of(_ ssl: OpaquePointer) -> TLSConnection? {
        // Safe: callbacks run inside calls that the connection makes, so it is there.
        guard let pointer = unsafe SSL_get_ex_data(ssl, 0) else { return nil }
        return unsafe Unmanaged<TLSConnection>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Takes over `ssl`.
    init(_ ssl: OpaquePointer, descriptor: Int32, buffers: BufferPool, context: AnyObject) throws(TLSFailure) {
        guard let wire = unsafe aya_wire_attach(ssl, descriptor) else {
            unsafe SSL_free(ssl)
            throw TLSFailure(.memory)
        }
        unsafe self.ssl = ssl
        unsafe self.wire = unsafe wire
        self.buffers = buffers
        self.context = context
        unsafe SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        records?.free()
        unsafe SSL_free(ssl)
    }

    /// Bytes that were read from the socket before TLS began; the connection owns the buffer now.
    package func preload(_ buffer: Buffer) {
        guard !buffer.isEmpty else { return buffers.give(buffer) }
        take(buffer)
    }

    // MARK: the handshake

    package enum Step {
        case done
        /// Nothing goes on before an event.
        case waiting
        case failed(TLSFailure)
    }

    /// Goes on with the handshake as far as the socket allows.
    package func shakeHands(on socket: Socket) -> Step {
        waiter = socket.waiter
        while true {
            let result = unsafe SSL_do_handshake(ssl)
            if result == 1 {
                waiter = nil
                guard hasPinnedKey() else {
                    isOver = true
                    sessions?.clear()
                    return .failed(TLSFailure(.certificate, "the key is none of those that were pinned"))
                }
                isHandshaking = false
                releaseInbound()
                return .done
            }
            switch unsafe SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ:
                switch fill(from: socket) {
                case .bytes: continue
                case .wouldBlock: return .waiting
                case .end: return .failed(TLSFailure(.peerGone))
                case .failed(let error): return .failed(TLSFailure(.broken(error)))
                }
            case SSL_ERROR_WANT_WRITE:
                socket.wireIsFull()
                return .waiting
            case SSL_ERROR_WANT_PRIVATE_KEY_OPERATION, SSL_ERROR_PENDING_CERTIFICATE: return .waiting
            default:
                isOver = true
                waiter = nil
                return unsafe .failed(TLSFailure.ofHandshake(on: ssl, systemError: unsafe wire.pointee.error))
            }
        }
    }

    // MARK: reading

    package var holdsBytes: Bool {
        if records != nil { return holdsRecords }
        return unsafe wire.pointee.in_count > 0 || SSL_pending(ssl) > 0 || isOver
    }

    package func receive(into buffer: Buffer, limit: Int, from socket: Socket) -> Transfer {
        if let records {
            return receive(through: records, into: buffer, limit: limit, from: socket)
        }
        let wanted = min(buffer.room, limit)
        var received = 0
        while received < wanted {
            if unsafe wire.pointee.in_count == 0, unsafe SSL_pending(ssl) == 0, !isOver {
                releaseInbound()
                if received > 0 { return .bytes(received) }
                switch fill(from: socket) {
                case .bytes: break
                case .wouldBlock: return .wouldBlock
                case .end: unsafe wire.pointee.ended = 1
                case .failed(let error): return .failed(error)
                }
            }
            let count = unsafe SSL_read(ssl, buffer.free.baseAddress, Int32(clamping: wanted - received))
            if count > 0 {
                buffer.commit(Int(count))
                received += Int(count)
                continue
            }
            switch unsafe SSL_get_error(ssl, count) {
            case SSL_ERROR_WANT_READ: continue
            case SSL_ERROR_ZERO_RETURN:
                isOver = true
                releaseInbound()
                return received > 0 ? .bytes(received) : .end
            default:
                // An end without the peer's word for it could be anybody's (RFC 8446 section 6.1).
                isOver = true
                releaseInbound()
                ERR_clear_error()
                return received > 0 ? .bytes(received) : .failed(.connectionReset)
            }
        }
        if unsafe wire.pointee.in_count == 0 { releaseInbound() }
        return .bytes(received)
    }

    /// Reads ciphertext once; what was there has been consumed.
    private func fill(from socket: Socket) -> Transfer {
        let buffer = inbound ?? buffers.takeLarge()
        buffer.clear()
        inbound = buffer
        let moved = socket.receiveFromWire(into: buffer)
        if case .bytes = moved { take(buffer) } else { releaseInbound() }
        return moved
    }

    private func take(_ buffer: Buffer) {
        inbound = buffer
        let bytes = unsafe buffer.unread
        unsafe wire.pointee.in = bytes.baseAddress
        unsafe wire.pointee.in_count = bytes.count
    }

    private func releaseInbound() {
        guard let buffer = inbound, unsafe wire.pointee.in_count == 0 else { return }
        buffers.give(buffer)
        inbound = nil
    }

    package func settle(on socket: Socket) {
        if let records { return settle(records, on: socket) }
        while !isOver, unsafe wire.pointee.in_count > 0 || SSL_pending(ssl) == 0 {
            if unsafe wire.pointee.in_count == 0 {
                guard case .bytes = fill(from: socket) else { return }
            }
            var byte: UInt8 = 0
            let count = unsafe SSL_peek(ssl, &byte, 1)
            if count > 0 { return }
            if unsafe SSL_get_error(ssl, count) != SSL_ERROR_WANT_READ {
                isOver = true
                ERR_clear_error()
            }
            releaseInbound()
        }
    }

    // MARK: writing

    /// The most plaintext of a record (RFC 8446 section 5.1), and more than what is added to it.
    private static let record = 16384
    private static let overhead = 256

    package func send(from buffer: Buffer, more: Bool, to socket: Socket) -> Transfer {
        // Whoever did not wait for the handshake has it done on the way.
        if isHandshaking {
            switch shakeHands(on: socket) {
            case .done: break
            case .waiting: return .wouldBlock
            case .failed: return .failed(.connectionReset)
            }
        }
        var sent = 0
        if let pending = outbound {
            if let stop = flush(pending, more: more, to: socket) { return stop }
            sent = min(sealed, buffer.count)
            buffer.consume(sent)
            sealed = 0
        }
        while !buffer.isEmpty {
            let out = buffers.takeLarge()
            let sealing = unsafe seal(unsafe buffer.unread, into: out)
            sealed = sealing.count
            if case .failed = sealing.outcome {
                buffers.give(out)
                sealed = 0
                return .failed(.connectionReset)
            }
            if out.isEmpty {
                // Nothing can be sealed before the peer has spoken.
                buffers.give(out)
                return sent > 0 ? .bytes(sent) : .wouldBlock
            }
            if let stop = flush(out, more: more || sealed < buffer.count, to: socket) {
                if case .wouldBlock = stop, sent > 0 { return .bytes(sent) }
                return stop
            }
            buffer.consume(sealed)
            sent += sealed
            sealed = 0
        }
        if records == nil { considerRecords() }
        return .bytes(sent)
    }

    private enum Sealing {
        case full
        case waiting
        case failed
    }

    /// Makes records of as many bytes as the buffer has room for.
    private func seal(_ bytes: UnsafeBufferPointer<UInt8>, into out: Buffer) -> (count: Int, outcome: Sealing) {
        if let records {
            guard let count = unsafe seal(bytes, through: records, into: out) else { return (0, .failed) }
            return (count, .full)
        }
        let free = unsafe out.free
        unsafe wire.pointee.out = free.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe wire.pointee.out_count = 0
        unsafe wire.pointee.out_room = free.count
        defer {
            unsafe out.commit(wire.pointee.out_count)
            unsafe wire.pointee.out = nil
        }
        var count = 0
        while count < bytes.count, let start = bytes.baseAddress {
            let part = min(bytes.count - count, Self.record)
            let room = unsafe free.count - wire.pointee.out_count
            // What a `waiting` left unfinished goes on with the same bytes, whatever the room.
            if count > 0, room < part + Self.overhead { break }
            let written = unsafe SSL_write(ssl, start + count, Int32(part))
            if written > 0 {
                count += Int(written)
                continue
            }
            switch unsafe SSL_get_error(ssl, written) {
            case SSL_ERROR_WANT_WRITE, SSL_ERROR_WANT_READ: return (count, .waiting)
            default:
                isOver = true
                ERR_clear_error()
                return (count, .failed)
            }
        }
        return (count, .full)
    }

    /// Sends records; what stops it, or nil when all of them went out. The buffer is kept or given back.
    private func flush(_ out: Buffer, more: Bool, to socket: Socket) -> Transfer? {
        while !out.isEmpty {
            switch socket.sendToWire(from: out, more: more) {
            case .bytes: continue
            case .wouldBlock:
                outbound = out
                return .wouldBlock
            case .failed(let error):
                dropOutbound(out)
                return .failed(error)
            case .end:
                dropOutbound(out)
                return .end
            }
        }
        dropOutbound(out)
        return nil
    }

    private func dropOutbound(_ out: Buffer) {
        buffers.give(out)
        outbound = nil
    }

    // MARK: the end

    package func endSending() {
        // A record that is half out can't be overtaken; the peer will find the stream cut, as it is.
        guard !isHandshaking, outbound == nil else { return }
        if let records { return say(0, records, more: true) }
        guard unsafe SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN == 0 else { return }
        unsafe wire.pointee.more = 1
        unsafe SSL_shutdown(ssl)
        unsafe wire.pointee.more = 0
        ERR_clear_error()
    }

    package func detach() {
        unsafe wire.pointee.descriptor = -1
        unsafe wire.pointee.in_count = 0
        releaseInbound()
        if let outbound { dropOutbound(outbound) }
        aside = nil
        opened = 0
        isOver = true
        waiter = nil
    }
}
