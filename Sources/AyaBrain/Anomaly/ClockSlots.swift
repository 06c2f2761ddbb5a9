/// Fading means of the half hours of the day. One is believed after two visits.
struct DaySlots {
    private static let count = 48
    private static let rate = 0.25
    private static let needed: UInt8 = 2

    private var means = InlineArray<48, Float>(repeating: 0)
    private var visits = InlineArray<48, UInt8>(repeating: 0)

    func usual(at number: Int) -> Double? {
        let slot = number.slot(of: Self.count)
        return visits[slot] >= Self.needed ? Double(means[slot]) : nil
    }

    /// - Returns: how wrong the slot was; nil when it had no mean yet.
    mutating func learn(_ mean: Double, at number: Int) -> Double? {
        let slot = number.slot(of: Self.count)
        let old = Double(means[slot])
        let isKnown = visits[slot] > 0
        means[slot] = Float(old + max(Self.rate, 1 / (Double(visits[slot]) + 1)) * (mean - old))
        if visits[slot] < .max { visits[slot] += 1 }
        return isKnown ? abs(mean - old) : nil
    }
}

/// Fading means of the half hours of the week. One is believed after a visit, and half of it is the newest.
///
/// They are kept as distances from a centre, in the upper half of a `Float`: half the bytes, and a distance known to
/// 0.4 %. The centre follows the level of the series, lest distances be large and their rounding with them.
struct WeekSlots {
    private static let count = 336
    private static let unseen = UInt16.max
    /// Distances from the level, in usual ones, from which on the centre is moved.
    private static let farthest = 8.0

    private var distances = InlineArray<336, UInt16>(repeating: unseen)
    private var centre: Double?

    func usual(at number: Int) -> Double? { mean(number.slot(of: Self.count)) }

    /// - Returns: how wrong the slot was; nil when it had no mean yet.
    mutating func learn(_ mean: Double, at number: Int) -> Double? {
        if centre == nil { centre = mean }
        let slot = number.slot(of: Self.count)
        guard let old = self.mean(slot) else {
            keep(mean, slot)
            return nil
        }
        keep((old + mean) / 2, slot)
        return abs(mean - old)
    }

    mutating func centre(on level: Double, spread: Double) {
        guard let centre, abs(level - centre) > Self.farthest * spread else { return }
        let means = (0..<Self.count).map { mean($0) }
        self.centre = level
        for (slot, mean) in means.enumerated() { if let mean { keep(mean, slot) } }
    }

    private func mean(_ slot: Int) -> Double? {
        guard let centre, distances[slot] != Self.unseen else { return nil }
        return centre + Double(Float(bitPattern: UInt32(distances[slot]) << 16))
    }

    private mutating func keep(_ mean: Double, _ slot: Int) {
        let distance = min(max(Float(mean - (centre ?? 0)), -1e38), 1e38)
        // Half of the last digit that stays is added, so that the rest can be cut off.
        distances[slot] = UInt16((distance.bitPattern + 0x8000) >> 16)
    }
}

extension Int {
    /// The place in a cycle of so many slots.
    fileprivate func slot(of count: Int) -> Int {
        let remainder = self % count
        return remainder < 0 ? remainder + count : remainder
    }
}
