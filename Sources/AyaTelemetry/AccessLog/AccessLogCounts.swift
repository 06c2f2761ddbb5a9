/// What became of an access log's records.
package struct AccessLogCounts: Counts {
    /// Written, or taken by a collector.
    package var records: UInt64 = 0
    /// Lost: the queue was full, or the target refused them.
    package var dropped: UInt64 = 0
    /// Attempts to write that failed.
    package var failures: UInt64 = 0
    package var queuedBlocks = 0

    package init() {}

    package mutating func add(_ other: AccessLogCounts) {
        records &+= other.records
        dropped &+= other.dropped
        failures &+= other.failures
        queuedBlocks &+= other.queuedBlocks
    }
}

/// The same of spans.
package struct TraceCounts: Counts {
    package var outlet = AccessLogCounts()

    package init() {}
    package init(_ outlet: AccessLogCounts) { self.outlet = outlet }

    package mutating func add(_ other: TraceCounts) { outlet.add(other.outlet) }
}
