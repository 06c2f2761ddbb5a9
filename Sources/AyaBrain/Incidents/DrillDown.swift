internal import Glibc

/// Finds the few names that a change comes from: which server, route, client or status.
///
/// Every dimension splits the same change in its own way. The one worth telling is that in which few values account for
/// most of the change though they were a small part before: the divergence of the shares of the change from the shares
/// expected, as in "Adtributor: Revenue Debugging in Advertising Systems" (Bhagwan et al., NSDI 2014). A change that
/// is spread like the traffic itself has no culprit, and saying so is an answer.
package enum DrillDown {
    /// The part of the change that the culprits must account for together.
    private static let coverage = 0.75
    private static let mostCulprits = 3
    /// Nats by which the change must be more concentrated than the traffic.
    private static let concentration = 0.2

    /// - Parameter slices: all values of each dimension that could be to blame.
    /// - Returns: the largest first; empty when nothing stands out.
    package static func culprits(of slices: [Slice]) -> [Culprit] {
        var best: (gain: Double, culprits: [Culprit]) = (concentration, [])
        for dimension in Subject.Dimension.allCases {
            let found = suspects(slices.filter { $0.dimension == dimension && isSound($0) })
            if found.gain > best.gain { best = found }
        }
        return best.culprits
    }

    private static func suspects(_ slices: [Slice]) -> (gain: Double, culprits: [Culprit]) {
        let change = slices.reduce(0) { $0 + $1.during.events - $1.expected }
        let expected = slices.reduce(0) { $0 + $1.expected }
        // A single value says nothing that its dimension did not.
        guard slices.count > 1, change != 0, change.isFinite, expected.isFinite else { return (0, []) }
        let ranked = slices.map { slice in
            Culprit(
                dimension: slice.dimension, value: slice.value, share: (slice.during.events - slice.expected) / change,
                before: slice.before.rate, during: slice.during.rate)
        }
        // What was never there before gets a small share, so that its surprise is bounded.
        let shares = slices.map { ($0.expected + 0.5) / (expected + 0.5 * Double(slices.count)) }
        var covered = 0.0
        var gain = 0.0
        var culprits: [Culprit] = []
        for index in ranked.indices.sorted(by: { ranked[$0].share > ranked[$1].share }) {
            let share = ranked[index].share
            guard covered < coverage, share > 0, culprits.count < mostCulprits else { break }
            covered += share
            gain += share * log(share / shares[index])
            culprits.append(ranked[index])
        }
        return covered >= coverage ? (gain, culprits) : (0, [])
    }

    private static func isSound(_ slice: Slice) -> Bool {
        [slice.before, slice.during].allSatisfy {
            $0.events >= 0 && $0.base >= 0 && $0.events.isFinite && $0.base.isFinite
        }
    }
}
