internal import AyaCore
internal import AyaHTTP

/// Puts an answer together as it arrives: head, body out of its framing, up to a limit.
struct AnswerReader {
    private let method: Method
    private let limit: Int
    private let head = ResponseHead()
    private var answer: HTTPSAnswer?
    private var body = BodyText(.none, limit: 0)

    enum Progress {
        case more
        case done(HTTPSAnswer)
        case broken
    }

    init(method name: String, limit: Int) {
        method = Method.allCases.first { $0.name?.description == name } ?? .other
        self.limit = limit
    }

    private static let limits = HeadLimits(requestLine: 8 << 10, headerCount: 200, headerBytes: 48 << 10)

    /// Takes what the buffer has; leaves room for more.
    mutating func take(_ buffer: Buffer) -> Progress {
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
        let progress = takeBody(buffer)
        if buffer.isEmpty { buffer.clear() }
        return progress
    }

    /// The connection has ended; nil when the answer has not.
    func end() -> HTTPSAnswer? { head.framing == .untilClose ? whole : nil }

    private var whole: HTTPSAnswer? {
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
        answer = HTTPSAnswer(
            status: head.status, headers: head.fields.map { (name: text($0.name).lowercased(), value: text($0.value)) })
    }

    private mutating func takeBody(_ buffer: Buffer) -> Progress {
        let count = unsafe body.take(buffer.unread.span)
        buffer.consume(count)
        if body.bytes.count > limit || (body.isWhole && !body.isComplete) { return .broken }
        guard body.isComplete, let whole else { return .more }
        return .done(whole)
    }
}
