/// What was measured of one subject before an incident and during it.
///
/// `events` over `base` is the rate that is looked at: requests over seconds, errors over requests, seconds of latency
/// over requests.
package struct Slice: Equatable, Sendable {
    package struct Count: Equatable, Sendable {
        package var events: Double
        package var base: Double

        package init(events: Double, base: Double) {
            self.events = events
            self.base = base
        }

        package var rate: Double { base > 0 ? events / base : 0 }
    }

    package var dimension: Subject.Dimension
    package var value: String
    package var before: Count
    package var during: Count

    package init(_ dimension: Subject.Dimension, _ value: String, before: Count, during: Count) {
        self.dimension = dimension
        self.value = value
        self.before = before
        self.during = during
    }

    /// The events that there would be, had the rate not changed.
    var expected: Double { before.rate * during.base }
}
