package import AyaCore

/// Writes and reads the value of an inserted cookie: which server, sealed so that it tells nobody who lacks the key
/// which one, cannot be made up, and differs from client to client.
///
/// Four words in base64url: when it was set together with chance, the server's mark under a mask, and a SipHash of 128
/// bits over both. A server's mark is a keyed hash of the pool's name and the server's address, so it means the same
/// after a restart, on another Aya with the same secret, and when servers come and go.
package struct CookieSeal: Sendable {
    private let sealing: SipHash.Key
    private let masking: SipHash.Key
    private let marking: SipHash.Key

    /// Length of a value.
    package static let length = 43

    /// What a value says.
    package struct Contents: Equatable {
        package var mark: UInt64
        /// Of the wall clock, in seconds.
        package var setAt: UInt32
    }

    package init(secret: [UInt8]) {
        sealing = Self.key(secret, "aya persistence 1 seal")
        masking = Self.key(secret, "aya persistence 1 mask")
        marking = Self.key(secret, "aya persistence 1 mark")
    }

    private static func key(_ secret: [UInt8], _ purpose: String) -> SipHash.Key {
        let bytes = SHA256.hmac(key: secret, Array(purpose.utf8))
        func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        return SipHash.Key(low: word(0..<8), high: word(8..<16))
    }

    /// What stands for a server in cookies.
    package func mark(pool: String, server: String) -> UInt64 {
        // Names of pools have no zero byte in them.
        SipHash.hash(Array("\(pool)\0\(server)".utf8).span, marking)
    }

    /// Appends a value for a server's mark.
    package func write(_ contents: Contents, chance: UInt32, to out: Buffer) {
        let nonce = UInt64(contents.setAt) << 32 | UInt64(chance)
        let masked = contents.mark ^ SipHash.hash(nonce, masking)
        let tag = SipHash.hash128(nonce, masked, sealing)
        Base64URL.write((nonce, masked, tag.0, tag.1), to: out)
    }

    /// Nil for what was not written with the same secret.
    package func read(_ value: Span<UInt8>) -> Contents? {
        guard let words = Base64URL.read(value) else { return nil }
        let tag = SipHash.hash128(words.0, words.1, sealing)
        // Whole words at once and no early end: how long it takes does not tell how much was right.
        guard (tag.0 ^ words.2) | (tag.1 ^ words.3) == 0 else { return nil }
        return Contents(
            mark: words.1 ^ SipHash.hash(words.0, masking), setAt: UInt32(truncatingIfNeeded: words.0 >> 32))
    }
}

/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5), for exactly four words.
enum Base64URL {
    typealias Words = (UInt64, UInt64, UInt64, UInt64)

    static func write(_ words: Words, to out: Buffer) {
        // 256 bits are 42 characters of six bits and one of four, whose last two bits are zero.
        var bits: UInt64 = 0
        var count = 0
        let words: InlineArray<4, UInt64> = [words.0, words.1, words.2, words.3]
        for byte in 0..<32 {
            bits = bits << 8 | words[byte / 8] >> UInt64(56 &- byte % 8 &* 8) & 0xff
            count &+= 8
            while count >= 6 {
                count &-= 6
                out.append(character(UInt8(truncatingIfNeeded: bits >> UInt64(count) & 63)))
            }
        }
        out.append(character(UInt8(truncatingIfNeeded: bits << 2 & 63)))
    }

    /// Nil for any other length or character, and for bits behind the last that are not zero: each value has one form.
    static func read(_ text: Span<UInt8>) -> Words? {
        guard text.count == CookieSeal.length else { return nil }
        var words = InlineArray<4, UInt64>(repeating: 0)
        var bits: UInt64 = 0
        var count = 0
        var byte = 0
        for index in 0..<text.count {
            guard let value = value(text[index]) else { return nil }
            bits = bits << 6 | UInt64(value)
            count &+= 6
            if count >= 8, byte < 32 {
                count &-= 8
                words[byte / 8] = words[byte / 8] << 8 | bits >> UInt64(count) & 0xff
                byte &+= 1
            }
        }
        guard bits & 3 == 0 else { return nil }
        return (words[0], words[1], words[2], words[3])
    }

    private static func character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: value &+ 65
        case 26..<52: value &+ 71
        case 52..<62: value &- 4
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 65...90: character &- 65
        case 97...122: character &- 71
        case 48...57: character &+ 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
