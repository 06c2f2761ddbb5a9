package import AyaCore

/// Puts an answer together as it arrives: head, body out of its framing, up to a limit.
package struct AnswerReader {
    package enum Progress {
        case more
        case done(HTTPAnswer, keepsConnection: Bool)
        case broken
    }

    private let method: Method
    private let limit: Int
    private let head = ResponseHead()
    private var answer: HTTPAnswer?
    private var body = BodyText(.none, limit: 0)

    private static let limits = HeadLimits(requestLine: 8 << 10, headerCount: 200, headerBytes: 48 << 10)

    /// - Parameters:
    ///   - name: the method of the request; it decides whether there is a body (RFC 9112 section 6.3).
    ///   - limit: bytes of the body; more make the answer broken.
    package init(method name: String, limit: Int) {
        method = Method.allCases.first { $0.name?.description == name } ?? .other
        self.limit = limit
    }

    /// Takes what the buffer has; leaves room for more.
    package mutating func take(_ buffer: Buffer) -> Progress {
        while answer == nil {
            switch unsafe head.parse(buffer.unread.span, limits: Self.limits, requestMethod: method) {
            case .incomplete: return .more
            case .invalid: return .broken
            case .complete:
                if !head.isInterim { keepHead(buffer) }
                buffer.consume(head.byteCount)
                if head.isInterim { head.reset() }
            }
        }
        let count = unsafe body.take(buffer.unread.span)
        buffer.consume(count)
        if buffer.isEmpty { buffer.clear() }
        if body.bytes.count > limit || (body.isWhole && !body.isComplete) { return .broken }
        guard body.isComplete, let whole else { return .more }
        return .done(whole, keepsConnection: head.keepAlive && buffer.isEmpty)
    }

    /// The connection has ended; nil when the answer has not.
    package func end() -> HTTPAnswer? { head.framing == .untilClose ? whole : nil }

    private var whole: HTTPAnswer? {
        var answer = answer
        answer?.body = body.bytes
        return answer
    }

    private mutating func keepHead(_ buffer: Buffer) {
        func text(_ slice: Slice) -> String {
            let start = buffer.start
            return unsafe String(
                decoding: buffer.bytes(start + slice.range.lowerBound..<start + slice.range.upperBound), as: UTF8.self)
        }
        // One byte more than is wanted shows that it is too long.
        body = BodyText(head.framing, limit: limit + 1)
        answer = HTTPAnswer(
            status: head.status, headers: head.fields.map { (name: text($0.name).lowercased(), value: text($0.value)) })
    }
}
