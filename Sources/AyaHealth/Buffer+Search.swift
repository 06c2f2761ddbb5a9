internal import AyaCore

extension Buffer {
    /// Whether the bytes occur among the unread ones.
    func contains(_ wanted: [UInt8]) -> Bool { unsafe unread.span.contains(wanted) }
}

extension Span<UInt8> {
    func contains(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        guard count >= wanted.count else { return false }
        for start in 0...(count - wanted.count) where self[start] == first {
            var length = 1
            while length < wanted.count, self[start &+ length] == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }
}
