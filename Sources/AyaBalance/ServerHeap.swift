/// A binary heap of servers that knows where each one stands, so that a change of one costs a walk of its path alone.
///
/// The order is `rank` first and `pass` on ties, both given with the server. `pass` is virtual time and may wrap
/// around: passes are compared by their difference.
struct ServerHeap {
    struct Entry {
        var server: Int32
        var weight: Int32
        /// Work in flight, or 0 where only virtual time matters. It counts relative to `weight`.
        var load: Int
        var pass: UInt64

        /// Exact: no ratio is rounded. Loads below 2^47 with weights below 2^16 can not overflow.
        @inline(__always) func isBefore(_ other: Entry) -> Bool {
            let mine = load &* Int(other.weight)
            let theirs = other.load &* Int(weight)
            if mine != theirs { return mine < theirs }
            return Int64(bitPattern: pass &- other.pass) < 0
        }
    }

    private var entries: ContiguousArray<Entry> = []
    /// Where a server's entry stands; -1 for those without.
    private var positions: ContiguousArray<Int32>

    init(capacity: Int) {
        positions = ContiguousArray(repeating: -1, count: capacity)
        entries.reserveCapacity(capacity)
    }

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    subscript(server: Int) -> Entry? {
        let position = Int(positions[server])
        return position < 0 ? nil : entries[position]
    }

    /// Adds a server or replaces its entry.
    mutating func put(_ entry: Entry) {
        let server = Int(entry.server)
        let position = Int(positions[server])
        if position < 0 {
            entries.append(entry)
            rise(entry, from: entries.count - 1)
        } else if position > 0, entry.isBefore(entries[(position - 1) / 2]) {
            rise(entry, from: position)
        } else {
            sink(entry, from: position)
        }
    }

    mutating func remove(_ server: Int) {
        let position = Int(positions[server])
        guard position >= 0, let last = entries.popLast() else { return }
        positions[server] = -1
        guard position < entries.count else { return }
        // The gap takes the last entry, which may belong above or below.
        if position > 0, last.isBefore(entries[(position - 1) / 2]) {
            rise(last, from: position)
        } else {
            sink(last, from: position)
        }
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

    private mutating func rise(_ entry: Entry, from start: Int) {
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard entry.isBefore(entries[parent]) else { break }
            place(entries[parent], at: position)
            position = parent
        }
        place(entry, at: position)
    }

    private mutating func sink(_ entry: Entry, from start: Int) {
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entry) else { break }
            place(entries[child], at: position)
            position = child
        }
        place(entry, at: position)
    }

    @inline(__always) private mutating func place(_ entry: Entry, at position: Int) {
        entries[position] = entry
        positions[Int(entry.server)] = Int32(truncatingIfNeeded: position)
    }

    /// For tests: every entry stands behind its parent, and positions agree.
    var isConsistent: Bool {
        entries.indices.allSatisfy { index in
            positions[Int(entries[index].server)] == index
                && (index == 0 || !entries[index].isBefore(entries[(index - 1) / 2]))
        } && positions.count(where: { $0 >= 0 }) == entries.count
    }
}
