/// For each exposed bucket of a histogram the trace of one exchange that fell into it, the latest (OpenMetrics 1.0,
/// "Exemplars"): from a slow bucket on a dashboard it is one step to what made an exchange slow.
///
/// Only exchanges whose traces are recorded are noted, so that the trace is there to be looked at, and so that noting
/// costs only those. Storage appears with the first of them.
package struct Exemplars: Sendable {
    package struct Exemplar: Sendable, Hashable {
        package var trace: TracePlace
        /// What was measured, in nanoseconds.
        package var value: Int64
        /// The wall clock then, in nanoseconds since 1970.
        package var time: Int64

        package init(_ trace: TracePlace, value: Int64, time: Int64) {
            self.trace = trace
            self.value = value
            self.time = time
        }
    }

    /// By exposed bucket, the last one without a bound.
    private var kept: [Exemplar?] = []

    package init() {}

    package mutating func note(_ exemplar: Exemplar) {
        if kept.isEmpty { kept = Array(repeating: nil, count: PrometheusExposition.bounds.count + 1) }
        let bucket =
            PrometheusExposition.bounds.firstIndex { exemplar.value <= $0 } ?? PrometheusExposition.bounds.count
        kept[bucket] = exemplar
    }

    package var all: [Exemplar] { kept.compactMap(\.self) }

    /// Of one of the exposed buckets; the one behind the last bound has its number.
    package func exemplar(ofBucket bucket: Int) -> Exemplar? { kept.indices.contains(bucket) ? kept[bucket] : nil }

    /// The later one of both stays.
    package mutating func add(_ other: Exemplars) {
        guard !kept.isEmpty else {
            self = other
            return
        }
        for (bucket, exemplar) in other.kept.enumerated() {
            guard let exemplar else { continue }
            if let known = kept[bucket], known.time >= exemplar.time { continue }
            kept[bucket] = exemplar
        }
    }
}
