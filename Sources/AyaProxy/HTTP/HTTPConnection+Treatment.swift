internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What routes may do besides forwarding: make trouble on purpose, and send copies to a mirror pool.
extension HTTPConnection {
    func treat(_ exchange: Exchange, _ treatment: RouteTreatment, to pool: PoolRuntime) async -> Ending {
        if let faults = treatment.faults, let ending = await makeTrouble(exchange, faults) { return ending }
        if let mirror = treatment.mirror, happens(mirror.share) { sendCopy(exchange, to: mirror.pool) }
        return await forward(exchange, to: pool)
    }

    private func happens(_ share: Double) -> Bool {
        share >= 1 || Double.random(in: 0..<1, using: &worker.random) < share
    }

    // MARK: faults

    /// Nil when the exchange goes on.
    private func makeTrouble(_ exchange: Exchange, _ faults: Blueprint.Faults) async -> Ending? {
        if let delay = faults.delay, happens(faults.delayShare) {
            let end = worker.now + Interval(delay)
            // Events of the client's socket come early; only its end counts.
            while await wait(until: end) { if socket.isBroken { return gone(exchange) } }
        }
        guard let status = faults.abort, happens(faults.abortShare) else { return nil }
        return await fail(exchange, .faultInjected, status: status)
    }

    // MARK: the mirror

    /// Sends the request to the mirror pool too. Nobody waits for the answer; the route's counters compare it with the
    /// client's. A body that has not arrived whole is not kept for the copy: such a request has none.
    private func sendCopy(_ exchange: Exchange, to pool: PoolRuntime) {
        guard let route = exchange.route else { return }
        let out = worker.buffers.takeLarge()
        guard pool.detached < DetachedTry.most, exchange.request.upgrade == nil, writeWholeRequest(exchange, to: out),
            let server = pool.begin(excluding: .none)
        else {
            worker.buffers.give(out)
            route.metrics.counts.mirrorSkipped &+= 1
            return
        }
        let comparison = MirrorComparison(route.metrics)
        exchange.mirror = comparison
        route.metrics.counts.mirrored &+= 1
        let socket = server.take()
        if socket != nil { server.metrics.counts.reused &+= 1 }
        DetachedTry.start(
            on: server, of: pool, worker: worker, method: exchange.request.method, began: worker.now, socket: socket,
            unsent: out, answer: nil
        ) { status, latency in comparison.copyEnded(status: status, after: latency) }
    }
}

/// Brings together how a request and its copy were answered, whichever ends first.
final class MirrorComparison {
    private let metrics: RouteMetrics
    private var status: Int?
    private var copyStatus: Int?

    init(_ metrics: RouteMetrics) { self.metrics = metrics }

    /// What the client got.
    func exchangeEnded(status: Int) {
        self.status = status
        compare()
    }

    /// - Parameter status: 0 when the copy got no answer.
    func copyEnded(status: Int, after latency: Interval) {
        copyStatus = status
        if status > 0 { metrics.counts.mirrorDuration.record(latency.nanoseconds) }
        compare()
    }

    private func compare() {
        guard let status, let copyStatus, status != copyStatus else { return }
        metrics.counts.mirrorDiffered &+= 1
    }
}
