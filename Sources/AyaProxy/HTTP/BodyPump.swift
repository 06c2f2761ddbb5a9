internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// Moves a body from one socket to another as far as both allow, then says what it waits for.
///
/// It never holds more than two buffers: while the sink takes nothing, nothing is read. A body keeps its framing where
/// it can; chunks are decoded and framed anew, so that no odd chunk line of one side reaches the other.
final class BodyPump {
    private let source: Socket
    private let sink: Socket
    private let worker: Worker
    private let limit: UInt64
    private var mode: Mode
    /// Bytes of the source that are not yet decoded or sent.
    private var inbound: Buffer?
    /// Framed bytes for the sink.
    private var outbound: Buffer?
    /// All that was read of a short body, to send it once more.
    private var copy: Buffer?
    /// Bytes on their way through the kernel, while there are any.
    private var pipe: Pipe?
    /// Payload bytes that went through.
    private(set) var count: UInt64 = 0
    /// The body is of a call of gRPC, whose status stands in its trailers.
    var notesStatus = false
    private(set) var grpcStatus: GRPCStatus?
    /// What of it is written otherwise for one of the sides.
    private var web: GRPCWebBody?
    private var isComplete = false

    enum Progress {
        /// Waiting for the source.
        case starved
        /// Waiting for the sink.
        case blocked
        /// Much has moved: let others have their turn, then go on.
        case yield
        case finished
        /// The source ended before the body did.
        case cut
        case sourceFailed(SystemError)
        case sinkFailed(SystemError)
        case invalid(MessageFault)
        /// More payload than the limit.
        case tooLarge
    }

    /// A body with more than this to come is spliced: its bytes never enter the process.
    static let bulk: UInt64 = 32 << 10

    private enum Mode {
        /// So many bytes remain to be read, as they are.
        case counted(UInt64)
        /// Everything until the source ends, as it is.
        case untilEnd
        /// Everything until the source ends, as chunks.
        case framing
        /// So many bytes remain, which become chunks of others.
        case translating(UInt64)
        /// Chunks, framed anew or, for a receiver that knows none, bare.
        case reframing(ChunkedDecoder, bare: Bool)
    }

    /// - Parameters:
    ///   - first: bytes of the body that have arrived already; the pump owns the buffer now.
    ///   - chunked: whether the sink understands chunks, and must get them when the length is unknown.
    ///   - limit: the most payload to let through.
    ///   - keepsCopy: while it is short, what was read is kept for `takeCopy`.
    ///   - web: how the body is translated.
    init(
        from source: Socket, to sink: Socket, framing: BodyFraming, chunked: Bool, first: Buffer?, worker: Worker,
        limit: UInt64 = .max, keepsCopy: Bool = false, web: GRPCWebBody? = nil
    ) {
        self.source = source
        self.sink = sink
        self.worker = worker
        self.limit = limit
        self.web = web
        inbound = first
        switch framing {
        case .none: mode = .counted(0)
        case .length(let length) where web?.changesLength == true: mode = .translating(length)
        case .length(let length):
            mode = .counted(length - min(length, UInt64(first?.count ?? 0)))
            count = UInt64(first?.count ?? 0)
        case .chunked: mode = .reframing(ChunkedDecoder(), bare: !chunked)
        case .untilClose: mode = chunked ? .framing : .untilEnd
        }
        if keepsCopy {
            copy = worker.buffers.takeSmall()
            if let first { keep(first.count, of: first) }
        }
        if case .framing = mode, let first, !first.isEmpty {
            count = UInt64(first.count)
            frame(first)
        } else if case .untilEnd = mode {
            count = UInt64(first?.count ?? 0)
        }
    }

    deinit {
        release()
        dropCopy()
    }

    /// What was read so far, if that was kept. The caller owns it.
    func takeCopy() -> Buffer? { copy.take() }
    var hasCopy: Bool { copy != nil }

    /// Nothing will be sent twice.
    func dropCopy() {
        if let copy = copy.take() { worker.buffers.give(copy) }
    }

    private func keep(_ count: Int, of buffer: Buffer) {
        guard let small = copy else { return }
        if count > small.room {
            copy = nil
            defer { worker.buffers.give(small) }
            guard small.count + count <= BufferPool.largeSize, small.capacity < BufferPool.largeSize else { return }
            let large = worker.buffers.takeLarge()
            unsafe large.append(small.unread)
            copy = large
        }
        unsafe copy?.append(buffer.bytes(buffer.end - count..<buffer.end))
    }

