internal import Glibc

/// A value that never repeats and now does not move: a frozen gauge, a counter that nobody feeds. Every other detector
/// takes it for an especially quiet spell.
struct StuckValue {
    /// Where more rows than this repeat the one before, standing still is nothing to speak of.
    private static let rare: Float = 0.05
    private static let warmUp: Float = 100

    private var last: Double?
    private var repeats: Float = 0
    private var total: Float = 0
    private var run: Float = 0
    private var longest: Float = 0
    private var surprise: Float = 0

    /// - Returns: minus the decimal logarithm of the chance of the present run; 0 while longer ones were seen.
    mutating func observe(_ value: Double) -> Double {
        defer { last = value }
        guard let last else { return 0 }
        let chance = (repeats + 1) / (total + 20)
        let isRepeat = value == last
        if isRepeat {
            run += 1
            surprise -= log10(chance)
        } else {
            longest = max(longest, run)
            run = 0
            surprise = 0
        }
        repeats = repeats * 0.9995 + (isRepeat ? 1 : 0)
        total = total * 0.9995 + 1
        longest *= 0.9998
        return chance < Self.rare && total > Self.warmUp * 0.97 && run > 1.5 * longest + 2 ? Double(surprise) : 0
    }
}
