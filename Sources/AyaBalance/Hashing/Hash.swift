/// Mixing of 64-bit words for balancers that place clients by hash: fast, even, and the same in every process.
enum Hash {
    /// The finisher of SplitMix64: every bit of the input reaches every bit of the result.
    @inline(__always) static func mix(_ word: UInt64) -> UInt64 {
        var z = word &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// Another, independent hash of the same key for each attempt.
    @inline(__always) static func mix(_ key: UInt64, attempt: Int) -> UInt64 {
        mix(key ^ UInt64(truncatingIfNeeded: attempt) &* 0xd6e8_feb8_6659_fd93)
    }

    /// An even choice of 0 ..< count by the upper bits of a hash.
    @inline(__always) static func index(_ hash: UInt64, below count: Int) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
    }
}
