package import AyaCore
internal import CAyaSystem

/// What one non-blocking system call on a socket came to.
package enum Transfer {
    /// This many bytes moved; at least one.
    case bytes(Int)
    /// The peer has ended its direction.
    case end
    case wouldBlock
    case failed(SystemError)
}

/// A connected stream socket on its worker.
///
/// Readiness is edge-triggered and remembered here: a call is tried only while its flag is up, and a read that
/// leaves room in its buffer lowers the flag without asking the kernel a second time.
package final class Socket: EventTarget {
    package let worker: Worker
    package private(set) var descriptor: Int32
    var slot: Int = -1
    package internal(set) var isReadable = false
    package internal(set) var isWritable: Bool
    /// The peer has ended its direction or the connection is broken; what it sent before can still be read.
    package internal(set) var isHungUp = false
    /// The connection is gone in both directions.
    package internal(set) var isBroken = false
    /// Whom events go to.
    package var waiter: Waiter?
    /// What stands between the wire and the bytes that are read and written here; nil: nothing does.
    package private(set) var layer: (any SocketLayer)?
    /// The kernel may hold bytes for the layer. Without a layer it follows `isReadable` upwards only and means nothing.
    private var isWireReadable = false

    /// Takes over a connected, or connecting, descriptor and watches it.
    package init(_ descriptor: Int32, worker: Worker, isWritable: Bool = true) {
        self.worker = worker
        self.descriptor = descriptor
        self.isWritable = isWritable
        worker.watch(self)
    }

    /// A socket that is no descriptor's: its layer is all there is behind it, and tells it of events.
    package init(virtual layer: any SocketLayer, worker: Worker, isWritable: Bool = true) {
        self.worker = worker
        descriptor = Self.noDescriptor
        self.isWritable = isWritable
        self.layer = layer
    }

    private static let noDescriptor = Int32.max

    package var isOpen: Bool { descriptor >= 0 }
    package var isVirtual: Bool { descriptor == Self.noDescriptor }

    /// What a virtual socket's layer has to tell.
    package func signal(
        readable: Bool = false, writable: Bool = false, hungUp: Bool = false, broken: Bool = false
    ) {
        if readable { isReadable = true }
        if writable { isWritable = true }
        if hungUp { isHungUp = true }
        if broken { isBroken = true }
        waiter?.wake()
    }

    package func event(_ bits: UInt32) {
        if bits & UInt32(AYA_READABLE) != 0 {
            isReadable = true
            isWireReadable = true
        }
        if bits & UInt32(AYA_WRITABLE) != 0 { isWritable = true }
        if bits & UInt32(AYA_HANGUP) != 0 { isHungUp = true }
        if bits & UInt32(AYA_BROKEN) != 0 { isBroken = true }
        // Before keys are agreed on, writing waits for what the peer says.
        if let layer, layer.isHandshaking { isWritable = true }
        waiter?.wake()
    }

    /// Has the next read ask the kernel although no event came.
    package func lookAgain() {
        isReadable = true
        isWireReadable = true
    }

    /// Reads up to `limit` bytes into the free end of the buffer, once.
    package func receive(into buffer: Buffer, limit: Int = .max) -> Transfer {
        guard isReadable else { return .wouldBlock }
        if let layer { return receive(into: buffer, limit: limit, through: layer) }
        let room = min(buffer.room, limit)
        let count = unsafe aya_receive(descriptor, buffer.free.baseAddress, room)
        if count > 0 {
            buffer.commit(count)
            // A short read has emptied the socket; after a hang-up only a read of zero says so.
            if count < room, !isHungUp { isReadable = false }
            return .bytes(count)
        }
        return count == 0 ? .end : notReceived(-count)
    }

    /// Writes from the unread bytes of the buffer, once, and consumes what went out. `more` tells the kernel that the
    /// rest of the message follows at once.
    package func send(from buffer: Buffer, more: Bool = false) -> Transfer {
        guard isWritable else { return .wouldBlock }
        if let layer { return send(from: buffer, more: more, through: layer) }
        return sendBelow(from: buffer, more: more)
    }

    private func sendBelow(from buffer: Buffer, more: Bool) -> Transfer {
        let bytes = unsafe buffer.unread
        let count =
            unsafe more
            ? aya_send_more(descriptor, bytes.baseAddress, bytes.count)
            : aya_send(descriptor, bytes.baseAddress, bytes.count)
        if count >= 0 {
            buffer.consume(count)
            // A partial write has met a full send buffer; the event says when there is room again.
            if !buffer.isEmpty { isWritable = false }
            return .bytes(count)
        }
        return notSent(-count)
    }

    /// Moves up to `length` bytes from this socket into a pipe.
    package func splice(into pipe: Pipe, length: Int) -> Transfer {
        guard isReadable else { return .wouldBlock }
        let count = aya_splice(descriptor, pipe.writing, length, 0)
        if count > 0 {
            pipe.filled(count)
            return .bytes(count)
        }
        return count == 0 ? .end : notReceived(-count)
    }

    /// Moves what is in the pipe into this socket.
    package func splice(from pipe: Pipe, more: Bool) -> Transfer {
        guard isWritable else { return .wouldBlock }
        let count = aya_splice(pipe.reading, descriptor, pipe.count, more ? 1 : 0)
        if count >= 0 {
            pipe.drained(count)
            return .bytes(count)
        }
        return notSent(-count)
    }

    private func notReceived(_ code: Int) -> Transfer {
        let error = SystemError(code)
        guard error.wouldBlock else { return .failed(error) }
        isReadable = false
        return .wouldBlock
    }

    private func notSent(_ code: Int) -> Transfer {
        let error = SystemError(code)
        guard error.wouldBlock else { return .failed(error) }
        isWritable = false
        return .wouldBlock
    }

    /// The error of a connection attempt or of a broken connection; nil when there is none.
    package func pendingError() -> SystemError? {
        let code = aya_pending_error(descriptor)
        return code == 0 ? nil : SystemError(code: code)
    }

    package func localAddress() -> SocketAddress? {
        var raw = aya_address()
        return unsafe aya_local_address(descriptor, &raw) == 0 ? SocketAddress(raw) : nil
    }

    /// Keeps what waits in the kernel short, so that what is more urgent need not wait behind it.
    package func limitUnsent(to bytes: Int32) { aya_limit_unsent(descriptor, bytes) }

    /// Ends our direction; the peer may go on sending.
    package func endSending() {
        layer?.endSending()
        if !isVirtual { _ = aya_shutdown_sending(descriptor) }
    }

    package func close() {
        guard isOpen else { return }
        layer?.endSending()
        if !isVirtual {
            worker.forget(slot: slot)
            _ = aya_close(descriptor)
        }
        closed()
    }

    /// Closes with a reset, so that the peer cannot take a cut message for a whole one.
    package func reset() {
        guard isOpen else { return }
        if !isVirtual {
            worker.forget(slot: slot)
            _ = aya_close_with_reset(descriptor)
        }
        closed()
    }

    /// With the flags up, a task that looks again meets the failure instead of waiting for an event.
    private func closed() {
        descriptor = -1
        layer?.detach()
        layer = nil
        waiter = nil
        isReadable = true
        isWritable = true
    }
}