    /// What was read beyond the end of a chunked body: the beginning of the next message. The caller owns it.
    func takeLeftover() -> Buffer? {
        defer { inbound = nil }
        return inbound.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func release() {
        if let buffer = inbound { worker.buffers.give(buffer) }
        if let buffer = outbound { worker.buffers.give(buffer) }
        if let pipe { worker.pipes.give(pipe) }
        inbound = nil
        outbound = nil
        pipe = nil
    }

    /// Moves what can be moved.
    func step() -> Progress {
        for _ in 0..<16 {
            if let stop = flush() { return stop }
            if isComplete { return .finished }
            if let stop = fill() { return stop }
        }
        return .yield
    }

    /// Something is on its way that the sink has not taken whole.
    var isMidway: Bool { ready?.isEmpty == false }

    /// Sends what is ready; nil when all of it went.
    private func flush() -> Progress? {
        if let buffer = ready {
            while !buffer.isEmpty {
                if let stop = stop(sink.send(from: buffer)) { return stop }
            }
        }
        if let pipe {
            while pipe.count > 0 {
                if let stop = stop(sink.splice(from: pipe, more: false)) { return stop }
            }
        }
        return nil
    }

    private func stop(_ sending: Transfer) -> Progress? {
        switch sending {
        case .bytes: nil
        case .wouldBlock: .blocked
        case .failed(let error): .sinkFailed(error)
        case .end: .cut
        }
    }

    private var ready: Buffer? {
        switch mode {
        case .reframing, .translating: return outbound
        case .counted, .untilEnd, .framing: return inbound
        }
    }

    /// Gets something ready; nil when there is something to send or the body is complete.
    private func fill() -> Progress? {
        switch mode {
        case .counted(let remaining):
            if remaining == 0 {
                isComplete = true
                return nil
            }
            if remaining >= Self.bulk, source.canSplice, sink.canSplice, let pipe = pipe ?? worker.pipes.take() {
                return splice(remaining, through: pipe)
            }
            return read(limit: remaining) { .counted(remaining - UInt64($0)) }
        case .untilEnd: return read(limit: .max) { _ in .untilEnd }
        case .framing: return readChunk()
        case .reframing(let decoder, let bare): return reframe(decoder, bare: bare)
        case .translating(let remaining): return translate(remaining)
        }
    }

    private func read(limit: UInt64, then: (Int) -> Mode) -> Progress? {
        let buffer = emptyInbound(headroom: 0)
        switch source.receive(into: buffer, limit: Int(clamping: limit)) {
        case .bytes(let received):
            keep(received, of: buffer)
            mode = then(received)
            count &+= UInt64(received)
            return count > self.limit ? .tooLarge : nil
        case .end: return ended()
        case .wouldBlock: return starve()
        case .failed(let error): return .sourceFailed(error)
        }
    }

    private func splice(_ remaining: UInt64, through pipe: Pipe) -> Progress? {
        self.pipe = pipe
        dropCopy()
        switch source.splice(into: pipe, length: Int(clamping: min(remaining, UInt64(pipe.capacity)))) {
        case .bytes(let received):
            mode = .counted(remaining - UInt64(received))
            count &+= UInt64(received)
            return count > limit ? .tooLarge : nil
        case .end: return .cut
        case .wouldBlock: return starve()
        case .failed(let error): return .sourceFailed(error)
        }
    }

    private func readChunk() -> Progress? {
        let buffer = emptyInbound(headroom: 16)
        switch source.receive(into: buffer, limit: buffer.room - 2) {
        case .bytes(let received):
            count &+= UInt64(received)
            frame(buffer)
            return nil
        case .end:
            buffer.appendLastChunk()
            isComplete = true
            mode = .counted(0)
            return flush()
        case .wouldBlock: return starve()
        case .failed(let error): return .sourceFailed(error)
        }
    }

    /// Puts a chunk line before the bytes and an end of line behind them.
    private func frame(_ buffer: Buffer) {
        let line = worker.buffers.takeSmall()
        line.appendChunkHeader(buffer.count)
        let fits = unsafe buffer.prepend(line.unread)
        buffer.append("\r\n")
        assert(fits && !buffer.overflowed, "no room for the chunk's framing")
        worker.buffers.give(line)
    }

    private func reframe(_ decoder: ChunkedDecoder, bare: Bool) -> Progress? {
        var decoder = decoder
        let source = inbound ?? worker.buffers.takeLarge()
        inbound = source
        let sink = outbound ?? worker.buffers.takeLarge()
        outbound = sink
        sink.clear()
        let stop = decode(&decoder, source, sink, bare: bare)
        mode = .reframing(decoder, bare: bare)
        return stop
    }

    /// Decodes from `source` into `sink` until that is full or more bytes are needed.
    private func decode(_ decoder: inout ChunkedDecoder, _ source: Buffer, _ sink: Buffer, bare: Bool) -> Progress? {
        while true {
            // A chunk line, its payload and the line end behind it must fit.
            let window = min(source.count, web?.window(sink.room - 64) ?? (sink.room - 64))
            if window <= 0, !sink.isEmpty { return nil }
            var offset = 0
            let event = unsafe decoder.next(source.unread.span.extracting(first: max(0, window)), at: &offset)
            switch event {
            case .data(let range):
                count &+= UInt64(range.count)
                if count > limit { return .tooLarge }
                if web != nil {
                    let piece = unsafe source.unread.span.extracting(range)
                    guard web?.append(piece, to: sink) == true else { return .invalid(.badChunkSize) }
                } else {
                    if !bare { sink.appendChunkHeader(range.count) }
                    unsafe sink.append(source.bytes(source.start + range.lowerBound..<source.start + range.upperBound))
                    if !bare { sink.append("\r\n") }
                }
                source.consume(offset)
            case .end(let trailers):
                if notesStatus { grpcStatus = unsafe source.unread.span.extracting(trailers).grpcStatus }
                if web != nil {
                    guard unsafe web?.end(source.unread.span.extracting(trailers), to: sink) == true else {
                        return .invalid(.badChunkSize)
                    }
                } else if !bare {
                    unsafe sink.appendLastChunk(
                        trailers: source.bytes(
                            source.start + trailers.lowerBound..<source.start + trailers.upperBound
                        ).span)
                }
                source.consume(offset)
                isComplete = true
                return flush()
            case .invalid(let fault): return .invalid(fault)
            case .needMore:
                let hasMore = window < source.count
                source.consume(offset)
                if !sink.isEmpty { return nil }
                if hasMore, offset > 0 { continue }
                if let stop = receiveMore(source) { return stop }
            }
        }
    }

    /// A body of stated length that becomes one of another.
    private func translate(_ remaining: UInt64) -> Progress? {
        let sink = outbound ?? worker.buffers.takeLarge()
        outbound = sink
        sink.clear()
        let source = inbound ?? worker.buffers.takeLarge()
        inbound = source
        if source.isEmpty, remaining > 0 {
            source.clear()
            switch self.source.receive(into: source, limit: Int(clamping: min(remaining, 32 << 10))) {
            case .bytes(let received): keep(received, of: source)
            case .end: return .cut
            case .wouldBlock: return starve()
            case .failed(let error): return .sourceFailed(error)
            }
        }
        let piece = min(source.count, Int(clamping: remaining), 32 << 10)
        guard unsafe web?.append(source.unread.span.extracting(first: piece), to: sink) == true else {
            return .invalid(.badChunkSize)
        }
        source.consume(piece)
        count &+= UInt64(piece)
        mode = .translating(remaining - UInt64(piece))
        if count > limit { return .tooLarge }
        if remaining == UInt64(piece) {
            guard web?.end(Span(), to: sink) == true else { return .invalid(.badChunkSize) }
            isComplete = true
        }
        return flush()
    }

    private func receiveMore(_ buffer: Buffer) -> Progress? {
        if buffer.isEmpty { buffer.clear() } else if buffer.room == 0 { buffer.compact() }
        guard buffer.room > 0 else { return .invalid(.badChunkSize) }
        switch source.receive(into: buffer) {
        case .bytes(let received):
            keep(received, of: buffer)
            return nil
        case .end: return .cut
        case .wouldBlock: return buffer.isEmpty ? starve() : .starved
        case .failed(let error): return .sourceFailed(error)
        }
    }

    private func emptyInbound(headroom: Int) -> Buffer {
        let buffer = inbound ?? worker.buffers.takeLarge()
        inbound = buffer
        buffer.clear(headroom: headroom)
        return buffer
    }

    /// Gives the buffers back while there is nothing to read.
    private func starve() -> Progress {
        release()
        return .starved
    }

    private func ended() -> Progress? {
        guard case .untilEnd = mode else { return .cut }
        isComplete = true
        return nil
    }
}
