/// What several workers say of one request, told as one.
extension Explainer.Finding {
    /// They have the same routes; of a split, each has its own turn, and those that would take another pool than the
    /// first are left out.
    package static func merge(_ findings: [Explainer.Finding]) -> Explainer.Finding {
        guard var merged = findings.first, let first = merged.pool else { return findings.first ?? .init() }
        let pools = findings.compactMap(\.pool).filter { $0.isComparable(to: first) }
        merged.pool?.workers = pools.flatMap(\.workers).sorted()
        for index in first.candidates.indices {
            let views = pools.map { $0.candidates[index] }
            merged.pool?.candidates[index].cost = mean(views.compactMap(\.cost))
            merged.pool?.candidates[index].chance = mean(views.compactMap(\.chance))
            merged.pool?.candidates[index].isPicked = views.contains { $0.isPicked }
            merged.pool?.candidates[index].pickers = views.flatMap(\.pickers).sorted()
        }
        // Where the first finds no server, it says why; one that does tells more.
        let telling = pools.first { $0.candidates.contains { $0.isPicked } }
        if let telling { merged.pool?.why = telling.why }
        return merged
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension Explanation.Pool {
    /// A worker may already have the next generation.
    fileprivate func isComparable(to other: Explanation.Pool) -> Bool {
        name == other.name && candidates.map(\.server) == other.candidates.map(\.server)
    }
}