// MARK: with a layer

extension Socket {
    /// Puts a layer on the wire: from now on it reads and writes for everybody who uses this socket. `mayHaveBytes`:
    /// the peer may have sent something already.
    package func put(_ layer: any SocketLayer, mayHaveBytes: Bool = true) {
        self.layer = layer
        isWireReadable = mayHaveBytes
        isReadable = mayHaveBytes
    }

    /// Lets the layer read what is for it alone, so that `isReadable` says whether anything else came.
    package func settle() {
        guard let layer, isReadable, !isHungUp else { return }
        layer.settle(on: self)
        isReadable = isWireReadable || layer.holdsBytes
    }

    /// Bytes may go from this socket's kernel buffer to another's without a look at them.
    package var canSplice: Bool { layer == nil }

    private func receive(into buffer: Buffer, limit: Int, through layer: any SocketLayer) -> Transfer {
        let moved = layer.receive(into: buffer, limit: limit, from: self)
        switch moved {
        case .bytes: isReadable = isWireReadable || layer.holdsBytes
        case .wouldBlock: isReadable = false
        case .end, .failed: break
        }
        return moved
    }

    private func send(from buffer: Buffer, more: Bool, through layer: any SocketLayer) -> Transfer {
        let moved = layer.send(from: buffer, more: more, to: self)
        if !buffer.isEmpty { isWritable = false }
        return moved
    }

    /// For the layer: reads what is on the wire, once.
    package func receiveFromWire(into buffer: Buffer) -> Transfer {
        guard isWireReadable else { return .wouldBlock }
        let room = buffer.room
        let count = unsafe aya_receive(descriptor, buffer.free.baseAddress, room)
        if count > 0 {
            buffer.commit(count)
            if count < room, !isHungUp { isWireReadable = false }
            return .bytes(count)
        }
        if count == 0 { return .end }
        let error = SystemError(-count)
        guard error.wouldBlock else { return .failed(error) }
        isWireReadable = false
        return .wouldBlock
    }

    /// For the layer: writes to the wire, once.
    package func sendToWire(from buffer: Buffer, more: Bool) -> Transfer { sendBelow(from: buffer, more: more) }

    /// For the layer, which met a full send buffer itself.
    package func wireIsFull() { isWritable = false }
}
