package import AyaTelemetry

/// Where the admin API has its answers from. The composition root implements it; everything here runs on the control
/// plane, so it may wait for the workers.
package protocol StatusSource: Sendable {
    /// The sum of all workers' counters.
    func metrics() async -> MetricsSnapshot
    func facts() async -> ProcessFacts
    func status() async -> ServerStatus
    /// Must not wait for a worker: it answers probes.
    func readiness() async -> Readiness
    /// The workers that take no turns any more, by number. Must not wait for them.
    var silentWorkers: [Int] { get }
}

/// Whether new work should be sent here.
package enum Readiness: String, Sendable, CaseIterable {
    /// Not listening yet.
    case starting
    case ready
    /// Stopping: what runs is finished, new work belongs elsewhere.
    case draining
}
