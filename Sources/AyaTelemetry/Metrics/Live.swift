/// Counters that one worker owns and increments.
///
/// They are plain numbers behind one reference: no atomic, no lock. The counters themselves are a struct, because the
/// same struct is then the snapshot that leaves the worker. `live.counts.requests &+= 1` is one instruction.
package final class Live<Counts: AyaTelemetry.Counts> {
    /// As it stands in the configuration.
    package let name: String
    package var counts = Counts()

    package init(name: String) { self.name = name }

    /// Name and counters as a value.
    package var sample: Sample<Counts> { Sample(name: name, counts: counts) }
}

/// A struct of counters which several workers keep each for itself, and which add up.
package protocol Counts: Sendable {
    init()
    mutating func add(_ other: Self)
}

/// Counters of one thing at one moment.
package struct Sample<Counts: AyaTelemetry.Counts>: Sendable {
    package var name: String
    package var counts: Counts

    package init(name: String, counts: Counts) {
        self.name = name
        self.counts = counts
    }
}

package typealias ListenerMetrics = Live<ListenerCounts>
package typealias RouteMetrics = Live<RouteCounts>
package typealias ServerMetrics = Live<ServerCounts>
