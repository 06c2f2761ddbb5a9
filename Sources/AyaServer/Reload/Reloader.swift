internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// Takes a running server from one generation to the next: prepare, swap, drain.
///
/// Whatever may fail is prepared beside the traffic and before anything is changed; the swap itself is a message to
/// each worker. Changes come one at a time, whoever asks for them.
final class Reloader: Sendable {
    let ground: Preparation.Ground
    private let workers: WorkerDirectory
    private let health: HealthThread
    private let certificates: CertificateThread
    private let phase: Phase
    let history: GenerationHistory
    private let turns = Turns()
    private let state: Mutex<State>

    private struct State {
        var running: Generation
        /// What runs without `changes`.
        var base: Blueprint
        var changes = RuntimeChanges()
        /// Of listeners that are gone, while somebody is still connected.
        var leaving: [ClientGate] = []
    }

    init(
        _ running: Generation, on ground: Preparation.Ground, workers: WorkerDirectory, health: HealthThread,
        certificates: CertificateThread, phase: Phase, history: GenerationHistory
    ) {
        self.history = history
        self.ground = ground
        self.workers = workers
        self.health = health
        self.certificates = certificates
        self.phase = phase
        state = Mutex(State(running: running, base: running.blueprint))
    }

    var running: Generation { state.withLock { $0.running } }

    /// Routes that the files have and a change has taken out, by name.
    var disabledRoutes: [String] { state.withLock { $0.changes.disabledRoutes.sorted() } }

    /// Over all listeners, those that are gone too.
    func openConnections(withAdmin: Bool) -> Int {
        state.withLock { state in
            let shared = state.running.shared
            let all = shared.listeners + state.leaving + (withAdmin ? [shared.admin].compactMap(\.self) : [])
            return all.reduce(0) { $0 + $1.count }
        }
    }

    /// Makes the change that `next` describes, when its turn comes.
    ///
    /// - Parameter next: is given what there is to go on from, and says what is to run, or why not.
    func change(
        _ wish: Wish, _ next: @escaping @Sendable (Plan) throws(ReloadError) -> Plan
    ) async -> Result<Reload, ReloadError> {
        await turns.run {
            let began = ContinuousClock.now
            do throws(ReloadError) {
                let plan = self.plan
                let wanted = try await self.aside { () throws(ReloadError) in try next(plan) }
                return .success(try await self.apply(wanted, wish, since: began))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Runs work while no change is made.
    func betweenChanges<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        await turns.run(work)
    }

    /// Waits for changes that are under way.
    func settle() async { await turns.run {} }

    /// What is to run: what files say, or a generation of the history, with what operators changed since.
    struct Plan: Sendable {
        var base: Blueprint
        var changes = RuntimeChanges()
        var warnings: [String] = []

        var blueprint: Blueprint { changes.applied(to: base) }
    }

    var plan: Plan { state.withLock { Plan(base: $0.base, changes: $0.changes) } }

    private func apply(
        _ wanted: Plan, _ wish: Wish, since began: ContinuousClock.Instant
    ) async throws(ReloadError) -> Reload {
        guard phase.current == .serving else { throw ReloadError("Aya is stopping") }
        if let silence = workers.silence { throw ReloadError(silence) }
        let former = running
        if let expected = wish.expected, expected != former.number {
            throw ReloadError(.outdated, ["generation \(former.number) runs, not \(expected)"])
        }
        var plan = wanted
        plan.changes = wanted.changes.pruned(to: wanted.base)
        let blueprint = plan.blueprint
        if let pool = blueprint.pools.first(where: { $0.servers.isEmpty }) {
            throw ReloadError(invalid: ["pool '\(pool.name)' would have no servers"])
        }
        let difference = BlueprintDifference(from: former.blueprint, to: blueprint)
        // Nothing but files may have changed: the number tells configurations apart that one may go back to.
        let number = difference.isEmpty || !wish.isRemembered ? former.number : former.number + 1
        let late = difference.changes.compactMap { $0.kind == .setting ? $0.name : nil }.filter(Self.needsStart)
        var warnings = plan.warnings + late.map { "'\($0)' takes effect at the next start" }
        if wish.isTrial {
            return Reload(
                generation: number, difference: difference, duration: ContinuousClock.now - began, warnings: warnings,
                isTrial: true)
        }
        let prepared = try await aside { () throws(ReloadError) in
            do throws(StartError) {
                return try Preparation(blueprint, number: number, on: self.ground, former: former)
            } catch {
                throw ReloadError(error.description)
            }
        }
        await swap(former, for: prepared, plan)
        let duration = ContinuousClock.now - began
        warnings += prepared.warnings
        guard wish.isRemembered else {
            return Reload(generation: number, difference: difference, duration: duration, warnings: warnings)
        }
        try await aside { () throws(ReloadError) in
            self.history.add(number, blueprint, origin: wish.origin, summary: difference.summary)
        }
        return Reload(generation: number, difference: difference, duration: duration, warnings: warnings)
    }

    /// Settings that a running process can not change.
    private static let needStart = ["workers", "state", "history", "process"]
    private static func needsStart(_ setting: String) -> Bool {
        setting.split(separator: ".").first.map { needStart.contains(String($0)) } ?? false
    }

    private func swap(_ former: Generation, for prepared: Preparation, _ plan: Plan) async {
        let next = prepared.generation
        let doors = prepared.handOverDoors()
        let changesRecords = next.outlets.hub !== former.outlets.hub
        await withTaskGroup { group in
            for site in workers.all {
                // Taken here: these tasks run at once.
                let tables = prepared.takeTables()
                group.addTask { await site.take(next, doors, tables: tables, changesRecords: changesRecords) }
            }
        }
        await health.take(next.shared)
        certificates.take(next.certificates)
        state.withLock { state in
            state.running = next
            (state.base, state.changes) = (plan.base, plan.changes)
            let inUse = Set(next.shared.listeners.map(ObjectIdentifier.init))
            state.leaving += former.shared.listeners.filter { !inUse.contains(ObjectIdentifier($0)) }
            state.leaving.removeAll { $0.count == 0 }
        }
        for path in former.socketFiles.subtracting(next.socketFiles) { Descriptors.removeSocketFile(path) }
        let unused = former.outlets.all.filter { outlet in !next.outlets.all.contains { $0 === outlet } }
        if !unused.isEmpty {
            _ = try? await aside { () throws(ReloadError) in for outlet in unused { outlet.close() } }
        }
        Machine.trimHeap()
    }

    /// Runs work that blocks (files, names, certificates) on a thread of its own: the control plane has few.
    private func aside<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ReloadError) -> Value
    ) async throws(ReloadError) -> Value {
        let result: Result<Value, ReloadError> = await withCheckedContinuation { continuation in
            let thread = PlainThread {
                do throws(ReloadError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !thread.start() { continuation.resume(returning: .failure(ReloadError("the system has no thread"))) }
        }
        return try result.get()
    }
}
