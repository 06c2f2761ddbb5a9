/// Something that lifts load and is known beforehand, such as a campaign or a broadcast: past occurrences teach what it
/// really does, coming ones use it.
package struct KnownEvent: Equatable, Sendable {
    /// Occurrences of one name teach each other.
    package var name: String
    /// Seconds since 1970.
    package var start: Double
    /// Seconds.
    package var length: Double
    /// What the operator expects: 3 is three times the usual load. Counts as much as one occurrence that was seen.
    package var expectedLift: Double?

    package init(name: String, start: Double, length: Double, expectedLift: Double? = nil) {
        self.name = name
        self.start = start
        self.length = length
        self.expectedLift = expectedLift
    }
}
