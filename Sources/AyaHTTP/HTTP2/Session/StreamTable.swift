/// The open streams of a connection by their numbers: open addressing, since a dictionary would hash each frame's
/// stream with a key of its own.
///
/// Numbers count up by two, so that as they are they would stand in one long row, all of which a removal would have to
/// look through. Multiplied by the golden ratio (Knuth, The Art of Computer Programming 6.4) they stand evenly apart.
struct StreamTable {
    private var slots: [HTTP2Stream?] = []
    private var shift: UInt32 = 32
    private(set) var count = 0

    @inline(__always)
    private func place(_ id: UInt32) -> Int { Int(((id >> 1) &* 0x9e37_79b1) &>> shift) }

    subscript(_ id: UInt32) -> HTTP2Stream? {
        if slots.isEmpty { return nil }
        var at = place(id)
        while let stream = slots[at] {
            if stream.id == id { return stream }
            at = (at &+ 1) & (slots.count &- 1)
        }
        return nil
    }

    mutating func insert(_ stream: HTTP2Stream) {
        if count * 2 >= slots.count { grow() }
        put(stream)
        count += 1
    }

    private mutating func put(_ stream: HTTP2Stream) {
        var at = place(stream.id)
        while slots[at] != nil { at = (at &+ 1) & (slots.count &- 1) }
        slots[at] = stream
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: max(16, old.count * 2))
        shift = 32 - UInt32(slots.count.trailingZeroBitCount)
        for case let stream? in old { put(stream) }
    }

    mutating func remove(_ id: UInt32) {
        guard !slots.isEmpty else { return }
        let mask = slots.count &- 1
        var hole = place(id)
        while let stream = slots[hole], stream.id != id { hole = (hole &+ 1) & mask }
        guard slots[hole] != nil else { return }
        count -= 1
        // Whoever was pushed on past the hole comes back into it, so that no search ends before it.
        var next = (hole &+ 1) & mask
        while let stream = slots[next] {
            if (next &- place(stream.id)) & mask >= (next &- hole) & mask {
                slots[hole] = stream
                hole = next
            }
            next = (next &+ 1) & mask
        }
        slots[hole] = nil
    }

    func forEach(_ body: (HTTP2Stream) -> Void) {
        for case let stream? in slots { body(stream) }
    }

    mutating func removeAll() {
        slots = []
        count = 0
        shift = 32
    }
}
