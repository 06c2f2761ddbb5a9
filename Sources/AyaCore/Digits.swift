/// Digits side by side in a word: a division and a store for each digit would cost several times as much, and numbers
/// are most of what a log's line says.
///
/// The words are as they lie in memory on the machines that Aya runs on, the first digit in the lowest byte.
public enum Digits {
    /// `00` to `99`.
    @inlinable @inline(__always) public static func two(_ value: UInt64) -> UInt16 {
        let tens = (value &* 103) >> 10
        return UInt16(truncatingIfNeeded: tens | (value &- tens &* 10) << 8) &+ 0x3030
    }

    /// `0000` to `9999`.
    @inlinable @inline(__always) public static func four(_ value: UInt64) -> UInt32 {
        let hundreds = (value &* 5_243) >> 19
        let pairs = hundreds | (value &- hundreds &* 100) << 16
        let tens = (pairs &* 103) >> 10 & 0x000f_000f
        return UInt32(truncatingIfNeeded: tens | (pairs &- tens &* 10) << 8) &+ 0x3030_3030
    }

    /// Eight hexadecimal digits in lower case: each nibble gets a byte, and those above nine move on to the letters, all
    /// at once.
    @inlinable @inline(__always) public static func hexadecimal(_ value: UInt32) -> UInt64 {
        var spread = UInt64(value)
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f
        let aboveNine = ((spread &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ aboveNine &* 39).byteSwapped
    }
}
