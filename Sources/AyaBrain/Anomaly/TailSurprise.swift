internal import Glibc

/// How rare a measured magnitude is, learnt from the series itself: minus the decimal logarithm of the chance of one as
/// large. A threshold on it means the same for bytes and for seconds, for calm series and for spiky ones.
///
/// A Gaussian would call every burst of web traffic impossible. Here the upper tail is a power law, whose exponent is
/// the mean logarithmic excess over the 95 % quantile (Hill, "A simple general approach to inference about the tail of
/// a distribution", 1975): a light tail has a small exponent and is soon surprised, a heavy one has seen it all. The
/// magnitudes are counted in logarithmic bins that fade, so memory is fixed and an old regime is forgotten.
struct TailSurprise {
    /// Share of the magnitudes that makes up the tail.
    private static let tail = 0.05
    /// Magnitudes after which one has lost all but 1/e of its weight.
    private static let memory: Float = 4_000
    /// Magnitudes that must have been seen before one can surprise.
    private static let warmUp = 60
    /// Two magnitudes of a tail with an exponent of a quarter, in whole bins above the border, stand in for the tail
    /// that was not seen yet.
    private static let prior = (excess: 1 / (exp(4 * bin) - 1), weight: 2.0)
    /// Width of a bin: a quarter of an octave, as natural logarithm.
    private static let bin = log(2.0) / 4
    private static let binCount = 96

    /// Weights are counted in eighths: at most 4,000 magnitudes of weight 2 are remembered, which 16 bits hold.
    private static let grain = 1.0 / 8

    // Thousands of series have three of these each, so every byte counts.

    /// Weight of the magnitudes in each bin; `lowest` is the number of the first on the scale of `position(of:)`.
    private var bins = InlineArray<96, UInt16>(repeating: 0)
    private var lowest: Int16?
    /// Weight of all magnitudes, zeros included.
    private var total: Float = 0
    /// Weight of the next magnitude. It grows instead of everything else fading.
    private var unit: Float = 1
    /// Of the magnitudes, while they are too few.
    private var count: UInt8 = 0
    /// Where the tail began when last looked at.
    private var border: UInt8?

    /// The surprise of a magnitude against all before it; then it is one of them.
    ///
    /// - Parameter magnitude: zero or more; what is not finite surprises as the largest number would.
    /// - Returns: 0 within the bulk, 1.3 at the border of the tail, 3 for one in a thousand.
    mutating func observe(_ magnitude: Double) -> Double {
        let exact = Self.position(of: magnitude)
        let surprise = count >= Self.warmUp ? exact.map { self.surprise(at: $0) } ?? 0 : 0
        // A series may change its scale for good, or its first magnitude was an odd one: then it is learnt anew.
        if let border, border < 8 || border >= Self.binCount - 8 { self = TailSurprise() }
        if count < .max { count += 1 }
        total += unit
        if let exact { insert(exact) }
        unit *= 1 + 1 / Self.memory
        if unit >= 2 { halve() }
        return surprise
    }

    /// Where a magnitude lies on the logarithmic scale, in bins; nil for zero.
    private static func position(of magnitude: Double) -> Double? {
        guard magnitude > 0 else { return nil }
        return log(min(magnitude, .greatestFiniteMagnitude)) / bin
    }

    private mutating func surprise(at position: Double) -> Double {
        let (total, unit) = (Double(total), Double(unit))
        guard let lowest else { return log10(total / unit + 1) }
        // Downwards until the tail is full. It begins at the lower edge of the last bin.
        var border = Self.binCount
        defer { self.border = UInt8(border) }
        var mass = 0.0
        var moment = 0.0
        while border > 0, mass < Self.tail * total {
            border &-= 1
            let weight = Double(bins[border]) * Self.grain
            mass += weight
            moment += weight * Double(border)
        }
        guard mass > 0 else { return log10(total / unit + 1) }
        // Less than a tail's worth is not zero: the smallest of it is the border.
        if bins[border] == 0 { border = bins.indices.first { bins[$0] > 0 } ?? 0 }
        let assumed = Self.prior.weight * unit
        let excess = (moment - mass * Double(border) + assumed * Self.prior.excess) / (mass + assumed)
        // Of an exponential law that was cut into bins; what ends within a bin is not told apart.
        let exponent = max(Self.bin / log(1 + 1 / excess), Self.bin / 2)
        let above = (position - Double(Int(lowest) &+ border)) * Self.bin
        guard above > 0 else { return 0 }
        return (above / exponent - log(mass / total)) / log(10)
    }

    private mutating func insert(_ position: Double) {
        let bin = Int(position.rounded(.down))
        // Positions of numbers are within ±4,400.
        let lowest = self.lowest ?? Int16(clamping: bin - Self.binCount / 2)
        self.lowest = lowest
        let index = min(max(bin - Int(lowest), 0), Self.binCount - 1)
        let (sum, isFull) = bins[index].addingReportingOverflow(UInt16((Double(unit) / Self.grain).rounded()))
        bins[index] = isFull ? .max : sum
    }

    private mutating func halve() {
        for bin in bins.indices { bins[bin] /= 2 }
        total /= 2
        unit /= 2
    }
}
