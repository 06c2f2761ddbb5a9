extension Blueprint {
    /// Metrics that are sent instead of fetched.
    package struct MetricsPush: Hashable, Sendable {
        package var collector: Collector
        package var interval = Duration.seconds(15)
        /// What this Aya is called.
        package var service = "aya"

        package init(collector: Collector) { self.collector = collector }
    }
}
