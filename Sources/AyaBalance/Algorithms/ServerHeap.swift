/// A binary heap of servers that knows where each one stands, so that a change of one costs a walk of its path alone.
struct ServerHeap {
    struct Entry {
        /// What decides first: the smaller goes first.
        var rank: UInt64
        /// What decides among equals: a moment of virtual time. It may wrap around, so differences are compared.
        var pass: UInt64
        var server: Int32
        var share: Int32

        /// 1 if this goes before the other, else 0. Without branches: which of two comes first is chance, and a
        /// mispredicted jump a level would cost more than all the rest.
        @inline(__always) func precedence(over other: Entry) -> Int {
            let lower = rank < other.rank ? 1 : 0
            let equal = rank == other.rank ? 1 : 0
            return lower | equal & Int(truncatingIfNeeded: (pass &- other.pass) >> 63)
        }

        @inline(__always) func isBefore(_ other: Entry) -> Bool { precedence(over: other) == 1 }
    }

    private var entries: ContiguousArray<Entry> = []
    /// Where a server's entry stands; -1 for those without.
    private var positions: ContiguousArray<Int32>

    init(capacity: Int) {
        positions = ContiguousArray(repeating: -1, count: capacity)
        entries.reserveCapacity(capacity)
    }

    subscript(server: Int) -> Entry? {
        let position = Int(positions[server])
        return position < 0 ? nil : entries[position]
    }

    /// Adds a server or replaces its entry.
    mutating func put(_ entry: Entry) {
        var position = Int(positions[Int(entry.server)])
        if position < 0 {
            position = entries.count
            entries.append(entry)
        }
        Self.settle(entry, at: position, &entries, &positions)
    }

    mutating func remove(_ server: Int) {
        let position = Int(positions[server])
        guard position >= 0, let last = entries.popLast() else { return }
        positions[server] = -1
        if position < entries.count { Self.settle(last, at: position, &entries, &positions) }
    }

    /// The first entry that is not excluded. Looks at no more than two entries for each excluded one.
    func first(excluding excluded: borrowing ExcludedServers) -> Entry? {
        guard let first = entries.first else { return nil }
        if excluded.isEmpty || !excluded.contains(Int(first.server)) { return first }
        return best(below: 0, excluding: excluded)
    }

    private func best(below position: Int, excluding excluded: borrowing ExcludedServers) -> Entry? {
        var winner: Entry?
        for child in [2 * position + 1, 2 * position + 2] where child < entries.count {
            let candidate =
                excluded.contains(Int(entries[child].server))
                ? best(below: child, excluding: excluded) : entries[child]
            guard let candidate else { continue }
            if let known = winner, !candidate.isBefore(known) { continue }
            winner = candidate
        }
        return winner
    }

    /// Puts an entry where it belongs, starting from a place that is free for it.
    private static func settle(
        _ entry: Entry, at start: Int, _ entries: inout ContiguousArray<Entry>,
        _ positions: inout ContiguousArray<Int32>
    ) {
        var entries = entries.mutableSpan
        var positions = positions.mutableSpan
        let count = entries.count
        var hole = start
        // Down first, without looking at the entry: mostly a server that just got work belongs near the bottom, and
        // this way each level costs one comparison instead of two.
        if start == 0 || !entry.isBefore(entries[(start &- 1) >> 1]) {
            var child = 2 &* hole &+ 1
            while child < count {
                if child &+ 1 < count { child &+= entries[child &+ 1].precedence(over: entries[child]) }
                let moved = entries[child]
                entries[hole] = moved
                positions[Int(moved.server)] = Int32(truncatingIfNeeded: hole)
                hole = child
                child = 2 &* hole &+ 1
            }
        }
        while hole > 0 {
            let parent = (hole &- 1) >> 1
            let above = entries[parent]
            guard entry.isBefore(above) else { break }
            entries[hole] = above
            positions[Int(above.server)] = Int32(truncatingIfNeeded: hole)
            hole = parent
        }
        entries[hole] = entry
        positions[Int(entry.server)] = Int32(truncatingIfNeeded: hole)
    }

    /// For tests: every entry stands behind its parent, and positions agree.
    var isConsistent: Bool {
        entries.indices.allSatisfy { index in
            positions[Int(entries[index].server)] == index
                && (index == 0 || !entries[index].isBefore(entries[(index - 1) / 2]))
        } && positions.count(where: { $0 >= 0 }) == entries.count
    }
}
