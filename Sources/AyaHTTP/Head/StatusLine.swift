/// Parses the first line of a response as it arrives (RFC 9112 section 4).
struct StatusLine {
    private(set) var status = 0
    private(set) var minorVersion: UInt8 = 1
    private(set) var reason = Slice.empty
    /// The next byte to look at; behind the line when it is complete.
    private(set) var cursor = 0

    @inline(__always)
    mutating func parse(_ bytes: Span<UInt8>, limit: Int) -> HeadProgress {
        let end = min(bytes.count, limit)
        // Version, space, three digits, and the byte behind them.
        if cursor == 0 {
            if end >= 13, bytes.matches("HTTP/1.1 ", at: 0, ignoringCase: false) {
                minorVersion = 1
            } else if let progress = parseStart(bytes, to: end) {
                return progress
            }
            let hundreds = bytes[9] &- 48
            let tens = bytes[10] &- 48
            let ones = bytes[11] &- 48
            guard hundreds &- 1 < 5, tens < 10, ones < 10 else {
                return .invalid(bytes.extracting(9..<12).hasLineFeed ? .bareLineFeed : .badStatus)
            }
            status = Int(hundreds) &* 100 &+ Int(tens) &* 10 &+ Int(ones)
            // Servers leave out the space when there is no reason; nothing else may follow the code.
            guard bytes[12] == 0x20 || bytes[12] == UInt8(ascii: "\r") else {
                return .invalid(bytes[12] == UInt8(ascii: "\n") ? .bareLineFeed : .badStatus)
            }
            cursor = bytes[12] == 0x20 ? 13 : 12
        }
        let at = bytes.endOfValue(from: cursor, to: end)
        cursor = at
        if at == end { return ranOut(bytes, end) }
        guard bytes[at] == UInt8(ascii: "\r") else {
            return .invalid(bytes[at] == UInt8(ascii: "\n") ? .bareLineFeed : .badStatus)
        }
        if at &+ 1 == end { return ranOut(bytes, end) }
        guard bytes[at &+ 1] == UInt8(ascii: "\n") else { return .invalid(.bareCarriageReturn) }
        reason = Slice(min(13, at), at)
        cursor = at &+ 2
        return .complete
    }

    /// Everything but a complete start with HTTP/1.1; nil when the status code can be read.
    @inline(never)
    private mutating func parseStart(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress? {
        switch HTTPVersion.parse(bytes, at: 0, to: end) {
        case .incomplete: return ranOut(bytes, end)
        case .invalid(let fault): return .invalid(fault)
        case .version(let minor): minorVersion = minor
        }
        if end > 8, bytes[8] != 0x20 {
            return .invalid(bytes[8] == UInt8(ascii: "\n") ? .bareLineFeed : .badStatus)
        }
        return end < 13 ? ranOut(bytes, end) : nil
    }

    @inline(__always)
    private func ranOut(_ bytes: Span<UInt8>, _ end: Int) -> HeadProgress {
        bytes.count > end ? .invalid(.statusLineTooLong) : .incomplete
    }
}

extension Span where Element == UInt8 {
    fileprivate var hasLineFeed: Bool {
        for index in 0..<count where self[index] == UInt8(ascii: "\n") { return true }
        return false
    }
}
