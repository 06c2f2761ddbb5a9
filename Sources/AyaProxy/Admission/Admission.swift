internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry

/// Who may work on a pool's servers now, who waits, and who is turned away: circuit breakers, limits of concurrency,
/// shedding and the queue of one pool on one worker.
///
/// A pool without any of these has no admission, and its exchanges pay one comparison. The decisions are `AyaBalance`'s;
/// here they meet the pool's servers and those who wait.
final class Admission: Waiter {
    private unowned let pool: PoolRuntime
    private let board: PoolBoard
    private let shared: Shared
    let breakers: Breakers?
    private var adaptive: AdaptiveLimit?
    private var shedder = Shedder()
    private var queue: AdmissionQueue?
    /// By position in the queue.
    private var turns: ContiguousArray<Turn?> = []
    /// Work of all kinds under way here.
    private(set) var inFlight = 0

    /// Of all workers.
    struct Shared: Sendable {
        /// Of the whole pool.
        let limit: ConnectionLimit?
        let turnstile: Turnstile
        let workers: Int

        /// Nil for a pool that takes whatever comes.
        ///
        /// - Parameter former: of the same pool as it was configured before; what runs counts on.
        init?(_ pool: Blueprint.Pool, workers: Int, continuing former: Shared? = nil) {
            guard pool.breaker != nil || pool.queue != nil || pool.concurrency != nil else { return nil }
            if case .limit(let limit) = pool.concurrency {
                self.limit = former?.limit ?? ConnectionLimit(limit)
            } else {
                limit = nil
            }
            turnstile = Turnstile(workers: workers)
            self.workers = workers
        }
    }

    enum Entry {
        /// Work may begin, if there is a server.
        case pass
        case wait
        case refused(Reason)
    }

    /// How often those who wait are looked after when nothing happens.
    private static let round = Interval.milliseconds(8)

    init(_ blueprint: Blueprint.Pool, pool: PoolRuntime, board: PoolBoard, shared: Shared, worker: Worker) {
        self.pool = pool
        self.board = board
        self.shared = shared
        breakers = blueprint.breaker.map { Breakers($0, servers: blueprint.servers.count) }
        if case .adaptive(let bounds) = blueprint.concurrency {
            adaptive = AdaptiveLimit(AdaptiveLimit.Settings(bounds, workers: shared.workers))
        }
        if let queue = blueprint.queue {
            // Each worker has its part of the places.
            let limit = queue.limit == 0 ? 0 : max(1, queue.limit / shared.workers)
            self.queue = AdmissionQueue(AdmissionQueue.Settings(limit: limit, timeout: Interval(queue.timeout)))
        }
        super.init(worker: worker)
        guard shared.workers > 1 else { return }
        // Safe: called on the worker's own thread alone, as everything else here.
        nonisolated(unsafe) weak let confined = self
        shared.turnstile.join(worker) { _ in unsafe confined?.called() }
    }

    // MARK: coming

    /// Whether an exchange or session may begin.
    ///
    /// - Parameters:
    ///   - criticality: 0 for the most critical to 3 for what may be shed.
    ///   - user: any hash of who asks.
    ///   - isExchange: whether response times and the level of concurrency mean something; not for sessions.
    func enter(criticality: Int, user: UInt64, isExchange: Bool) -> Entry {
        if breakers?.poolPasses(now: worker.now) == false { return refused(.breakerOpen) }
        if isExchange, let reason = shed(criticality, user) {
            pool.metrics.counts.shed.record(criticality)
            return refused(reason)
        }
        guard let queue else { return .pass }
        return queue.isEmpty && (!isExchange || hasRoom) ? .pass : .wait
    }

    /// What becomes of somebody who may pass but finds no server, for this reason.
    func orWait(_ reason: Reason) -> Entry {
        let isFull = reason == .connectionLimit || reason == .concurrencyLimit
        return queue != nil && isFull ? .wait : refused(reason)
    }

    private func refused(_ reason: Reason) -> Entry {
        pool.metrics.counts.refused.record(reason)
        return .refused(reason)
    }

