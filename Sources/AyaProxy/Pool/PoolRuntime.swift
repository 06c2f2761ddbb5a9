package import AyaBalance
package import AyaConfig
package import AyaCore
internal import AyaReactor
package import AyaTelemetry

/// A pool as one worker runs it: its balancer, its servers, their connections.
package final class PoolRuntime {
    package let name: [UInt8]
    let recordName: RecordName
    package let servers: ContiguousArray<ServerRuntime>
    package let timeouts: Timeouts
    let retry: RetryPolicy
    /// Short bodies are kept while they may have to be sent again: servers of HTTP/2 refuse requests unseen, and calls
    /// of gRPC have bodies.
    let keepsBodies: Bool
    private var retryBudget: RetryBudget
    /// Nil when slow requests get no second try.
    let hedge: HedgePolicy?
    /// By the balancer's default, not by the configuration's word.
    let hedgesUnasked: Bool
    /// Tries that go on by themselves.
    var detached = 0
    package let proxyProtocol: Blueprint.ProxyProtocolVersion?
    package let metrics: PoolMetrics
    let choices: ServerChoices
    /// What hash balancers place an exchange by.
    let keySource: KeySource
    /// Answers may say how busy their server is.
    let readsLoadReports: Bool
    /// Nil when clients have no server of their own.
    let persistence: PoolPersistence?
    /// Nil when the pool takes whatever comes.
    private(set) var admission: Admission?
    /// What clients get when the pool can not answer; nil: why.
    var fallback: Fallback?
    let worker: Worker
    let board: PoolBoard
    /// When this pool began: an earlier one of its name may have counted before.
    private let earlierRetries: UInt64
    private var loads: LoadBoard.Reader?
    /// Of the verdicts on the board that the view holds already.
    private var boardVersion = 0
    /// When the other workers' loads are read again, and how often that is.
    private var nextReading = Instant(nanoseconds: 0)
    private let readingInterval: Interval
    /// What the other workers had seen when their cells were read last.
    private var heard: ContiguousArray<PoolBoard.Seen>

    /// In a row; out of reach when failures in a row eject nobody.
    private let failuresToEject: Int
    private let mostEjected: Int

    /// In the data plane's clock.
    package struct Timeouts {
        package var connect: Interval
        package var response: Interval
        package var idle: Interval
    }

    /// - Parameter former: the pool of that name as it was configured before; servers that both have keep their
    ///   connections and what was learned of them.
    init(
        _ shared: SharedState.Pool, metrics: PoolMetrics, worker: Worker, http2: HTTP2Scratch,
        continuing former: PoolRuntime? = nil
    ) {
        let blueprint = shared.blueprint
        earlierRetries = metrics.counts.retries
        board = shared.board
        loads = shared.loads.map(LoadBoard.Reader.init)
        // A thousand cells take about a microsecond to read.
        let cells = Int64(board.serverCount * board.workerCount)
        let isAlone = board.workerCount == 1 && shared.loads == nil
        readingInterval = isAlone ? .milliseconds(100) : .milliseconds(1 + cells / 4096)
        self.worker = worker
        self.metrics = metrics
        name = Array(blueprint.name.utf8)
        recordName = RecordName(name)
        let outliers = blueprint.outliers.map(OutlierRule.init)
        failuresToEject = outliers?.consecutiveFailures ?? .max
        mostEjected = outliers?.mostEjected(of: blueprint.servers.count) ?? 0
        retry = RetryPolicy(blueprint.retry)
        keepsBodies = blueprint.serverProtocol != .http || retry.readsCalls
        retryBudget = RetryBudget(share: blueprint.retry.budget)
        let board = shared.board
        heard = ContiguousArray((0..<board.serverCount).map { board.seen($0, without: worker.index) })
        hedge = HedgePolicy(blueprint, workers: board.workerCount)
        hedgesUnasked = blueprint.hedge == .auto
        proxyProtocol = blueprint.proxyProtocol
        persistence = PoolPersistence(blueprint, shared.persistence)
        let timeouts = Timeouts(
            connect: Interval(blueprint.timeouts.connect), response: Interval(blueprint.timeouts.response),
            idle: Interval(blueprint.timeouts.idle))
        self.timeouts = timeouts
        servers = ContiguousArray(
            blueprint.servers.indices.map { index in
                let name = "\(blueprint.servers[index].address)"
                let (endpoint, tls) = (shared.addresses[index], shared.tls?[index])
                let spoken = blueprint.serverProtocol
                if let known = former?.server(Array(name.utf8)),
                    known.isReached(at: endpoint, by: tls, speaking: spoken)
                {
                    known.shared?.setBounds(blueprint, timeouts)
                    return ServerRuntime(
                        known, index: index, limit: shared.limits[index], idleLimit: blueprint.idleConnections,
                        idleTimeout: timeouts.idle)
                }
                return ServerRuntime(
                    index: index, endpoint: endpoint, name: name, metrics: metrics.servers[index],
                    idle: IdleConnections(
                        limit: blueprint.idleConnections, timeout: timeouts.idle, metrics: metrics.servers[index],
                        worker: worker),
                    shared: SharedConnections(blueprint, timeouts, metrics.servers[index], http2),
                    limit: shared.limits[index], tls: tls)
            })
        choices = ServerChoices(blueprint, zone: shared.zone)
        if let former {
            choices.adopt(former.choices, positions: servers.map { former.server($0.name)?.index })
        }
        // `auto` may place by key where the pool names one.
        keySource = KeySource(blueprint, isHash: choices.isHash || choices.auto != nil && blueprint.hash != nil)
        readsLoadReports = blueprint.balance == .resource || blueprint.balance == .prequal
        if let admission = shared.admission {
            self.admission = Admission(blueprint, pool: self, board: board, shared: admission, worker: worker)
        }
    }

    private func server(_ name: [UInt8]) -> ServerRuntime? { servers.first { $0.name == name } }

    /// Whether this is how the pool is configured now.
    func runs(_ shared: SharedState.Pool) -> Bool { board === shared.board }

    /// The configuration has no such pool any more, or another one in its place, which has taken over some servers:
    /// what runs is finished, and the others' connections close.
    func retire(inFavourOf next: PoolRuntime?) {
        for server in servers where next?.servers.contains(where: { $0.idle === server.idle }) != true {
            server.idle.closeForGood()
            server.shared?.closeForGood()
        }
    }

    /// A server for new work, which has begun on it; `finish` ends it. Nil when none is available.
    /// - Parameters:
    ///   - key: what hash balancers place the work by.
    ///   - subset: which servers may have it: a number of `subset(_:)`.
    package func begin(
        key: UInt64 = 0, subset: Int = 0, excluding excluded: borrowing ExcludedServers
    ) -> ServerRuntime? {
        readBoard()
        if let admission, !admission.take() { return nil }
        let request = PickRequest(key: key, now: worker.now)
        while let index = choices.pick(request, subset: subset, excluding: excluded, random: &worker.random) {
            if let server = take(index) { return server }
        }
        admission?.putBack()
        return nil
    }

    /// The same on a server that the client belongs to; nil when it may not have it.
    func begin(on index: Int, subset: Int = 0, excluding excluded: borrowing ExcludedServers) -> ServerRuntime? {
        readBoard()
        guard let persistence, !excluded.contains(index), choices.contains(index, subset: subset),
            persistence.mayServe(index, view)
        else {
            return nil
        }
        if let admission, !admission.take() { return nil }
        if let server = take(index) { return server }
        admission?.putBack()
        return nil
    }

    /// Work that another process began on a server goes on here; nil when there is no such server, or it is full.
    func resume(on name: [UInt8]) -> ServerRuntime? {
        readBoard()
        guard let known = server(name) else { return nil }
        if let admission, !admission.take() { return nil }
        if let server = take(known.index) { return server }
        admission?.putBack()
        return nil
    }

    /// Nil when the server is at its limit.
    private func take(_ index: Int) -> ServerRuntime? {
        let server = servers[index]
        if let limit = server.limit, !limit.take() {
            // Lifted when work ends on it here, or by the housekeeper when it ended on another worker.
            choices.set(.full, true, on: index)
            return nil
        }
        choices.begin(index)
        server.seen.inFlight &+= 1
        board.tell(inFlight: server.seen.inFlight, of: index, worker: worker.index)
        server.metrics.counts.inFlight &+= 1
        admission?.began(on: index)
        return server
    }

    /// The same for another try of an exchange.
    ///
    /// - Parameter isFree: the failed try cost no server anything, so this one is no additional load.
    func beginRetry(
        _ exchange: Exchange, isFree: Bool, excluding excluded: borrowing ExcludedServers
    ) -> ServerRuntime? {
        if !isFree {
            noteRequests()
            guard retryBudget.take(now: worker.now) else {
                metrics.counts.retriesOverBudget &+= 1
                return nil
            }
        }
        guard let server = begin(key: exchange.key, subset: exchange.subset, excluding: excluded) else { return nil }
        metrics.counts.retries &+= 1
        return server
    }

    /// Tells the budget how much was asked: what has ended here, without the retries among it.
    private func noteRequests() {
        var ended = 0
        for server in servers { ended &+= server.seen.successes &+ server.seen.failures }
        retryBudget.note(
            total: ended &- Int(truncatingIfNeeded: metrics.counts.retries &- earlierRetries), now: worker.now)
    }

    /// Work that `begin` began is over. The observation is nil when it tells nothing about the server.
    package func finish(_ server: ServerRuntime, _ observation: Observation?) {
        choices.end(server.index, observation)
        server.see(observation)
        board.tell(server.seen, of: server.index, worker: worker.index)
        if server.failuresInARow >= failuresToEject { eject(server) }
        server.metrics.counts.inFlight &-= 1
        if let limit = server.limit {
            limit.giveBack()
            choices.set(.full, false, on: server.index)
        }
        admission?.ended(on: server.index, observation)
    }

    /// Why `begin` found no server.
    func unavailability(subset: Int = 0) -> Reason {
        if admission?.isAtLimit == true { return .concurrencyLimit }
        var reason = Reason.noServer
        for server in servers where view.weights[server.index] > 0 && choices.contains(server.index, subset: subset) {
            let holds = view.holds[server.index]
            if holds.contains(.full) { return .connectionLimit }
            if holds.contains(.broken) { reason = .breakerOpen }
        }
        return reason
    }

    /// Takes a server with an open breaker out of the choice of this worker, or lifts that.
    func setBroken(_ isBroken: Bool, on server: Int) { choices.set(.broken, isBroken, on: server) }

    /// Looks which servers are at their limit: work may have ended on other workers.
    func refreshFull() {
        for server in servers {
            if let limit = server.limit { choices.set(.full, limit.isFull, on: server.index) }
        }
    }

    /// At once, for all workers; the outlier watch sees to its return.
    private func eject(_ server: ServerRuntime) {
        server.failuresInARow = 0
        board.eject(server.index, atMost: mostEjected)
    }

    /// Verdicts as soon as there are any, the loads of other workers once a millisecond.
    private func readBoard() {
        let version = board.version
        if version != boardVersion { readVerdicts(version) }
        if worker.now >= nextReading { readLoads() }
    }

    private func readVerdicts(_ version: Int) {
        boardVersion = version
        for server in 0..<servers.count {
            let holds = board.holds(server)
            for hold in PoolView.Holds.verdicts { choices.set(hold, holds.contains(hold), on: server) }
            choices.setWeight(board.weight(server), of: server)
        }
        admission?.verdictsRead()
    }

    private func readLoads() {
        nextReading = worker.now + readingInterval
        choices.tick(worker.now)
        loads?.deliver(to: choices, now: worker.now)
        if let change = choices.auto?.selection.change { board.tell(change, worker: worker.index) }
        guard board.workerCount > 1 else { return }
        for server in 0..<servers.count {
            let others = board.seen(server, without: worker.index)
            choices.setForeign(others.inFlight, of: server)
            let known = heard[server]
            guard others.successes != known.successes || others.failures != known.failures else { continue }
            heard[server] = others
            let hearsay = Hearsay(
                successes: others.successes &- known.successes, failures: others.failures &- known.failures,
                latency: Interval(nanoseconds: Int64(others.latency &- known.latency)), now: worker.now)
            choices.hear(hearsay, of: server)
        }
        refreshFull()
    }

    /// All servers as balancers see them.
    package var view: PoolView { choices.whole }

    /// The number of the subset of servers with these labels; made when the snapshot is.
    func subset(_ labels: [String: String]) -> Int { choices.subset(labels) }

    func note(_ report: LoadReport, of server: ServerRuntime) {
        choices.report(report, of: server.index, now: worker.now)
    }

    func keepHouse() {
        readBoard()
        metrics.counts.panic = view.isPanicking ? 1 : 0
        for server in servers {
            server.idle.dropExpired()
            server.metrics.counts.connectionsIdle = server.idle.count + (server.shared?.idleCount ?? 0)
        }
        refreshFull()
        noteRequests()
    }

    func dropIdle() {
        for server in servers {
            server.idle.dropAll()
            server.shared?.dropAll()
        }
    }
}

extension HedgePolicy {
    /// As the pool's configuration says; nil for none.
    fileprivate convenience init?(_ blueprint: Blueprint.Pool, workers: Int) {
        switch blueprint.hedge {
        case .off: return nil
        case .auto:
            guard blueprint.balance == .auto else { return nil }
            self.init(.quantile(0.95), budget: Blueprint.Hedge.defaultBudget, workers: workers)
        case .after(.percentile(let percent), let budget):
            self.init(.quantile(percent / 100), budget: budget, workers: workers)
        case .after(.time(let time), let budget):
            self.init(.fixed(Interval(time)), budget: budget, workers: workers)
        }
    }
}
