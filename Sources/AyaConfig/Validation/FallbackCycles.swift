internal import AyaCore

extension Validation {
    /// Pools that stand in for each other would hand a request around for ever.
    func checkFallbackCycles() {
        let links = Dictionary(
            draft.fallbackPools.map { ($0.owner, $0.reference) }, uniquingKeysWith: { first, _ in first })
        var done: Set<String> = []
        for owner in links.keys.sorted() {
            var path: [String] = []
            var pool = owner
            while let next = links[pool], done.insert(pool).inserted {
                path.append(pool)
                pool = next.pool
            }
            // Only a way that came back onto itself is a cycle; others ended at what was seen before.
            guard let start = path.firstIndex(of: pool), let link = links[path[start]] else { continue }
            let way = (path[start...] + [pool]).map { "'\($0)'" }.joined(separator: " → ")
            problems.error(
                path.count - start == 1
                    ? "pool '\(pool)' is its own fallback" : "pools are each other's fallback: \(way)", at: link.place)
        }
    }
}
