/// Virtual time of weighted turns: a server's next turn lies one stride behind its last, and strides are inversely
/// proportional to weights, so that the earliest turn first gives each its share, evenly spread.
enum Pass {
    /// The stride of share 1. The largest, of weight 65,535, leaves a stride of 2^24: precise to 10^-7.
    static let unit: UInt64 = 1 << 47

    static func stride(share: Int) -> UInt64 { unit / UInt64(max(1, share)) }

    /// Where in its first stride a server begins. Multiples of the golden ratio spread any number of servers evenly,
    /// so that those of equal weight do not all take their turns at the same moment.
    static func offset(of server: Int, stride: UInt64) -> UInt64 {
        let fraction = UInt64(truncatingIfNeeded: server &+ 1) &* 0x9e37_79b9_7f4a_7c15
        return stride.multipliedFullWidth(by: fraction).high
    }

    /// The later of two moments of time that wraps around.
    static func later(_ one: UInt64, _ other: UInt64) -> UInt64 {
        Int64(bitPattern: one &- other) < 0 ? other : one
    }
}