    /// Why an exchange is turned away for what it is worth; nil when it is not.
    private func shed(_ criticality: Int, _ user: UInt64) -> Reason? {
        let limit: Int
        let ceiling: Int
        let demand: Int
        /// What is beyond this keeps places for what is more critical.
        var most = Int.max
        if let adaptive {
            (limit, ceiling) = (adaptive.limit, adaptive.ceiling)
            demand = inFlight &+ (queue?.count ?? 0)
        } else if let whole = shared.limit {
            demand = whole.count &+ (queue?.count ?? 0)
            // What is beyond the limit waits, the most critical first. Where it can not, it is turned away whoever it
            // is, so the less critical has to leave a little room.
            let share = queue == nil ? max(1, whole.maximum / 10) : 0
            (limit, ceiling) = (max(1, whole.maximum &- share), Int.max)
            if queue == nil { most = max(1, whole.maximum &- share &* max(0, criticality &- 1)) }
        } else {
            return nil
        }
        shedder.watch(demand: demand, limit: limit, now: worker.now)
        // The hour is in the hash, so that nobody is the last one for good.
        let hour = UInt64(bitPattern: worker.wallClock / 3_600_000_000_000)
        let level = (user ^ hour &* 0x9e37_79b9_7f4a_7c15) &* 0xd6e8_feb8_6659_fd93 >> 32
        let priority = Shedder.priority(criticality: criticality, user: level)
        let passes = shedder.passes(priority, demand: demand, limit: limit, ceiling: ceiling)
        guard shedder.isShedding else { return passes ? nil : .concurrencyLimit }
        return passes && demand < most ? nil : .shed
    }

    private var hasRoom: Bool { adaptive.map { inFlight < $0.limit } ?? true }

    // MARK: work

    /// Takes a place in the pool's limit, before a server is picked; false when there is none.
    func take() -> Bool {
        if let breakers, breakers.areDue(worker.now) { revive() }
        return shared.limit?.take() ?? true
    }

    /// The pool as a whole has all the work that it may have.
    var isAtLimit: Bool { shared.limit?.isFull ?? false }

    /// No server was there for the place.
    func putBack() { shared.limit?.giveBack() }

    func began(on server: Int) {
        inFlight &+= 1
        adaptive?.began(inFlight: inFlight)
        guard let breakers, breakers.began(on: server, now: worker.now) else { return }
        // The trial runs; nobody else may come before its end.
        pool.setBroken(true, on: server)
    }

    func ended(on server: Int, _ observation: Observation?) {
        inFlight &-= 1
        shared.limit?.giveBack()
        shedder.ended()
        if let observation, let limit = adaptive, isTelling(observation, limit) {
            _ = adaptive?.ended(after: observation.latency, inFlight: inFlight, now: worker.now)
            pool.metrics.counts.concurrencyLimit = adaptive?.limit ?? 0
        }
        if let breakers { judge(breakers, server, observation) }
        goOn()
    }

    /// Failures come quickly or by timeout; only those that took long say how busy servers are.
    private func isTelling(_ observation: Observation, _ limit: AdaptiveLimit) -> Bool {
        switch observation.outcome {
        case .success: true
        case .failure, .abandoned: Double(observation.latency.nanoseconds) > limit.median && limit.median > 0
        }
    }

    // MARK: breakers

    private func judge(_ breakers: Breakers, _ server: Int, _ observation: Observation?) {
        switch breakers.ended(on: server, observation?.outcome ?? .abandoned, now: worker.now) {
        case .nothing: return
        case .opened:
            pool.servers[server].metrics.counts.breakerOpened &+= 1
            pool.setBroken(true, on: server)
            board.set(.broken, true, on: server)
            setDeadline(min(deadline, breakers.due))
        case .closed:
            board.set(.broken, false, on: server)
            pool.setBroken(false, on: server)
        case .mayTryAgain: pool.setBroken(false, on: server)
        }
    }

