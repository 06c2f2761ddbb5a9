/// The canonical text of an address (RFC 5952 for IPv6) as bytes in place, for writers that must not allocate.
package struct IPAddressText {
    private var bytes = InlineArray<46, UInt8>(repeating: 0)
    private var count = 0

    package init(_ address: IPAddress) {
        switch address.family {
        case .v4: append(dotted: UInt32(truncatingIfNeeded: address.low))
        case .v6:
            if address.high == 0, address.low >> 32 == 0xffff {
                for byte in "::ffff:".utf8 { append(byte) }
                append(dotted: UInt32(truncatingIfNeeded: address.low))
            } else {
                append(groups: address)
            }
        }
    }

    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        unsafe bytes.span.extracting(first: count).withUnsafeBufferPointer { unsafe body($0) }
    }

    private mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    private mutating func append(dotted bits: UInt32) {
        var shift: UInt32 = 32
        while shift > 0 {
            shift -= 8
            let part = bits >> shift & 255
            let (hundreds, rest) = (part >= 200 ? 2 : part >= 100 ? 1 : 0 as UInt32, part % 100)
            if hundreds > 0 { append(48 &+ UInt8(truncatingIfNeeded: hundreds)) }
            let digits = Digits.two(UInt64(rest))
            if part >= 10 { append(UInt8(truncatingIfNeeded: digits)) }
            append(UInt8(truncatingIfNeeded: digits >> 8))
            if shift > 0 { append(UInt8(ascii: ".")) }
        }
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::`.
    private mutating func append(groups address: IPAddress) {
        var gap = 8..<8
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, address.group(end) == 0 { end += 1 }
            if end - start > max(1, gap.count) { gap = start..<end }
            start = max(end, start + 1)
        }
        for index in 0..<8 {
            // The first colon of a gap comes here; the second before the group behind it, or at the end.
            if gap.contains(index) {
                if index == gap.lowerBound { append(UInt8(ascii: ":")) }
                continue
            }
            if index > 0 { append(UInt8(ascii: ":")) }
            append(hexadecimal: address.group(index))
        }
        if gap.upperBound == 8, !gap.isEmpty { append(UInt8(ascii: ":")) }
    }

    private mutating func append(hexadecimal value: UInt16) {
        var shift: UInt16 = 16
        var isBegun = false
        while shift > 0 {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            guard isBegun || nibble > 0 || shift == 0 else { continue }
            isBegun = true
            append(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
        }
    }
}
