/// How often each reason occurred. Storage appears with the first: most routes never fail.
package struct ReasonCounts: Sendable {
    private var counts: ContiguousArray<UInt64> = []

    package init() {}

    package mutating func record(_ reason: Reason) {
        if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Reason.allCases.count) }
        counts[Int(reason.rawValue)] &+= 1
    }

    package subscript(reason: Reason) -> UInt64 { counts.isEmpty ? 0 : counts[Int(reason.rawValue)] }

    /// Nothing was ever counted.
    package var isEmpty: Bool { counts.isEmpty }

    package var total: UInt64 { counts.reduce(0, &+) }

    package mutating func add(_ other: ReasonCounts) {
        guard !other.counts.isEmpty else { return }
        if counts.isEmpty {
            self = other
            return
        }
        for index in counts.indices { counts[index] &+= other.counts[index] }
    }
}
