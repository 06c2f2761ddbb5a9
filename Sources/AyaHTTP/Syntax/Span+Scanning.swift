/// Finds where a run of ordinary bytes ends, eight bytes at a step ("SIMD within a register").
///
/// A step marks the top bit of each byte that stops the run; borrows can mark further bytes above the first, so only
/// the lowest mark is used.
extension Span where Element == UInt8 {
    @inline(__always)
    private func word(at offset: Int) -> UInt64 {
        // Safe: the loops below ask only with 0 <= offset and offset + 8 <= end, having bounded end by the count.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The end of a scan, within the span whatever was asked for.
    @inline(__always)
    private func bound(_ end: Int, from start: Int) -> Int { start >= 0 ? min(end, count) : start }

    /// Marks the bytes equal to `byte`.
    @inline(__always)
    private static func marks(_ word: UInt64, equalTo byte: UInt8) -> UInt64 {
        let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    /// Marks the ASCII bytes below `bound` (at most 0x80).
    @inline(__always)
    private static func marks(_ word: UInt64, below bound: UInt8) -> UInt64 {
        (word &- (0x0101_0101_0101_0101 &* UInt64(bound))) & ~word & 0x8080_8080_8080_8080
    }

    /// Marks the bytes from `first` to `last`; all bytes of the word are ASCII.
    @inline(__always)
    private static func marks(_ word: UInt64, from first: UInt8, to last: UInt8) -> UInt64 {
        let reach = word &+ 0x0101_0101_0101_0101 &* UInt64(0x80 &- first)
        let beyond = word &+ 0x0101_0101_0101_0101 &* UInt64(0x7f &- last)
        return reach & ~beyond & 0x8080_8080_8080_8080
    }

    /// The first byte in `start..<limit` that is no letter, digit, `-` or `.`: nearly all that names of fields and of
    /// hosts are made of. It stops early near `limit`, so what it stops at has to be looked at.
    @inline(__always)
    func endOfPlainName(from start: Int, to limit: Int) -> Int {
        let end = bound(limit, from: start)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let ascii = word & 0x7f7f_7f7f_7f7f_7f7f
            let plain =
                Self.marks(ascii | 0x2020_2020_2020_2020, from: UInt8(ascii: "a"), to: UInt8(ascii: "z"))
                | Self.marks(ascii, from: UInt8(ascii: "0"), to: UInt8(ascii: "9"))
                | Self.marks(ascii, from: UInt8(ascii: "-"), to: UInt8(ascii: "."))
            let stops = (~plain | word) & 0x8080_8080_8080_8080
            if stops != 0 { return at &+ stops.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        return at
    }

    /// The first `:` or control byte in `start..<limit`: where a field name ends at the latest.
    @inline(__always)
    func endOfName(from start: Int, to limit: Int) -> Int {
        let end = bound(limit, from: start)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let stops = Self.marks(word, equalTo: UInt8(ascii: ":")) | Self.marks(word, below: 0x20)
            if stops != 0 { return at &+ stops.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end, self[at] != UInt8(ascii: ":"), self[at] >= 0x20 { at &+= 1 }
        return at
    }

    /// The first byte in `start..<limit` that no field value may hold: a control byte other than tab (RFC 9110 5.5).
    @inline(__always)
    func endOfValue(from start: Int, to limit: Int) -> Int {
        let end = bound(limit, from: start)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let stops = Self.marks(word, below: 0x20) | Self.marks(word, equalTo: 0x7f)
            if stops == 0 {
                at &+= 8
                continue
            }
            at &+= stops.trailingZeroBitCount >> 3
            if self[at] != UInt8(ascii: "\t") { return at }
            at &+= 1
        }
        while at < end {
            let byte = self[at]
            if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f { return at }
            at &+= 1
        }
        return at
    }

    /// The first byte in `start..<limit` that ends or deserves a look in a request path: white space, controls, bytes
    /// beyond ASCII, `#`, `%`, `.` and `?`.
    @inline(__always)
    func endOfPlainPath(from start: Int, to limit: Int) -> Int {
        let end = bound(limit, from: start)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let stops =
                Self.marks(word, below: 0x21) | word & 0x8080_8080_8080_8080 | Self.marks(word, equalTo: 0x7f)
                | Self.marks(word, equalTo: UInt8(ascii: "#")) | Self.marks(word, equalTo: UInt8(ascii: "%"))
                | Self.marks(word, equalTo: UInt8(ascii: ".")) | Self.marks(word, equalTo: UInt8(ascii: "?"))
            if stops != 0 { return at &+ stops.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            let byte = self[at]
            if byte < 0x21 || byte >= 0x7f { return at }
            if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "%") { return at }
            if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "?") { return at }
            at &+= 1
        }
        return at
    }

    /// The first byte in `start..<limit` that a query cannot hold: white space, controls, bytes beyond ASCII, `#`.
    @inline(__always)
    func endOfQuery(from start: Int, to limit: Int) -> Int {
        let end = bound(limit, from: start)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let stops =
                Self.marks(word, below: 0x21) | word & 0x8080_8080_8080_8080 | Self.marks(word, equalTo: 0x7f)
                | Self.marks(word, equalTo: UInt8(ascii: "#"))
            if stops != 0 { return at &+ stops.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end, self[at] > 0x20, self[at] < 0x7f, self[at] != UInt8(ascii: "#") { at &+= 1 }
        return at
    }
}
