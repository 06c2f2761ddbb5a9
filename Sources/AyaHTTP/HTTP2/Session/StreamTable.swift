/// The open streams of a connection by their numbers: open addressing, since a dictionary would hash each frame's
/// stream with a key of its own, and numbers that count up by two are spread well enough by themselves.
struct StreamTable {
    private var slots: [HTTP2Stream?] = []
    private(set) var count = 0

    private func place(_ id: UInt32) -> Int { Int(id >> 1) & (slots.count &- 1) }

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
        for case let stream? in old { put(stream) }
    }

    mutating func remove(_ id: UInt32) {
        guard !slots.isEmpty else { return }
        var at = place(id)
        while let stream = slots[at], stream.id != id { at = (at &+ 1) & (slots.count &- 1) }
        guard slots[at] != nil else { return }
        slots[at] = nil
        count -= 1
        // Whoever was pushed on past this place comes back, so that no search ends before it.
        var next = (at &+ 1) & (slots.count &- 1)
        while let stream = slots[next] {
            slots[next] = nil
            put(stream)
            next = (next &+ 1) & (slots.count &- 1)
        }
    }

    func forEach(_ body: (HTTP2Stream) -> Void) {
        for case let stream? in slots { body(stream) }
    }

    mutating func removeAll() {
        slots = []
        count = 0
    }
}
