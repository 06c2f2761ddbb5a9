internal import AyaCore

extension Language {
    package enum Tune {
        /// From where to where one value may be tuned.
        struct Bounds: Sendable {
            let key: Key
            let least: Key
            let most: Key
            let section: Section

            init(_ name: String, _ type: ValueType, _ summary: String) {
                least = Key("min", type, required: true, "The least.")
                most = Key("max", type, required: true, "The most.")
                section = Section("bounds of \(name)", summary, [least, most])
                key = Key(name, .section(section), summary)
            }
        }

        static let weights = Bounds(
            "weights", .integer(1...65_535),
            "The servers' weights, so that all answer in equal time, for balancers that go by weights alone.")
        static let concurrency = Bounds(
            "concurrency", .integer(1...10_000_000), "How many exchanges the pool is given at once.")
        static let responseTimeout = Bounds("response_timeout", .duration(timeout), "The pool's `timeouts: response`.")
        static let outlierLatency = Bounds("outlier_latency", .decimal(1.1...1000), "The pool's `outliers: latency`.")
        static let retryBudget = Bounds("retry_budget", .share(0...1), "The pool's `retry: budget`.")
        static let hedgeAfter = Bounds("hedge_after", .duration(timeout), "The pool's `hedge: after`.")

        package static let section = Section(
            "tune", "What of the pool is tuned, each within its bounds.",
            [weights, concurrency, responseTimeout, outlierLatency, retryBudget, hedgeAfter].map(\.key))
    }
}
