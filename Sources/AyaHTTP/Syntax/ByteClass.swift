/// Sets of ASCII bytes as two words of bits, so that membership is a shift and a test.
struct ByteClass {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && word >> UInt64(byte & 63) & 1 != 0
    }

    /// `tchar` of RFC 9110 section 5.6.2: ``!#$%&'*+-.^_`|~``, digits and letters.
    @inline(__always) static var token: ByteClass {
        ByteClass(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
    }

    /// `unreserved`, `sub-delims` and `%` of RFC 3986: what a `reg-name` may hold.
    @inline(__always) static var registeredName: ByteClass {
        ByteClass(low: 0x2bff_7ff2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    }

    /// What stands inside the brackets of an IPv6 literal: hexadecimal digits, `:` and `.`. Zone identifiers and
    /// `IPvFuture` are refused: nothing that Aya forwards to would agree on their meaning.
    @inline(__always) static var addressLiteral: ByteClass {
        ByteClass(low: 0x07ff_4000_0000_0000, high: 0x0000_007e_0000_007e)
    }
}
