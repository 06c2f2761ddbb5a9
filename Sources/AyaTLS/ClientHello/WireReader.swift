/// Reads big-endian numbers and length-prefixed vectors (RFC 8446 section 3) out of a part of a message; nil beyond
/// its end.
struct WireReader {
    let bytes: [UInt8]
    private var at: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.at = 0
        self.end = bytes.count
    }

    /// `range` is what `vector` returned.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.at = range.lowerBound
        self.end = range.upperBound
    }

    var isAtEnd: Bool { at == end }

    mutating func skip(_ count: Int) -> Bool {
        guard end &- at >= count else { return false }
        at &+= count
        return true
    }

    /// A number of up to four bytes.
    mutating func number(_ size: Int) -> UInt32? {
        let start = at
        guard skip(size) else { return nil }
        return bytes[start..<at].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Where the content of a vector stands, whose length comes first.
    mutating func vector(lengthBytes: Int) -> Range<Int>? {
        guard let length = number(lengthBytes) else { return nil }
        let start = at
        return skip(Int(length)) ? start..<at : nil
    }
}
