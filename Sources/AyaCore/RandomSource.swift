/// Xoshiro256** of Blackman and Vigna (2018): a few instructions a number, seeded, so that a simulation replays.
///
/// Not for secrets: keys and signatures take theirs from the system.
public struct RandomSource: RandomNumberGenerator, Sendable {
    @usableFromInline var a: UInt64
    @usableFromInline var b: UInt64
    @usableFromInline var c: UInt64
    @usableFromInline var d: UInt64

    /// The same seed gives the same numbers.
    public init(seed: UInt64) {
        // SplitMix64 spreads any seed, zero too, over the whole state.
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
        a = next()
        b = next()
        c = next()
        d = next()
    }

    /// The next 64 bits.
    @inlinable public mutating func next() -> UInt64 {
        let scrambled = b &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d << 45 | d >> 19
        return result
    }
}
