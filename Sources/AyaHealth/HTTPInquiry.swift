package import AyaCore
internal import AyaHTTP
package import AyaReactor
package import AyaTLS

/// One request and as much of its answer as the asker wants: what HTTP probes and load reports have in common. It has a
/// connection of its own, or one that the asker keeps between two times.
package struct HTTPInquiry {
    private let endpoint: BoundEndpoint
    private let method: String
    private let request: [UInt8]
    private let tls: TLSTarget?
    private let keepsConnection: Bool
    /// The same in HTTP/2, and whether servers speak that without being asked.
    private let http2: HTTP2Inquiry
    private let isHTTP2: Bool

    package struct Answer {
        package var status: Int
        /// Without framing, and cut where it is longer than what was wanted.
        package var body: [UInt8]
    }

    /// - Parameters:
    ///   - host: of the `Host` field; nil: the address.
    ///   - keepsConnection: for askers that come back soon.
    ///   - isHTTP2: by prior knowledge; with TLS it is agreed on.
    package init(
        _ endpoint: BoundEndpoint, method: String = "GET", path: String, host: String? = nil,
        headers: [(name: String, value: String)] = [], tls: TLSTarget? = nil, keepsConnection: Bool = false,
        isHTTP2: Bool = false
    ) {
        self.isHTTP2 = isHTTP2
        self.tls = tls
        self.keepsConnection = keepsConnection
        self.endpoint = endpoint
        self.method = method
        var authority = host ?? "localhost"
        if host == nil, case .address(let address) = endpoint { authority = "\(address)" }
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { head += "Host: \(authority)\r\n" }
        head += "User-Agent: aya-health\r\n"
        if !keepsConnection { head += "Connection: close\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        request = Array((head + "\r\n").utf8)
        let host = headers.first { $0.name.lowercased() == "host" }?.value
        http2 = HTTP2Inquiry(
            method: method, path: path, authority: host ?? authority, headers: headers, isSecure: tls != nil)
    }

    /// Sends it and reads the answer, with so much of its body.
    package func ask(_ asker: Waiter, bodyLimit: Int, until deadline: Instant) async throws(ProbeFailure) -> Answer {
        var kept: ProbeConnection?
        defer { kept?.close() }
        return try await ask(asker, bodyLimit: bodyLimit, until: deadline, over: &kept)
    }

    /// The same over the connection that the asker has kept, which may turn out to be closed; leaves there one that
    /// can be used again, or nil.
    func ask(
        _ asker: Waiter, bodyLimit: Int, until deadline: Instant, over kept: inout ProbeConnection?
    ) async throws(ProbeFailure) -> Answer {
        if let old = kept {
            kept = nil
            old.deadline = deadline
            if let answer = try? await exchange(over: old, asker, bodyLimit, &kept) { return answer }
        }
        let connection = try await ProbeConnection(endpoint, tls: tls, asker, until: deadline)
        return try await exchange(over: connection, asker, bodyLimit, &kept)
    }

    /// Closes the connection, or leaves it in `kept`.
    private func exchange(
        over connection: ProbeConnection, _ asker: Waiter, _ bodyLimit: Int, _ kept: inout ProbeConnection?
    ) async throws(ProbeFailure) -> Answer {
        var isReusable = false
        if isHTTP2 || connection.speaksHTTP2 {
            defer { connection.close() }
            let answer = try await http2.ask(connection, bodyLimit: bodyLimit)
            return Answer(status: answer.status, body: answer.body)
        }
        defer { if isReusable { kept = connection } else { connection.close() } }
        try await connection.send(request)
        let buffer = asker.worker.buffers.takeLarge()
        defer { asker.worker.buffers.give(buffer) }
        let head = try await readHead(connection, buffer)
        var body = BodyText(head.framing, limit: bodyLimit)
        if bodyLimit > 0 { try await readBody(head.framing, into: &body, connection, buffer) }
        isReusable = keepsConnection && head.keepAlive && body.isComplete && buffer.isEmpty
        return Answer(status: head.status, body: body.bytes)
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
        _ framing: BodyFraming, into body: inout BodyText, _ connection: ProbeConnection, _ buffer: Buffer
    ) async throws(ProbeFailure) {
        while true {
            let count = unsafe body.take(buffer.unread.span)
            buffer.consume(count)
            if body.isWhole { return }
            if buffer.isEmpty { buffer.clear() }
            guard buffer.room > 0, try await connection.receive(into: buffer) else {
                if framing == .untilClose { return }
                throw ProbeFailure("the answer was cut short")
            }
        }
    }

    private static let limits = HeadLimits(
        requestLine: 8 << 10, headerCount: 200, headerBytes: BufferPool.largeSize - 1024)
}
