internal import AyaCore
internal import AyaReactor

/// One direction of a relay: reads on one socket, writes on the other, holds what the writer would not take.
///
/// Small messages pass through a buffer: one receive, one send. Where reads fill the buffer it is bulk, and bytes go
/// through a pipe instead, never touching the process's memory. While something is held nothing more is read, so a
/// slow reader stops its writer through TCP's own window. Between two events an unblocked direction holds nothing.
struct RelayDirection {
    /// Why pumping stopped.
    enum Stop {
        /// One of the sockets would block, or the direction is done.
        case blocked
        /// It had its share of this turn; there may be more.
        case shareUsed
        case readFailed
        case writeFailed
    }

    /// Bytes written.
    private(set) var bytes: UInt64 = 0
    /// The sender has ended and the receiver has been told.
    private(set) var isDone = false
    /// The sender has ended; bytes may still be held.
    private(set) var hasEnded = false
    private var held: Buffer?
    private var pipe: Pipe?
    private var isBulk = false
    private var smallMoves: UInt8 = 0

    /// What one event may move before other connections have their turn.
    private static let share = 2 << 20
    /// A bulk move below this is small; that many in a row end bulk.
    private static let smallMove = 16 << 10
    private static let smallMovesToLeaveBulk: UInt8 = 4

    /// `leftover`: bytes read before the relay began.
    init(leftover: Buffer?) { held = leftover }

    /// Nothing read is waiting to be written.
    var isEmpty: Bool { held == nil && pipe == nil }

    mutating func pump(from source: Socket, to sink: Socket, lending worker: Worker) -> Stop {
        guard !isDone else { return .blocked }
        let before = bytes
        while true {
            if !isEmpty {
                switch flush(to: sink, lending: worker) {
                case .bytes: break
                case .wouldBlock: return .blocked
                case .failed, .end: return .writeFailed
                }
            }
            if hasEnded {
                sink.endSending()
                isDone = true
                return .blocked
            }
            guard source.isReadable else { return .blocked }
            guard bytes &- before < UInt64(Self.share) else { return .shareUsed }
            switch fill(from: source, splicing: source.canSplice && sink.canSplice, lending: worker) {
            case .bytes: break
            case .end: hasEnded = true
            case .wouldBlock: return .blocked
            case .failed: return .readFailed
            }
        }
    }

    /// Gives back what is held; the bytes in it are lost.
    mutating func abandon(to worker: Worker) {
        if let buffer = held { worker.buffers.give(buffer) }
        if let pipe { worker.pipes.give(pipe) }
        held = nil
        pipe = nil
    }

    // MARK: reading

    private mutating func fill(from source: Socket, splicing: Bool, lending worker: Worker) -> Transfer {
        if isBulk, let lent = worker.pipes.take() {
            let moved = source.splice(into: lent, length: lent.capacity)
            guard case .bytes(let count) = moved else {
                worker.pipes.give(lent)
                return moved
            }
            pipe = lent
            noteBulkMove(count)
            return moved
        }
        let buffer = worker.buffers.takeLarge()
        let moved = source.receive(into: buffer)
        guard case .bytes = moved else {
            worker.buffers.give(buffer)
            return moved
        }
        held = buffer
        if buffer.room == 0, splicing { isBulk = true }
        return moved
    }

    private mutating func noteBulkMove(_ count: Int) {
        if count >= Self.smallMove {
            smallMoves = 0
            return
        }
        smallMoves += 1
        if smallMoves == Self.smallMovesToLeaveBulk {
            smallMoves = 0
            isBulk = false
        }
    }

    // MARK: writing

    /// Writes until nothing is held; `bytes` says so.
    private mutating func flush(to sink: Socket, lending worker: Worker) -> Transfer {
        var written = 0
        if let buffer = held {
            while !buffer.isEmpty {
                let moved = sink.send(from: buffer)
                guard case .bytes(let count) = moved else { return moved }
                written += count
                bytes &+= UInt64(count)
            }
            held = nil
            worker.buffers.give(buffer)
        }
        if let lent = pipe {
            while lent.count > 0 {
                let moved = sink.splice(from: lent, more: false)
                guard case .bytes(let count) = moved else { return moved }
                written += count
                bytes &+= UInt64(count)
            }
            pipe = nil
            worker.pipes.give(lent)
        }
        return .bytes(written)
    }
}
