internal import AyaCore
internal import AyaHTTP

/// Puts an answer together as it arrives: head, body out of its framing, up to a limit.
struct AnswerReader {
    private let method: Method
    private let limit: Int
    private let head = ResponseHead()
    private var answer: HTTPSAnswer?
    private var framing = BodyFraming.none
    private var decoder = ChunkedDecoder()

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
    func end() -> HTTPSAnswer? {
        if case .untilClose = framing { answer } else { nil }
    }

    private mutating func keepHead(_ buffer: Buffer) {
        func text(_ slice: Slice) -> String {
            let start = buffer.start
            return unsafe String(
                decoding: buffer.bytes(start + slice.range.lowerBound..<start + slice.range.upperBound), as: UTF8.self)
        }
        framing = head.framing
        answer = HTTPSAnswer(
            status: head.status, headers: head.fields.map { (name: text($0.name).lowercased(), value: text($0.value)) })
    }

    private mutating func takeBody(_ buffer: Buffer) -> Progress {
        guard var answer else { return .broken }
        defer { self.answer = answer }
        switch framing {
        case .none: return .done(answer)
        case .length(let length):
            guard length <= UInt64(limit) else { return .broken }
            let count = min(buffer.count, Int(length) - answer.body.count)
            unsafe answer.body.append(contentsOf: buffer.unread.prefix(count))
            buffer.consume(count)
            return answer.body.count == Int(length) ? .done(answer) : .more
        case .untilClose:
            unsafe answer.body.append(contentsOf: buffer.unread)
            buffer.consume(buffer.count)
            return answer.body.count <= limit ? .more : .broken
        case .chunked:
            var offset = 0
            defer { buffer.consume(offset) }
            while answer.body.count <= limit {
                switch unsafe decoder.next(buffer.unread.span, at: &offset) {
                case .data(let range): unsafe answer.body.append(contentsOf: buffer.unread[range])
                case .needMore: return .more
                case .end: return .done(answer)
                case .invalid: return .broken
                }
            }
            return .broken
        }
    }
}
