package import AyaCore
internal import AyaHTTP
package import AyaReactor
package import AyaTLS

/// One request over a connection of its own, and as much of the answer as the asker wants: what HTTP probes and load
/// reports have in common.
package struct HTTPInquiry {
    private let endpoint: BoundEndpoint
    private let method: String
    private let request: [UInt8]
    private let tls: TLSTarget?

    package struct Answer {
        package var status: Int
        /// Without framing, and cut where it is longer than what was wanted.
        package var body: [UInt8]
    }

    /// - Parameter host: of the `Host` field; nil: the address.
    package init(
        _ endpoint: BoundEndpoint, method: String = "GET", path: String, host: String? = nil,
        headers: [(name: String, value: String)] = [], tls: TLSTarget? = nil
    ) {
        self.tls = tls
        self.endpoint = endpoint
        self.method = method
        var authority = host ?? "localhost"
        if host == nil, case .address(let address) = endpoint { authority = "\(address)" }
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { head += "Host: \(authority)\r\n" }
        head += "User-Agent: aya-health\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        request = Array((head + "\r\n").utf8)
    }

    /// Sends it and reads the answer, with so much of its body.
    package func ask(_ asker: Waiter, bodyLimit: Int, until deadline: Instant) async throws(ProbeFailure) -> Answer {
        let connection = try await ProbeConnection(endpoint, tls: tls, asker, until: deadline)
        defer { connection.close() }
        try await connection.send(request)
        let buffer = asker.worker.buffers.takeLarge()
        defer { asker.worker.buffers.give(buffer) }
        let head = try await readHead(connection, buffer)
        var answer = Answer(status: head.status, body: [])
        if bodyLimit > 0 { answer.body = try await readBody(head.framing, bodyLimit, connection, buffer) }
        return answer
    }

    /// Leaves the buffer behind the head.
    private func readHead(_ connection: ProbeConnection, _ buffer: Buffer) async throws(ProbeFailure) -> ResponseHead {
        let head = ResponseHead()
        let known = Method.allCases.first { $0.name?.description == method } ?? .other
        while true {
            guard buffer.room > 0, try await connection.receive(into: buffer) else {
                throw ProbeFailure(
                    buffer.isEmpty ? "the connection was closed without an answer" : "the answer is not HTTP")
            }
            parsing: while true {
                switch unsafe head.parse(buffer.unread.span, limits: Self.limits, requestMethod: known) {
                case .incomplete: break parsing
                case .invalid: throw ProbeFailure("the answer is not HTTP")
                case .complete:
                    buffer.consume(head.byteCount)
                    guard head.isInterim else { return head }
                    head.reset()
                }
            }
        }
    }

    private func readBody(
        _ framing: BodyFraming, _ limit: Int, _ connection: ProbeConnection, _ buffer: Buffer
    ) async throws(ProbeFailure) -> [UInt8] {
        var body = BodyText(framing, limit: limit)
        while true {
            let count = unsafe body.take(buffer.unread.span)
            buffer.consume(count)
            if body.isWhole { return body.bytes }
            if buffer.isEmpty { buffer.clear() }
            guard buffer.room > 0, try await connection.receive(into: buffer) else {
                if case .untilClose = framing { return body.bytes }
                throw ProbeFailure("the answer was cut short")
            }
        }
    }

    private static let limits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - 1024)
}

/// A body as it comes out of its framing, up to a limit.
private struct BodyText {
    private(set) var bytes: [UInt8] = []
    /// Nothing more is wanted.
    private(set) var isWhole = false
    private let framing: BodyFraming
    private let limit: Int
    private var decoder = ChunkedDecoder()

    init(_ framing: BodyFraming, limit: Int) {
        self.framing = framing
        self.limit = limit
    }

    /// Takes what it can; returns how many bytes those were.
    mutating func take(_ piece: Span<UInt8>) -> Int {
        switch framing {
        case .none: isWhole = true
        case .length(let length):
            add(piece, 0..<Int(min(UInt64(piece.count), length &- UInt64(bytes.count))))
            if UInt64(bytes.count) >= length { isWhole = true }
            return piece.count
        case .untilClose:
            add(piece, 0..<piece.count)
            return piece.count
        case .chunked: return takeChunks(piece)
        }
        return 0
    }

    private mutating func takeChunks(_ piece: Span<UInt8>) -> Int {
        var offset = 0
        while !isWhole {
            switch decoder.next(piece, at: &offset) {
            case .data(let range): add(piece, range)
            case .needMore: return offset
            // Framing that breaks ends the body: the asker looks at what there is.
            case .end, .invalid: isWhole = true
            }
        }
        return offset
    }

    private mutating func add(_ piece: Span<UInt8>, _ range: Range<Int>) {
        let count = min(range.count, limit - bytes.count)
        bytes.reserveCapacity(bytes.count + count)
        for index in range.prefix(count) { bytes.append(piece[index]) }
        if bytes.count >= limit { isWhole = true }
    }
}
