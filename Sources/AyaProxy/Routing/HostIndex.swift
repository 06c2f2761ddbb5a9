/// Host names to numbers, by hash of the lower-cased bytes, without making a `String` of the request's host.
///
/// Keys come from the configuration alone, so a client cannot fill a bucket; it can only miss.
struct HostIndex {
    private struct Entry {
        var hash: UInt64
        var name: [UInt8]
        var value: Int
    }

    private var entries: [Entry] = []
    /// Positions in `entries` plus one, 0 for free; open addressing, a power of two, at most half full.
    private var slots: [Int32] = []

    var isEmpty: Bool { entries.isEmpty }

    /// The value that stands for the name: a known one, or `value` which is stored now.
    mutating func insert(_ name: [UInt8], _ value: Int) -> Int {
        if let known = find(name.span) { return known }
        entries.append(Entry(hash: Self.hash(name.span), name: name, value: value))
        if entries.count * 2 > slots.count { rebuild() } else { place(entries.count - 1) }
        return value
    }

    func find(_ name: Span<UInt8>) -> Int? {
        guard !slots.isEmpty else { return nil }
        let hash = Self.hash(name)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if entries[position].hash == hash, Self.equal(entries[position].name, name) {
                return entries[position].value
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func rebuild() {
        slots = Array(repeating: 0, count: max(16, slots.count * 2))
        for position in entries.indices { place(position) }
    }

    private mutating func place(_ position: Int) {
        var slot = Int(truncatingIfNeeded: entries[position].hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(position + 1)
    }

    /// FNV-1a over lower-cased bytes, with the upper half folded in for the small tables here.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.indices { hash = (hash ^ UInt64(lowercased(name[index]))) &* 0x100_0000_01b3 }
        return hash ^ hash >> 32
    }

    private static func equal(_ known: [UInt8], _ name: Span<UInt8>) -> Bool {
        guard known.count == name.count else { return false }
        for index in known.indices where known[index] != lowercased(name[index]) { return false }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }
}
