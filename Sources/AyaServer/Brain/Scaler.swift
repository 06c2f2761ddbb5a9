internal import AyaBrain
internal import AyaConfig
internal import AyaExport
internal import AyaTelemetry

/// Has done what the brain wants of the number of servers, beside the traffic: one change of a pool at a time, none
/// before the last has cooled down, and after a failure again, later each time, until the wish is no longer of use. A
/// newer wish takes the place of one that still waits.
actor Scaler {
    /// A wish, until somebody knows what became of it.
    struct Order: Sendable {
        var wish: CapacityWish
        var advice: CapacityAdvice
        var capacity: Blueprint.Brain.Capacity
        var ended: @Sendable (Outcome) async -> Void
    }

    enum Outcome: Sendable, Equatable {
        case changed(String)
        /// Nothing was to be done, or nothing is done on trial.
        case left(String)
        /// Until the end.
        case failed(String)
        case overtaken
    }

    private struct Desk {
        var waiting: Order?
        var task: Task<Void, Never>?
        var pace = ScalingPace()
    }

    typealias Workshop = @Sendable (Blueprint.Brain.Actuator) throws -> any CapacityActuator

    private let build: Workshop
    private let board: CapacityBoard
    private let log: Log
    private var desks: [String: Desk] = [:]
    private var isOpen = true
    private let began = ContinuousClock.now

    /// - Parameter build: makes what does it. What is in files by then counts.
    init(_ board: CapacityBoard, log: Log, build: @escaping Workshop) {
        self.board = board
        self.log = log
        self.build = build
    }

    func take(_ order: Order) async {
        let pool = order.wish.pool
        guard isOpen else { return await order.ended(.overtaken) }
        var desk = desks[pool] ?? Desk()
        let former = desk.waiting
        desk.waiting = order
        if desk.task == nil { desk.task = Task { [weak self] in await self?.work(on: pool) } }
        desks[pool] = desk
        await former?.ended(.overtaken)
    }

    /// Forgets pools that are gone.
    func keep(_ pools: Set<String>) {
        for (pool, desk) in desks where !pools.contains(pool) {
            desk.task?.cancel()
            desks[pool] = nil
        }
    }

    func end() {
        isOpen = false
        for desk in desks.values { desk.task?.cancel() }
        desks.removeAll()
    }

    private var now: Double { (ContinuousClock.now - began) / .seconds(1) }

    private func work(on pool: String) async {
        var deadlines: [String: Double] = [:]
        while !Task.isCancelled, let order = desks[pool]?.waiting, let pause = desks[pool]?.pace.wait(at: now) {
            let deadline = deadlines[order.wish.id] ?? now + order.advice.expiry
            deadlines = [order.wish.id: deadline]
            guard now + pause <= max(deadline, now) else {
                await settle(order, .failed("not done in time"))
                continue
            }
            guard pause <= 0 else {
                // A newer wish may come meanwhile, but no sooner may it be had.
                try? await Task.sleep(for: .seconds(pause))
                continue
            }
            await attempt(order, deadline)
        }
        desks[pool]?.task = nil
    }

    private func attempt(_ order: Order, _ deadline: Double) async {
        let pool = order.wish.pool
        do {
            let outcome = try await change(order)
            if case .changed = outcome {
                desks[pool]?.pace.succeed(at: now, coolDown: order.capacity.coolDown / .seconds(1))
                board.count(pool) { $0.changes &+= 1 }
            }
            await settle(order, outcome)
        } catch {
            desks[pool]?.pace.fail(at: now)
            board.count(pool) { $0.failures &+= 1 }
            log.error("servers can not be asked for", ["pool": pool, "reason": "\(error)"])
            let isLast = now + (desks[pool]?.pace.wait(at: now) ?? 0) > deadline
            if isLast { await settle(order, .failed("\(error)")) }
        }
    }

    private func change(_ order: Order) async throws -> Outcome {
        guard let configured = order.capacity.actuator else { return .left("told") }
        let actuator = try build(configured)
        let standing = try await actuator.standing()
        var wish = order.wish
        if let standing {
            let target = order.advice.target(
                standing: standing.servers, least: standing.least, most: standing.most)
            guard let target else {
                return .left("nothing to do: \(standing.servers) are asked for by \(configured.name)")
            }
            wish.servers = target
        }
        let before = standing.map { " in place of \($0.servers)" } ?? ""
        guard !order.capacity.isDryRun else {
            return .left("dry run: \(wish.servers) would be asked for\(before) by \(configured.name)")
        }
        let now = try await actuator.ask(for: wish)
        return .changed("\(now) asked for\(before) by \(configured.name)")
    }

    /// The order is done with, unless a newer one has taken its place.
    private func settle(_ order: Order, _ outcome: Outcome) async {
        let pool = order.wish.pool
        if desks[pool]?.waiting?.wish.id == order.wish.id { desks[pool]?.waiting = nil }
        await order.ended(outcome)
    }
}
