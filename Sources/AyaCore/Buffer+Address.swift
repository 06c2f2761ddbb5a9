extension Buffer {
    /// Appends the canonical text of an address (RFC 5952 for IPv6) without building a `String`.
    package func append(_ address: IPAddress) {
        switch address.family {
        case .v4: append(dotted: UInt32(truncatingIfNeeded: address.low))
        case .v6:
            if address.high == 0, address.low >> 32 == 0xffff {
                append("::ffff:")
                append(dotted: UInt32(truncatingIfNeeded: address.low))
            } else {
                append(groups: address)
            }
        }
    }

    /// Appends `127.0.0.1:80` or `[::1]:80`.
    package func append(_ address: SocketAddress) {
        if address.ip.family == .v6 {
            append(UInt8(ascii: "["))
            append(address.ip)
            append(UInt8(ascii: "]"))
        } else {
            append(address.ip)
        }
        append(UInt8(ascii: ":"))
        append(decimal: UInt64(address.port))
    }

    private func append(dotted bits: UInt32) {
        var shift: UInt32 = 32
        while shift > 0 {
            shift -= 8
            let part = bits >> shift & 255
            if part >= 100 { append(48 &+ UInt8(truncatingIfNeeded: part / 100)) }
            if part >= 10 { append(48 &+ UInt8(truncatingIfNeeded: part / 10 % 10)) }
            append(48 &+ UInt8(truncatingIfNeeded: part % 10))
            if shift > 0 { append(UInt8(ascii: ".")) }
        }
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::`.
    private func append(groups address: IPAddress) {
        var gap = 8..<8
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, address.group(end) == 0 { end += 1 }
            if end - start > max(1, gap.count) { gap = start..<end }
            start = max(end, start + 1)
        }
        for index in 0..<8 where !gap.contains(index) {
            if index == gap.upperBound, !gap.isEmpty {
                append("::")
            } else if index > 0 {
                append(UInt8(ascii: ":"))
            }
            append(shortHexadecimal: address.group(index))
        }
        if !gap.isEmpty, gap.upperBound == 8 { append("::") }
    }

    private func append(shortHexadecimal value: UInt16) {
        var shift: UInt16 = 16
        var begun = false
        while shift > 0 {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            guard begun || nibble > 0 || shift == 0 else { continue }
            begun = true
            append(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
        }
    }
}
