/// A body kept whole as it comes out of its framing, up to a limit: of what Aya itself asks for, never of an exchange.
package struct BodyText {
    package private(set) var bytes: [UInt8] = []
    /// Nothing more is wanted.
    package private(set) var isWhole = false
    /// The framing's end has come: what follows on the connection is another answer.
    package private(set) var isComplete: Bool
    private let framing: BodyFraming
    private let limit: Int
    /// Of a stated length.
    private var remaining: UInt64 = 0
    private var decoder = ChunkedDecoder()

    package init(_ framing: BodyFraming, limit: Int) {
        self.framing = framing
        self.limit = limit
        if case .length(let length) = framing { remaining = length }
        isComplete = framing == .none || framing == .length(0)
        isWhole = isComplete
    }

    /// Takes what it can; returns how many bytes those were.
    package mutating func take(_ piece: Span<UInt8>) -> Int {
        switch framing {
        case .none: return 0
        case .length:
            let count = Int(min(UInt64(piece.count), remaining))
            add(piece, 0..<count)
            remaining -= UInt64(count)
            if remaining == 0 { end() }
            return count
        case .untilClose:
            add(piece, 0..<piece.count)
            return piece.count
        case .chunked: return takeChunks(piece)
        }
    }

    private mutating func takeChunks(_ piece: Span<UInt8>) -> Int {
        var offset = 0
        while !isWhole {
            switch decoder.next(piece, at: &offset) {
            case .data(let range): add(piece, range)
            case .needMore: return offset
            case .end: end()
            // Framing that breaks ends the body: the asker looks at what there is.
            case .invalid: isWhole = true
            }
        }
        return offset
    }

    private mutating func end() {
        isComplete = true
        isWhole = true
    }

    private mutating func add(_ piece: Span<UInt8>, _ range: Range<Int>) {
        let count = min(range.count, limit - bytes.count)
        bytes.reserveCapacity(bytes.count + count)
        for index in range.prefix(count) { bytes.append(piece[index]) }
        if bytes.count >= limit { isWhole = true }
    }
}