    /// Lets servers whose time is up have their trial: here first, and where no traffic comes to it, on all workers.
    private func revive() {
        guard let breakers else { return }
        breakers.revive(now: worker.now) { server, isOverdue in
            if isOverdue { board.set(.broken, false, on: server) }
            pool.setBroken(false, on: server)
        }
    }

    /// The board's verdicts were read anew; a trial of ours that is due stands against them.
    func verdictsRead() {
        breakers?.eachHalfOpen { pool.setBroken(false, on: $0) }
    }

    /// How long whoever is turned away should stay away, in seconds.
    var retryAfter: Int {
        guard let breakers else { return 1 }
        let nanoseconds = breakers.remaining(now: worker.now).nanoseconds
        return max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000))
    }

    // MARK: waiting

    /// Takes a place in the queue; nil when it is full. When its turn comes, `begin` begins the work.
    func wait(_ waiter: Waiter, criticality: Int, begin: @escaping () -> ServerRuntime?) -> Turn? {
        let now = worker.now
        let position: Int
        switch queue?.enter(criticality: criticality, now: now) {
        case .none, .full:
            pool.metrics.counts.refused.record(.queueFull)
            return nil
        case .queued(let free): position = free
        case .displacing(let taken):
            position = taken
            refuse(turnAt: taken, .queueFull)
        }
        let deadline = queue?.deadline(position) ?? now
        let turn = Turn(waiter, since: now, deadline: deadline, position: position, begin: begin)
        while turns.count <= position { turns.append(nil) }
        turns[position] = turn
        pool.metrics.counts.queued &+= 1
        tellWaiting()
        setDeadline(min(self.deadline, now + Self.round))
        // A place that became free on another worker a moment ago was announced to nobody.
        if shared.workers > 1 { called() }
        return turn
    }

    /// Somebody who waited does not want to any longer.
    func leave(_ turn: Turn) {
        guard case .waiting = turn.outcome else { return }
        queue?.leave(turn.position)
        turns[turn.position] = nil
        tellWaiting()
    }

    private func refuse(turnAt position: Int, _ reason: Reason) {
        let turn = turns[position]
        turns[position] = nil
        pool.metrics.counts.refused.record(reason)
        turn?.end(.refused(reason))
    }

    private func tellWaiting() {
        let count = queue?.count ?? 0
        pool.metrics.counts.waiting = count
        if shared.workers > 1 { shared.turnstile.tell(count, worker: worker.index) }
    }

    /// A place may have become free.
    private func goOn() {
        guard let waiting = queue?.count else { return }
        if shared.workers > 1, shared.turnstile.isNeeded,
            shared.turnstile.callLonger(than: waiting, from: worker.index)
        {
            return
        }
        if waiting > 0 { serve() }
    }

    /// Gives places to those whose turn it is, as long as there are any of both.
    private func serve() {
        let now = worker.now
        while let position = queue?.shed(now: now) {
            pool.metrics.counts.shed.record(3)
            refuse(turnAt: position, .shed)
        }
        while hasRoom, let position = queue?.head(now: now), let turn = turns[position],
            let server = turn.begin()
        {
            queue?.leave(position)
            turns[position] = nil
            turn.end(.server(server))
        }
        tellWaiting()
    }

    /// Another worker freed a place, or a moment has passed.
    private func called() {
        guard queue?.isEmpty == false else { return }
        pool.refreshFull()
        serve()
    }

    override func parkedTimeout() {
        if let breakers, breakers.areDue(worker.now) { revive() }
        called()
        let next = queue?.isEmpty == false ? worker.now + Self.round : .distantFuture
        setDeadline(min(next, breakers?.due ?? .distantFuture))
    }
}

extension AdaptiveLimit.Settings {
    /// One worker's part of what holds over all.
    fileprivate init(_ bounds: Blueprint.AdaptiveConcurrency, workers: Int) {
        self.init(
            minimum: max(1, bounds.minimum / workers), maximum: max(1, (bounds.maximum + workers - 1) / workers))
    }
}
