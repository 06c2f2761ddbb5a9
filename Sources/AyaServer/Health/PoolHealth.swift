internal import AyaAdmin
internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaHealth
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// Health of one pool's servers, kept on the health thread: what probes say, who is ejected, who drains. Its verdicts
/// go to the board, which all workers read, and to the log.
final class PoolHealth {
    let name: String
    /// How long a server that drains keeps its own clients; nil: until it is gone.
    let drainTime: Duration?
    private let shared: SharedState.Pool
    private let worker: Worker
    private let log: Log
    private var servers: [Entry]
    private var watch: OutlierWatch?
    private var pollers: [LoadPoller] = []
    /// Nil where the configuration's interval is the pace.
    private var pace: PollPace?

    private struct Entry {
        let address: String
        var prober: Prober?
        var state = ServerState.available
        var since: Int64
        var ejection = ""
        var ejections: UInt64 = 0
        var drainDeadline: Instant?
    }

    private var board: PoolBoard { shared.board }

    /// - Parameter former: of the pool as it was configured before; what it knows of servers that both have goes on.
    init(_ shared: SharedState.Pool, worker: Worker, log: Log, continuing former: PoolHealth? = nil) {
        let (pool, addresses) = (shared.blueprint, shared.addresses)
        name = pool.name
        drainTime = pool.persistence.map(\.drainDeadline) ?? .zero
        self.shared = shared
        self.worker = worker
        self.log = log
        servers = pool.servers.map { Entry(address: "\($0.address)", since: Machine.wallClock()) }
        watch = pool.outliers.map {
            OutlierWatch(serverCount: pool.servers.count, rule: OutlierRule($0), now: worker.now)
        }
        if let former { takeOver(former) }
        if let health = pool.health { startProbing(health, pool, addresses, former) }
        if let reports = pool.loadReports, let loads = shared.loads { startPolling(reports, pool, addresses, loads) }
        for server in servers.indices { updateState(server) }
    }

    /// Whether this is how the pool is configured now.
    func runs(_ shared: SharedState.Pool) -> Bool { self.shared.isSame(as: shared) }

    private func takeOver(_ former: PoolHealth) {
        // Some may have come or gone since the board was made.
        shared.takeVerdicts(from: former.shared)
        let positions = shared.positions(in: former.shared)
        for (server, position) in positions.enumerated() {
            guard let position else { continue }
            let known = former.servers[position]
            servers[server] = known
            servers[server].prober = nil
        }
        if let watched = former.watch { watch?.continueFrom(watched, positions: positions) }
    }

    // MARK: probes

    private func startProbing(
        _ health: Blueprint.Health, _ pool: Blueprint.Pool, _ addresses: [BoundEndpoint], _ former: PoolHealth?
    ) {
        let known = former.flatMap { $0.shared.blueprint.health == health ? $0 : nil }
        let positions = known.map { shared.positions(in: $0.shared) }
        if case .icmp = health.check, let obstacle = EchoProbe.obstacle() {
            // Without a way to ask, nobody is judged: taking every server down would punish them for our want.
            log.error("servers can not be probed", ["pool": name, "reason": obstacle])
            return
        }
        let schedule = ProbeSchedule(
            interval: Interval(health.interval), fastInterval: health.fastInterval.map(Interval.init),
            jitter: health.jitter)
        for (index, server) in pool.servers.enumerated() {
            let asksTraffic = health.asksTraffic(of: server)
            guard
                let probe = health.probe(
                    pool: pool, server: server, endpoint: addresses[index], tls: shared.tls?[index])
            else {
                log.error(
                    "server can not be probed",
                    ["pool": name, "server": "\(server.address)", "reason": "a unix socket has no host to ask"])
                continue
            }
            let prober = Prober(
                probe, rule: HealthState.Rule(rise: health.rise, fall: health.fall), schedule: schedule,
                timeout: Interval(health.timeout), worker: worker
            ) { [unowned self] prober, turned in
                board.set(.unreachable, asksTraffic && prober.isRefused, on: index)
                if turned { verdictTurned(prober, index) }
            }
            if let position = positions?[index], let former = known?.servers[position].prober {
                prober.continueFrom(former)
            }
            servers[index].prober = prober
            prober.start(position: index, count: pool.servers.count)
        }
    }

