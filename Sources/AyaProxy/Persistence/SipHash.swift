/// SipHash-2-4 (Aumasson and Bernstein, 2012) with results of 64 and 128 bits: a short message's keyed hash, in a few
/// dozen instructions. Who does not know the key can neither foresee a result nor find two messages with the same.
package struct SipHash: Sendable {
    /// A secret of 128 bits.
    package struct Key: Sendable, Hashable {
        package var low: UInt64
        package var high: UInt64
        package init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    private init(_ key: Key) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// The hash of some bytes.
    package static func hash(_ bytes: Span<UInt8>, _ key: Key) -> UInt64 {
        var hash = SipHash(key)
        hash.absorb(bytes)
        return hash.finish()
    }

    /// The hash of one word's eight bytes, the lowest first.
    static func hash(_ word: UInt64, _ key: Key) -> UInt64 {
        var hash = SipHash(key)
        hash.absorb(word)
        hash.absorb(8 << 56)
        return hash.finish()
    }

    /// The 128-bit hash of some bytes, its lower half first.
    package static func hash128(_ bytes: Span<UInt8>, _ key: Key) -> (UInt64, UInt64) {
        var hash = SipHash(key)
        hash.v1 ^= 0xee
        hash.absorb(bytes)
        return hash.finish128()
    }

    /// The 128-bit hash of two words' sixteen bytes.
    static func hash128(_ first: UInt64, _ second: UInt64, _ key: Key) -> (UInt64, UInt64) {
        var hash = SipHash(key)
        hash.v1 ^= 0xee
        hash.absorb(first)
        hash.absorb(second)
        hash.absorb(16 << 56)
        return hash.finish128()
    }

    private mutating func absorb(_ bytes: Span<UInt8>) {
        var word: UInt64 = 0
        for index in 0..<bytes.count {
            word |= UInt64(bytes[index]) << UInt64(index & 7 &* 8)
            if index & 7 == 7 {
                absorb(word)
                word = 0
            }
        }
        absorb(word | UInt64(truncatingIfNeeded: bytes.count) << 56)
    }

    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        mix()
        mix()
        v0 ^= word
    }

    private mutating func finish() -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<4 { mix() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func finish128() -> (UInt64, UInt64) {
        v2 ^= 0xee
        for _ in 0..<4 { mix() }
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<4 { mix() }
        return (low, v0 ^ v1 ^ v2 ^ v3)
    }

    private mutating func mix() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
