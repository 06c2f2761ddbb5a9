internal import AyaCore

/// Which traces are recorded, decided where they begin.
///
/// By the trace's own id (its right seven bytes, OpenTelemetry's consistent probability sampling), so that every
/// service with the same rate takes the same ones.
package struct TraceSampling: Hashable, Sendable {
    /// Of 2^56: ids from there on are taken.
    private let threshold: UInt64

    private static let space: UInt64 = 1 << 56

    /// - Parameter rate: the share that is taken, 0 to 1.
    package init(rate: Double) {
        let rejected = (1 - min(max(rate, 0), 1)) * 72_057_594_037_927_936
        threshold = min(Self.space, UInt64(rejected))
    }

    package func takes(low: UInt64) -> Bool { low & (Self.space - 1) >= threshold }
}

/// Which records become spans, decided when they are over: those of traces that are recorded, and, whatever their
/// trace's begin said, failures, second tries and slow ones.
package struct TraceSelection: RecordSelection, Hashable {
    private let slow: Int64

    /// - Parameter slow: nil: however long it takes.
    package init(slow: Duration?) { self.slow = slow.map { Interval($0).nanoseconds } ?? .max }

    package func takes(_ record: PackedRecord) -> Bool {
        guard let trace = record.trace else { return false }
        return trace.isSampled || record.isFailure || record.attempts > 1 || record.total.nanoseconds >= slow
    }
}