    private func verdictTurned(_ prober: Prober, _ server: Int) {
        let isDown = prober.state.isDown
        let wasHeld = board.set(.down, isDown, on: server)
        updateState(server)
        // The first good result of a start is no news.
        guard isDown || wasHeld else { return }
        let fields: Log.Fields = ["pool": name, "server": servers[server].address, "reason": prober.reason]
        if isDown {
            log.warning("server is down", fields)
        } else {
            log.notice("server is up", fields)
            if let change = watch?.recovered(server, OutlierWatch.Totals(board.seen(server))) { apply(change) }
        }
    }

    // MARK: load reports

    private func startPolling(
        _ reports: Blueprint.LoadReports, _ pool: Blueprint.Pool, _ addresses: [BoundEndpoint], _ loads: LoadBoard
    ) {
        if pool.balance == .prequal {
            pace = PollPace(longest: Interval(reports.interval), servers: pool.servers.count)
        }
        pollers = pool.servers.enumerated().map { index, server in
            LoadPoller(
                HTTPInquiry(
                    addresses[index].with(port: reports.port), path: reports.path,
                    host: server.address.hostField(reports.port), tls: shared.tls?[index], keepsConnection: true,
                    isHTTP2: pool.serverProtocol == .h2 && shared.tls == nil && reports.port == nil),
                interval: Interval(reports.interval), worker: worker
            ) { report in
                loads.tell(report, of: index)
            } turned: { [unowned self] poller in
                pollTurned(poller, index)
            }
        }
        for (index, poller) in pollers.enumerated() { poller.start(position: index, count: pollers.count) }
    }

    private func followPace() {
        guard pace != nil else { return }
        let total = servers.indices.reduce(0) { sum, server in
            let seen = board.seen(server)
            return sum &+ seen.successes &+ seen.failures
        }
        guard let interval = pace?.interval(total: total, now: worker.now) else { return }
        for poller in pollers { poller.setInterval(interval) }
    }

    private func pollTurned(_ poller: LoadPoller, _ server: Int) {
        let address = servers[server].address
        if let failure = poller.failure {
            log.warning("server reports no load", ["pool": name, "server": address, "reason": failure.reason])
        } else {
            log.notice("server reports its load again", ["pool": name, "server": address])
        }
    }

    // MARK: outliers, drains

    /// Looks at everything that no event tells of; several times a second.
    func tick() {
        followOutliers()
        followPace()
        for server in servers.indices {
            if let deadline = servers[server].drainDeadline, deadline <= worker.now { endDrain(server) }
            updateState(server)
        }
    }

    private func followOutliers() {
        guard var watch else { return }
        var changes: [OutlierWatch.Change] = []
        for server in servers.indices
        where watch.ejectedUntil(server) == nil && board.holds(server).contains(.ejected) {
            changes.append(watch.ejectedByWorker(server, now: worker.now))
        }
        changes += watch.look({ OutlierWatch.Totals(board.seen($0)) }, now: worker.now)
        self.watch = watch
        for change in changes { apply(change) }
    }

    private func apply(_ change: OutlierWatch.Change) {
        switch change {
        case .ejected(let server, let reason, let until):
            board.set(.ejected, true, on: server)
            servers[server].ejections &+= 1
            servers[server].ejection = "\(reason)"
            log.warning(
                "server is ejected",
                [
                    "pool": name, "server": servers[server].address, "reason": "\(reason)",
                    "for": (until - worker.now).inWords,
                ])
        case .returned(let server):
            board.set(.ejected, false, on: server)
            log.notice("server is back after its ejection", ["pool": name, "server": servers[server].address])
        }
    }

