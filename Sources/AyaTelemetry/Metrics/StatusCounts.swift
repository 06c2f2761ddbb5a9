/// Responses by the class of their status: five numbers instead of a label for each of 500 codes.
package struct StatusCounts: Sendable {
    @usableFromInline var classes = InlineArray<5, UInt64>(repeating: 0)

    package static let labels = ["1xx", "2xx", "3xx", "4xx", "5xx"]

    package init() {}

    /// A status outside 100 to 599 counts as 5xx: whoever sent it broke the protocol.
    @inlinable package mutating func record(status: Int) {
        let index = status / 100 &- 1
        classes[index >= 0 && index < 5 ? index : 4] &+= 1
    }

    /// By class: 0 is 1xx.
    @inlinable package subscript(index: Int) -> UInt64 { classes[index] }

    package var total: UInt64 { (0..<5).reduce(0) { $0 &+ classes[$1] } }

    package mutating func add(_ other: StatusCounts) {
        for index in 0..<5 { classes[index] &+= other.classes[index] }
    }
}
