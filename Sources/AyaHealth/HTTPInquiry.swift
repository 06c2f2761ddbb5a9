package import AyaCore
internal import AyaHTTP
package import AyaReactor

/// One request over a connection of its own, and as much of the answer as the asker wants: what HTTP probes and load
/// reports have in common.
package struct HTTPInquiry {
    private let endpoint: BoundEndpoint
    private let method: String
    private let request: [UInt8]

    package struct Answer {
        package var status: Int
        /// Without framing; at most some 60 KiB.
        package var body: [UInt8]
    }

    /// - Parameter host: of the `Host` field; nil: the address.
    package init(
        _ endpoint: BoundEndpoint, method: String = "GET", path: String, host: String? = nil,
        headers: [(name: String, value: String)] = []
    ) {
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

    /// Sends it and reads the answer; its body only on request.
    package func ask(_ asker: Waiter, wantsBody: Bool, until deadline: Instant) async throws(ProbeFailure) -> Answer {
        let connection = try await ProbeConnection(endpoint, asker, until: deadline)
        defer { connection.close() }
        try await connection.send(request)
        let buffer = asker.worker.buffers.takeLarge()
        defer { asker.worker.buffers.give(buffer) }
        let head = try await readHead(connection, buffer)
        var answer = Answer(status: head.status, body: [])
        if wantsBody { answer.body = try await readBody(head.framing, connection, buffer) }
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
        _ framing: BodyFraming, _ connection: ProbeConnection, _ buffer: Buffer
    ) async throws(ProbeFailure) -> [UInt8] {
        while true {
            let (body, isWhole) = unsafe Self.unframed(buffer.unread.span, framing)
            if isWhole || buffer.room == 0 { return body }
            guard try await connection.receive(into: buffer) else {
                if case .untilClose = framing { return body }
                throw ProbeFailure("the answer was cut short")
            }
        }
    }

    /// The payload so far, and whether that is all.
    private static func unframed(_ bytes: Span<UInt8>, _ framing: BodyFraming) -> (body: [UInt8], isWhole: Bool) {
        switch framing {
        case .none: return ([], true)
        case .length(let length):
            let count = Int(min(UInt64(bytes.count), length))
            return (copy(bytes, 0..<count), UInt64(count) == length)
        case .untilClose: return (copy(bytes, 0..<bytes.count), false)
        case .chunked:
            var decoder = ChunkedDecoder()
            var body: [UInt8] = []
            var offset = 0
            while true {
                switch decoder.next(bytes, at: &offset) {
                case .data(let range): body += copy(bytes, range)
                case .needMore: return (body, false)
                // Framing that breaks ends the body: the asker looks at what there is.
                case .end, .invalid: return (body, true)
                }
            }
        }
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        range.map { bytes[$0] }
    }

    private static let limits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - 1024)
}