    /// No new work from now on, but for clients that persistence binds to the server: those until the deadline.
    func drain(_ server: Int, until deadline: Instant) {
        servers[server].drainDeadline = deadline
        board.set(.draining, true, on: server)
        updateState(server)
        let time = deadline == .distantFuture ? "ever" : (deadline - worker.now).inWords
        log.notice("server is draining", ["pool": name, "server": servers[server].address, "for": time])
    }

    /// It takes work again.
    func endDraining(_ server: Int) {
        servers[server].drainDeadline = nil
        board.set(.drained, false, on: server)
        board.set(.draining, false, on: server)
        updateState(server)
        log.notice("server takes work again", ["pool": name, "server": servers[server].address])
    }

    private func endDrain(_ server: Int) {
        servers[server].drainDeadline = nil
        board.set(.drained, true, on: server)
        log.notice("server has drained", ["pool": name, "server": servers[server].address])
    }

    func stop() {
        for server in servers { server.prober?.stop() }
        for poller in pollers { poller.stop() }
    }

    // MARK: what it tells

    func position(of address: String) -> Int? { servers.firstIndex { $0.address == address } }

    private func updateState(_ server: Int) {
        let state = ServerState(
            board.holds(server), weight: board.weight(server), isFull: shared.isFull(server))
        guard state != servers[server].state else { return }
        servers[server].state = state
        servers[server].since = Machine.wallClock()
    }

    /// Up to the moment: a worker may have ejected a server since the last look.
    func report() -> PoolHealthReport {
        tick()
        let known = servers.indices.map { server in
            let entry = servers[server]
            var counts = HealthCounts()
            switch entry.state {
            case .available, .full, .broken, .draining: counts.up = 1
            case .down, .ejected: counts.up = 0
            }
            counts.probes = entry.prober?.probes ?? 0
            counts.probeFailures = entry.prober?.failures ?? 0
            counts.ejections = entry.ejections
            let health = ServerHealth(state: entry.state, since: entry.since, reason: reason(server), counts: counts)
            return (entry.address, health)
        }
        return PoolHealthReport(pool: name, servers: known)
    }

    private func reason(_ server: Int) -> String? {
        let entry = servers[server]
        switch entry.state {
        case .available: return entry.prober?.failure == nil ? nil : entry.prober?.reason
        case .down: return entry.prober?.reason
        case .ejected:
            guard let until = watch?.ejectedUntil(server) else { return entry.ejection }
            return "\(entry.ejection), back in \((until - worker.now).inWords)"
        case .broken: return "its circuit breaker is open"
        case .draining:
            if board.weight(server) == 0 { return "its weight is 0" }
            guard let deadline = entry.drainDeadline else { return "its drain is over" }
            return "its clients have \((deadline - worker.now).inWords) left"
        case .full: return "it is at its max_connections"
        }
    }
}

extension ServerState {
    /// What to tell of several: an operator's wish last, as what is broken matters more.
    fileprivate init(_ holds: PoolView.Holds, weight: Int, isFull: Bool) {
        self =
            if holds.contains(.down) {
                .down
            } else if holds.contains(.ejected) {
                .ejected
            } else if holds.contains(.broken) {
                .broken
            } else if holds.contains(.draining) || weight == 0 {
                .draining
            } else {
                isFull ? .full : .available
            }
    }
}

extension OutlierWatch.Totals {
    fileprivate init(_ seen: PoolBoard.Seen) {
        self.init(
            successes: seen.successes, failures: seen.failures, latency: Interval(nanoseconds: Int64(seen.latency)))
    }
}

extension Interval {
    /// Whole seconds, rounded up; below one, milliseconds.
    fileprivate var inWords: String {
        let milliseconds = max(0, nanoseconds / 1_000_000)
        return milliseconds < 1_000 ? "\(milliseconds)ms" : "\((milliseconds + 999) / 1_000)s"
    }
}
