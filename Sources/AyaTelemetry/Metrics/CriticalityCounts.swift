/// How often something happened, by how critical it was for.
package struct CriticalityCounts: Sendable {
    private var counts = InlineArray<4, UInt64>(repeating: 0)

    /// As the configuration has them, the most critical first.
    package static let labels = ["critical", "high", "normal", "sheddable"]

    package init() {}

    /// 0 for the most critical.
    package mutating func record(_ criticality: Int) { counts[min(max(criticality, 0), 3)] &+= 1 }

    package subscript(criticality: Int) -> UInt64 { counts[criticality] }

    package mutating func add(_ other: CriticalityCounts) {
        for index in 0..<4 { counts[index] &+= other.counts[index] }
    }
}
