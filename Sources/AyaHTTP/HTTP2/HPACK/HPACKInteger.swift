internal import AyaCore

/// Integers with a prefix of some bits (RFC 7541 section 5.1).
enum HPACKInteger {
    /// Nothing that a block can hold or name is larger.
    static var largest: Int { 1 << 28 }

    /// The integer whose first byte stands at `at`, which moves behind it; -1 when it is cut short or too large.
    @inline(__always)
    static func read(_ bytes: Span<UInt8>, at: inout Int, prefix: UInt8) -> Int {
        guard at < bytes.count else { return -1 }
        let mask: UInt8 = (1 << prefix) &- 1
        let first = bytes[at] & mask
        at &+= 1
        return first < mask ? Int(first) : readRest(bytes, at: &at, from: Int(mask))
    }

    private static func readRest(_ bytes: Span<UInt8>, at: inout Int, from start: Int) -> Int {
        var value = start
        var shift = 0
        while at < bytes.count, shift <= 28 {
            let byte = bytes[at]
            at &+= 1
            value &+= Int(byte & 0x7f) << shift
            if value > largest { return -1 }
            if byte & 0x80 == 0 { return value }
            shift &+= 7
        }
        return -1
    }

    /// `pattern` is the rest of the first byte.
    @inline(__always)
    static func write(_ value: Int, prefix: UInt8, pattern: UInt8, to out: Buffer) {
        let mask = (1 << Int(prefix)) &- 1
        if value < mask { return out.append(pattern | UInt8(truncatingIfNeeded: value)) }
        out.append(pattern | UInt8(truncatingIfNeeded: mask))
        var rest = value &- mask
        while rest >= 128 {
            out.append(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
        out.append(UInt8(truncatingIfNeeded: rest))
    }
}
