internal import AyaCore
internal import AyaReactor
internal import CAyaCrypto
internal import CNIOBoringSSL

/// Bytes through records that the connection seals and opens itself.
///
/// A client that keeps its connection sends request after request, and nothing of a handshake is left to be looked
/// after; the library's way through that costs as much again as its ciphers do.
extension TLSConnection {
    /// Deriving the keys costs what a dozen exchanges gain, and most connections have one or two.
    private static let firstAnswers: UInt32 = 4

    /// After something was sent whole: nothing that the library has still to say is left.
    func considerRecords() {
        answers &+= 1
        // When it can't be now, a later power of two may do.
        guard answers >= Self.firstAnswers, answers & (answers - 1) == 0, !isOver,
            unsafe wire.pointee.in_count == 0, unsafe SSL_is_server(ssl) == 1
        else { return }
        records = unsafe Records(takingOver: ssl)
    }

    /// What was opened, or waits to be.
    var holdsRecords: Bool { opened > 0 || isOver || inbound.map { !$0.isEmpty } ?? false }

    // MARK: reading

    func receive(through records: Records, into buffer: Buffer, limit: Int, from socket: Socket) -> Transfer {
        let wanted = min(buffer.room, limit)
        var received = 0
        while received < wanted, !isOver {
            if opened > 0 {
                received += deliver(to: buffer, limit: wanted - received)
                continue
            }
            if let source = inbound, !source.isEmpty {
                switch open(records, source, into: buffer, room: wanted - received) {
                case .bytes(let count):
                    received += count
                    continue
                case .nothing, .end, .broken, .fault: continue
                // The next call begins with an empty hand, and has it opened where it is.
                case .noRoom where received > 0: return .bytes(received)
                case .noRoom:
                    openInPlace(records, source)
                    continue
                case .partial: break
                }
            }
            guard received == 0 else { break }
            switch gather(from: socket) {
            case .bytes: continue
            case .wouldBlock:
                putAside()
                return .wouldBlock
            case .end: isOver = true
            case .failed(let error):
                putAside()
                return .failed(error)
            }
        }
        if opened == 0, isOver || !holdsWhole { putAside() }
        if received > 0 { return .bytes(received) }
        // An end without the peer's word for it could be anybody's (RFC 8446 section 6.1).
        return endedWell ? .end : .failed(.connectionReset)
    }

    /// Opens the first record into the free end of a buffer.
    private func open(_ records: Records, _ source: Buffer, into buffer: Buffer, room: Int) -> Records.Opened {
        let result = unsafe records.open(
            source.unread, into: UnsafeMutableRawBufferPointer(rebasing: buffer.free[..<room]))
        source.consume(result.consumed)
        if case .bytes(let count) = result.outcome { buffer.commit(count) }
        follow(result.outcome, records)
        return result.outcome
    }

    /// Opens the first record where it stands, for those who take it in pieces.
    private func openInPlace(_ records: Records, _ source: Buffer) {
        let bytes = unsafe source.unread
        guard bytes.count > Records.header else { return isOver = true }
        let place = unsafe UnsafeMutableRawBufferPointer(mutating: UnsafeRawBufferPointer(bytes))
        let result = unsafe records.open(
            bytes, into: UnsafeMutableRawBufferPointer(rebasing: place[Records.header...]))
        if case .bytes(let count) = result.outcome {
            source.consume(Records.header)
            opened = count
            behind = result.consumed - Records.header - count
        } else {
            source.consume(result.consumed)
        }
        follow(result.outcome, records)
    }

    /// What an end means.
    private func follow(_ outcome: Records.Opened, _ records: Records) {
        switch outcome {
        case .bytes, .nothing, .partial, .noRoom: return
        case .end: endedWell = true
        case .broken: hasSaidGoodbye = true
        case .fault(let alert): say(alert, records)
        }
        isOver = true
    }

    private func deliver(to buffer: Buffer, limit: Int) -> Int {
        guard let source = inbound else { return 0 }
        let part = min(opened, limit)
        unsafe buffer.append(UnsafeBufferPointer(rebasing: source.unread[..<part]))
        opened -= part
        source.consume(opened == 0 ? part + behind : part)
        return part
    }

    /// Reads ciphertext once, behind the piece of a record that is there.
    private func gather(from socket: Socket) -> Transfer {
        let buffer = inbound ?? buffers.takeLarge()
        inbound = buffer
        buffer.compact()
        if let rest = aside.take() { unsafe buffer.append(rest.unread) }
        return socket.receiveFromWire(into: buffer)
    }

    /// The first record in `inbound` is there to its end.
    private var holdsWhole: Bool { inbound.map { unsafe Records.isWhole($0.unread) } ?? false }

    /// Gives the large buffer back; the piece of a record that is in it is kept in as much memory as it takes.
    private func putAside() {
        guard let buffer = inbound else { return }
        if !buffer.isEmpty, !isOver {
            let rest = Buffer(capacity: buffer.count)
            unsafe rest.append(buffer.unread)
            aside = rest
        }
        inbound = nil
        buffers.give(buffer)
    }

    /// Looks for what concerns the connection alone.
    func settle(_ records: Records, on socket: Socket) {
        while !isOver, opened == 0 {
            if let source = inbound, holdsWhole {
                openInPlace(records, source)
            } else {
                guard case .bytes = gather(from: socket) else { return putAside() }
            }
        }
        if isOver { putAside() }
    }

    // MARK: writing

    /// Makes records of as many bytes as the buffer has room for; nil when that failed.
    func seal(_ bytes: UnsafeBufferPointer<UInt8>, through records: Records, into out: Buffer) -> Int? {
        var count = 0
        while count < bytes.count {
            let part = min(bytes.count - count, Records.largest)
            guard out.room >= part + Records.overhead else { break }
            let sealed = unsafe records.seal(
                UnsafeBufferPointer(rebasing: bytes[count..<count + part]), into: out.free)
            guard sealed > 0 else {
                isOver = true
                ERR_clear_error()
                return nil
            }
            out.commit(sealed)
            count += part
        }
        return count
    }

    /// An alert; close_notify is one too.
    func say(_ alert: UInt8, _ records: Records, more: Bool = false) {
        // A record that is half out can't be overtaken; the peer will find the stream cut, as it is.
        guard outbound == nil, !hasSaidGoodbye else { return }
        hasSaidGoodbye = true
        unsafe records.say(alert, on: wire, more: more)
    }
}
