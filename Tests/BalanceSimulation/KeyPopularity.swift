internal import Glibc

/// Keys as users ask for them: some very often, most hardly ever (Zipf, exponent 0.9).
struct KeyPopularity {
    private var sums: [Double] = []

    init(isUsed: Bool, keys: Int = 20_000) {
        guard isUsed else { return }
        var sum = 0.0
        sums = (1...keys).map { rank in
            sum += 1 / pow(Double(rank), 0.9)
            return sum
        }
    }

    /// Nil when there are none.
    func draw(_ chance: inout Chance) -> UInt64? {
        guard let whole = sums.last else { return nil }
        let wanted = chance.uniform() * whole
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        // Spread over all bits, never zero.
        return UInt64(low + 1) &* 0x9e37_79b9_7f4a_7c15
    }
}
