internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// A message that comes as frames and is read as bytes of HTTP/1.1: its head, its body in the framing that the head
/// announced, its trailers.
struct InboundMessage {
    enum Framing {
        /// As it is: a body of stated length, or the bytes of a tunnel.
        case plain
        case chunked
    }

    private var payload = PayloadQueue()
    /// Bytes to be read before the payload: the head, a chunk's line, the last chunk.
    private var staged: Buffer?
    private var framing = Framing.plain
    private var trailers: Buffer?
    /// The peer has sent everything; the reader has been told how it ends.
    private(set) var hasEnded = false
    private var hasTail = true

    /// Nothing is left to be read.
    var isDrained: Bool { staged == nil && payload.isEmpty && (hasTail || !hasEnded) }
    var isFinished: Bool { hasEnded && isDrained }

    /// A head, written behind those that nobody has read yet: interim ones, or a message's only one.
    mutating func addHead(lending worker: Worker, _ write: (Buffer) -> Void) {
        let buffer = staged ?? worker.buffers.takeLarge()
        write(buffer)
        staged = buffer
    }

    mutating func begin(_ framing: Framing, hasEnded: Bool) {
        self.framing = framing
        self.hasEnded = hasEnded
        hasTail = hasEnded
    }

    /// A tunnel is as it is to its end.
    mutating func becomeTunnel() {
        framing = .plain
        hasTail = true
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, lending worker: Worker) {
        unsafe payload.append(bytes, lending: worker)
    }

    /// `trailers`: field lines.
    mutating func end(trailers: Buffer? = nil) {
        hasEnded = true
        self.trailers = trailers
    }

    /// Moves bytes to the reader; returns how many, and how many of them are payload.
    mutating func read(into out: Buffer, limit: Int, lending worker: Worker) -> (count: Int, payload: Int) {
        let start = out.end
        let most = min(limit, out.room)
        var taken = 0
        while true {
            let room = most &- (out.end &- start)
            if let buffer = staged {
                let part = min(room, buffer.count)
                unsafe out.append(buffer.bytes(buffer.start..<buffer.start &+ part))
                buffer.consume(part)
                guard buffer.isEmpty else { break }
                worker.buffers.give(buffer)
                staged = nil
                continue
            }
            if room <= 0 { break }
            if !payload.isEmpty {
                switch framing {
                case .plain: taken &+= payload.move(room, to: out, lending: worker)
                case .chunked where room < 64:
                    // A chunk's line must not be cut by the reader's end of buffer.
                    let small = worker.buffers.takeSmall()
                    taken &+= chunk(min(payload.count, 1024), to: small, lending: worker)
                    staged = small
                case .chunked: taken &+= chunk(min(payload.count, room &- 32), to: out, lending: worker)
                }
                continue
            }
            guard hasEnded, !hasTail else { break }
            hasTail = true
            guard case .chunked = framing else { break }
            let tail = trailers ?? worker.buffers.takeSmall()
            let last = worker.buffers.takeLarge()
            last.append("0\r\n")
            unsafe last.append(tail.unread)
            last.append("\r\n")
            worker.buffers.give(tail)
            trailers = nil
            staged = last
        }
        return (out.end &- start, taken)
    }

    private mutating func chunk(_ count: Int, to out: Buffer, lending worker: Worker) -> Int {
        out.appendChunkHeader(count)
        let moved = payload.move(count, to: out, lending: worker)
        out.append("\r\n")
        return moved
    }

    /// Gives everything back, for the next message; returns how much payload nobody will read.
    mutating func discard(to worker: Worker) -> Int {
        let unread = payload.count
        payload.removeAll(lending: worker)
        if let buffer = staged { worker.buffers.give(buffer) }
        if let buffer = trailers { worker.buffers.give(buffer) }
        staged = nil
        trailers = nil
        hasEnded = false
        hasTail = true
        return unread
    }
}
