package import AyaCore

/// Chooses among the few shares of a route's split, such as 95 % to one pool and 5 % to another.
///
/// nginx's smooth weighted round robin: deterministic, so that a split of 95 to 5 is met within every hundred requests
/// and not only on average. Its cost grows with the number of shares, which is small, unlike a pool's servers.
package struct WeightedSplit: Sendable {
    private var shares: ContiguousArray<(weight: Int, current: Int)>
    private let total: Int

    /// Weights are relative and cut to 0 … 1,000,000; a share of 0 gets nothing.
    package init(weights: some Sequence<Int>) {
        shares = ContiguousArray(weights.map { (weight: min(max($0, 0), 1_000_000), current: 0) })
        total = shares.reduce(0) { $0 + $1.weight }
    }

    /// The position of the next share; nil when no share has a weight.
    package mutating func next() -> Int? {
        guard total > 0 else { return nil }
        if shares.count == 1 { return 0 }
        var best = -1
        for index in shares.indices where shares[index].weight > 0 {
            shares[index].current &+= shares[index].weight
            if best < 0 || shares[index].current > shares[best].current { best = index }
        }
        shares[best].current &-= total
        return best
    }

    /// The position of a share by chance, for workers that should not move in step.
    package func random(_ random: inout RandomSource) -> Int? {
        guard total > 0 else { return nil }
        var point = Int.random(in: 0..<total, using: &random)
        for index in shares.indices {
            point -= shares[index].weight
            if point < 0 { return index }
        }
        return nil
    }
}
