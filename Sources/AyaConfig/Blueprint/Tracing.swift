extension Blueprint {
    /// How exchanges take part in traces.
    package struct Tracing: Hashable, Sendable {
        /// Where spans go; nil: nowhere, the place in a trace is passed on only.
        package var collector: Collector?
        /// The share of traces that is recorded.
        package var sample = 0.01
        /// Exchanges that take as long are recorded in any case; nil: however long they take.
        package var slow: Duration?
        package var formats: Set<Format> = [.w3c]
        /// What this Aya is called in traces.
        package var service = "aya"

        package init() {}

        package enum Format: String, CaseIterable, Hashable, Sendable {
            case w3c, b3
            case b3Multi = "b3_multi"
        }
    }
}
