internal import AyaCore

/// What traffic alone tells of each server: its latency of late, and how far its load stands among the others'.
struct PassiveLatency {
    private static let memory = Interval.seconds(1)
    /// Old news fade, so that a server that was slow is tried again.
    private static let fading = Interval.seconds(5)
    private static let floor: Float = 1e-5

    private var latencies: ContiguousArray<Smoothed>
    private var quantile: LoadQuantile
    /// The load by which a server is in the quantile; -1 for those out of the choice.
    private var counted: ContiguousArray<Int32>

    init(_ view: PoolView, hotAbove quantile: Double) {
        latencies = ContiguousArray(repeating: Smoothed(), count: view.count)
        counted = ContiguousArray(repeating: -1, count: view.count)
        self.quantile = LoadQuantile(quantile)
        for server in 0..<view.count { count(view, server) }
    }

    mutating func eligibilityChanged(_ view: PoolView, _ server: Int) {
        if view.isAway(server) { latencies[server] = Smoothed() }
        count(view, server)
    }

    mutating func count(_ view: PoolView, _ server: Int) {
        let old = counted[server]
        let new = view.isEligible(server) ? Int32(clamping: view.load(server)) : -1
        guard old != new else { return }
        if new >= 0 { quantile.insert(Int(new)) }
        if old >= 0 { quantile.remove(Int(old)) }
        counted[server] = new
    }

    mutating func observe(_ server: Int, _ observation: Observation) {
        let seconds = Float(observation.latency.seconds)
        // Failing fast is no merit, and work that was abandoned would have taken longer.
        guard observation.outcome == .success || seconds > latencies[server].value else { return }
        latencies[server].add(seconds, observation.now, over: Self.memory)
    }

    mutating func hear(_ server: Int, _ hearsay: Hearsay) {
        if let latency = hearsay.meanLatency { latencies[server].add(latency, hearsay.now, over: Self.memory) }
    }

    func isHot(_ view: PoolView, _ server: Int) -> Bool { view.load(server) > quantile.level }

    /// What one more request would take, in seconds.
    func cost(_ view: PoolView, _ server: Int, _ now: Instant) -> Float {
        let latency = latencies[server]
        let age = latency.isKnown ? now - latency.moment : .zero
        let queue = Float(view.load(server) &* PoolView.wholeShare) / Float(max(1, view.shares[server]))
        return (latency.value + Self.floor) * Smoothed.decay(age, over: Self.fading) * (queue + 1)
    }
}
