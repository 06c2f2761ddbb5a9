/// A set of positions as bits, with a quick way to the next member: a pool of a thousand servers is sixteen words.
package struct ServerSet: Equatable, Sendable {
    private var words: ContiguousArray<UInt64>
    package private(set) var count = 0

    package init(capacity: Int) {
        words = ContiguousArray(repeating: 0, count: (max(0, capacity) + 63) / 64)
    }

    package var isEmpty: Bool { count == 0 }

    package func contains(_ member: Int) -> Bool {
        words[member >> 6] >> UInt64(truncatingIfNeeded: member & 63) & 1 == 1
    }

    package mutating func insert(_ member: Int) {
        guard !contains(member) else { return }
        words[member >> 6] |= 1 << UInt64(truncatingIfNeeded: member & 63)
        count += 1
    }

    package mutating func remove(_ member: Int) {
        guard contains(member) else { return }
        words[member >> 6] &= ~(1 << UInt64(truncatingIfNeeded: member & 63))
        count -= 1
    }

    /// The smallest member that is at least `start`; when there is none, the smallest of all.
    package func next(from start: Int) -> Int? {
        guard count > 0 else { return nil }
        var index = start >> 6
        // Bits below `start` are masked off in its own word only; the search comes round to them at the end.
        var word: UInt64 = 0
        if index < words.count {
            word = words[index] & (UInt64.max &<< UInt64(truncatingIfNeeded: start & 63))
        }
        for _ in 0...words.count {
            if word != 0 { return index &* 64 &+ word.trailingZeroBitCount }
            index += 1
            if index >= words.count { index = 0 }
            word = words[index]
        }
        return nil
    }

    /// A member that is not excluded, the same for the same key; for when a hash has found none.
    func next(after key: UInt64, excluding excluded: borrowing ExcludedServers) -> Int? {
        var start = Hash.index(Hash.mix(key), below: max(1, words.count &* 64))
        for _ in 0...excluded.count {
            guard let member = next(from: start) else { return nil }
            if !excluded.contains(member) { return member }
            start = member &+ 1
        }
        return nil
    }
}
