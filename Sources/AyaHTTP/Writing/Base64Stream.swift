package import AyaCore

/// Base64 that comes in pieces (RFC 4648 section 4), as bodies of gRPC-Web do: each of their parts may end with padding
/// of its own, so padding ends a group of four and not the text.
package struct Base64Stream: Sendable {
    private var group: UInt32 = 0
    private var digits = 0
    private var padding = 0

    package init() {}

    /// Decodes all of a piece; false when a byte is none of the alphabet, or padding is out of place.
    package mutating func decode(_ text: Span<UInt8>, into out: Buffer) -> Bool {
        for index in 0..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "=") {
                padding += 1
                guard digits + padding <= 4, digits >= 2 else { return false }
                group <<= 6
            } else {
                guard padding == 0, let value = Self.value(byte) else { return false }
                group = group << 6 | value
                digits += 1
            }
            guard digits + padding == 4 else { continue }
            for place in 0..<3 - padding { out.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
            (group, digits, padding) = (0, 0, 0)
        }
        return true
    }

    /// Nothing is missing behind what was decoded.
    package var isWhole: Bool { digits == 0 && padding == 0 }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// How many bytes become at most so many of text.
    package static func room(_ count: Int) -> Int { count / 4 * 3 }

    /// A whole piece with its padding.
    package static func encode(_ bytes: Span<UInt8>, into out: Buffer) {
        var at = 0
        while at < bytes.count {
            let rest = bytes.count - at
            let group =
                UInt32(bytes[at]) << 16 | UInt32(rest > 1 ? bytes[at + 1] : 0) << 8
                | UInt32(rest > 2 ? bytes[at + 2] : 0)
            for place in 0..<4 {
                out.append(place > rest ? UInt8(ascii: "=") : digit(group >> UInt32(18 - 6 * place) & 63))
            }
            at += 3
        }
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        switch value {
        case 0..<26: return value &+ 65
        case 26..<52: return value &+ 71
        case 52..<62: return value &- 4
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }
}
