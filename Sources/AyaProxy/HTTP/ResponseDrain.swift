internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// Reads a response to its end without keeping it, to learn its status and whether its connection can be used again.
struct ResponseDrain {
    enum Progress {
        case more
        /// The connection may carry another exchange.
        case done(reusable: Bool)
        case invalid
    }

    /// More than this is not worth reading: the connection is closed instead.
    private static let most = 1 << 20

    private let head = ResponseHead()
    private let method: Method
    private var remaining: UInt64 = 0
    private var chunks: ChunkedDecoder?
    private var endsByClosing = false
    private var taken = 0
    /// Of the final response; 0 until its head is whole.
    private(set) var status = 0

    init(method: Method) { self.method = method }

    private static let limits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - 1024)

    /// Takes what has arrived; `invalid` also stands for a response that is too long to be read for nothing.
    mutating func take(_ buffer: Buffer) -> Progress {
        while status == 0 {
            switch unsafe head.parse(buffer.unread.span, limits: Self.limits, requestMethod: method) {
            case .incomplete:
                if buffer.room == 0 { buffer.compact() }
                return buffer.room == 0 ? .invalid : .more
            case .invalid: return .invalid
            case .complete:
                buffer.consume(head.byteCount)
                if head.isInterim, head.status != 101 {
                    head.reset()
                } else {
                    beginBody()
                }
            }
        }
        taken += buffer.count
        if taken > Self.most { return .invalid }
        return takeBody(buffer)
    }

    private mutating func beginBody() {
        status = head.status
        switch head.framing {
        case .none: remaining = 0
        case .length(let length): remaining = length
        case .chunked: chunks = ChunkedDecoder()
        case .untilClose: endsByClosing = true
        }
    }

    private mutating func takeBody(_ buffer: Buffer) -> Progress {
        if endsByClosing {
            buffer.clear()
            return .more
        }
        guard var decoder = chunks else {
            let surplus = UInt64(buffer.count) > remaining
            remaining -= min(remaining, UInt64(buffer.count))
            buffer.clear()
            return remaining > 0 ? .more : .done(reusable: head.keepAlive && !surplus && status != 101)
        }
        defer { chunks = decoder }
        var offset = 0
        while true {
            switch unsafe decoder.next(buffer.unread.span, at: &offset) {
            case .data: continue
            case .needMore:
                buffer.consume(offset)
                if buffer.isEmpty { buffer.clear() } else { buffer.compact() }
                return buffer.room == 0 ? .invalid : .more
            case .end:
                buffer.consume(offset)
                return .done(reusable: head.keepAlive && buffer.isEmpty)
            case .invalid: return .invalid
            }
        }
    }
}
