internal import AyaAdmin
internal import AyaConfig
internal import AyaCore
internal import AyaDashboard
internal import AyaHTTP
internal import AyaProxy
internal import AyaTelemetry

/// What the admin API of this server tells and changes.
final class Control: ControlDesk {
    private let reloader: Reloader
    private let source: Configuration.Source
    private let upgrader: Upgrader
    private let health: HealthThread
    private let status: StatusReport
    private let alerts: AlertWatch
    private let trail: AuditTrail
    private let levels: KeptLogLevel
    private let taps: TapDesk
    private let history: HistoryKeeper?
    private let eventTrail: EventTrail
    private let explainer: ExplainDesk
    private let brain: BrainKeeper?
    private let log: Log

    init(
        _ reloader: Reloader, source: Configuration.Source, upgrader: Upgrader, status: StatusReport,
        health: HealthThread, taps: TapDesk, explainer: ExplainDesk, history: HistoryKeeper?, alerts: AlertWatch,
        brain: BrainKeeper?, trail: AuditTrail, log: Log
    ) {
        self.alerts = alerts
        self.explainer = explainer
        levels = KeptLogLevel(stateDirectory: reloader.running.blueprint.state)
        self.trail = trail
        self.taps = taps
        self.history = history
        self.brain = brain
        self.upgrader = upgrader
        self.status = status
        self.reloader = reloader
        self.source = source
        self.health = health
        self.log = log
        eventTrail = EventTrail(log)
    }

    var service: any HTTPService {
        DashboardService(
            before: AdminService(status, control: self, history: history, alerts: alerts, brain: brain))
    }

    // MARK: changes

    func change(_ change: WantedChange, by author: Author) async -> ChangeOutcome {
        let before = reloader.running.number
        let outcome = await make(change)
        guard !change.isTrial else { return outcome }
        // Who rotates files asks for a reload, by signal or here.
        if case .reload = change.kind { for log in reloader.running.outlets.logs { log.reopen() } }
        await trail.note(change.kind, by: author, outcome, before: before, after: reloader.running.number)
        log.tell(outcome, of: "\(change.kind)", by: author.client)
        return outcome
    }

    private func make(_ change: WantedChange) async -> ChangeOutcome {
        switch change.kind {
        case .drain(let time, let pool, let server):
            await setDraining(true, for: time, server, of: pool, change)
        case .endDraining(let pool, let server): await setDraining(false, server, of: pool, change)
        case .upgrade: await upgrade(change)
        case .setLogLevel(let level, let isKept): setLogLevel(level, isKept: isKept, change)
        case .reload, .rollback, .setWeight, .addServer, .removeServer, .setRoute, .reset:
            await replan(change)
        }
    }

    /// Changes that make another configuration.
    private func replan(_ change: WantedChange) async -> ChangeOutcome {
        let wish = Wish(origin: "\(change.kind)", expected: change.expected, isTrial: change.isTrial)
        let (source, history) = (source, reloader.history)
        let running = reloader.running.number
        let result = await reloader.change(wish) { plan throws(ReloadError) in
            switch change.kind {
            case .reload: return plan.with(try source.read())
            case .rollback(let wanted):
                let number = wanted ?? history.all.last { $0.number < running }?.number
                guard let number, let record = history[number] else {
                    throw ReloadError(
                        unknown: wanted.map { "generation \($0) is not remembered" } ?? "there is no generation before")
                }
                return Reloader.Plan(base: try record.blueprint())
            case .setWeight(let weight, let pool, let server):
                return try plan.settingWeight(weight, of: .init(pool: pool, server: server))
            case .addServer(let pool, let text): return try plan.adding(text, to: pool)
            case .removeServer(let pool, let server):
                return try plan.removing(.init(pool: pool, server: server))
            case .setRoute(let route, let isEnabled): return try plan.settingRoute(route, enabled: isEnabled)
            case .reset: return Reloader.Plan(base: plan.base)
            case .drain, .endDraining, .upgrade, .setLogLevel: return plan
            }
        }
        return ChangeOutcome(result)
    }

    /// Draining is a state of a server and no part of a configuration: it needs no generation.
    private func setDraining(
        _ isDraining: Bool, for time: Duration? = nil, _ server: String, of pool: String, _ change: WantedChange
    ) async -> ChangeOutcome {
        let running = reloader.running
        guard change.expected == nil || change.expected == running.number else {
            return .refused(ChangeRefusal(.outdated, ["generation \(running.number) runs"]))
        }
        let isKnown = running.blueprint.pools.contains { known in
            known.name == pool && known.servers.contains { "\($0.address)" == server }
        }
        var isDone = isKnown
        if isKnown, !change.isTrial {
            isDone =
                isDraining
                ? await health.drain(server, of: pool, for: time) : await health.endDraining(server, of: pool)
        }
        guard isDone else { return .refused(ChangeRefusal(.unknown, ["there is no server '\(pool)/\(server)'"])) }
        let line = "~ server \(pool)/\(server): \(isDraining ? "draining" : "takes work")"
        return .made(
            ChangeReport(
                generation: running.number, description: line, summary: "~1 server", changes: [line], duration: .zero))
    }

    private func upgrade(_ change: WantedChange) async -> ChangeOutcome {
        guard !change.isTrial, change.expected == nil else {
            return .refused(ChangeRefusal(.impossible, ["whether another process can take over shows when it does"]))
        }
        let began = ContinuousClock.now
        do throws(UpgradeError) {
            let process = try await upgrader.run()
            return .made(
                ChangeReport(
                    generation: reloader.running.number, description: "process \(process) has taken over",
                    summary: "no changes", changes: [], duration: ContinuousClock.now - began))
        } catch {
            return .refused(ChangeRefusal(.impossible, [error.description]))
        }
    }

    /// Of the process, and no part of a configuration.
    private func setLogLevel(_ name: String, isKept: Bool, _ change: WantedChange) -> ChangeOutcome {
        guard let level = Log.Level.allCases.first(where: { $0.name == name }) else {
            let names = Log.Level.allCases.map(\.name).joined(separator: ", ")
            return .refused(ChangeRefusal(.invalid, ["'\(name)' is no level of the log (one of \(names))"]))
        }
        let line = "~ log level: \(log.level.name) -> \(level.name)"
        if isKept, !change.isTrial, let fault = levels.keep(level) {
            return .refused(ChangeRefusal(.impossible, ["the level can not be kept: \(fault)"]))
        }
        if !change.isTrial { log.level = level }
        return .made(
            ChangeReport(
                generation: reloader.running.number, description: line, summary: "~1 setting", changes: [line],
                duration: .zero))
    }

    // MARK: what it tells

    var logLevel: String { log.level.name }
    var keptLogLevel: String? { levels.kept?.name }

    func events(recent: Int) -> ServiceFeed { eventTrail.feed(recent: recent) }

    func tap(_ wish: TapWish) -> ServiceFeed? { taps.open(wish) }

    func explain(_ question: [UInt8]) async throws(QuestionFault) -> [UInt8] {
        guard let document = PlainDocument.read(question) else { throw QuestionFault("send an object with 'url'") }
        do throws(Question.Fault) {
            return await explainer.explain(try Question(document: document))
        } catch {
            throw QuestionFault(error.description)
        }
    }

    func generations() -> [GenerationEntry] {
        let running = reloader.running.number
        return reloader.history.all.map { record in
            GenerationEntry(
                number: record.number, time: record.timeText, origin: record.origin, summary: record.summary,
                isRunning: record.number == running)
        }
    }

    func configuration(_ version: Version, as notation: Notation) -> (generation: Int, text: String)? {
        guard let (number, blueprint) = try? blueprint(version) else { return nil }
        switch notation {
        case .yaml: return (number, Expander.expand(blueprint.withoutSecrets))
        case .json: return (number, Expander.json(blueprint.withoutSecrets))
        }
    }

    func difference(from old: Version, to new: Version) async -> DifferenceOutcome {
        do throws(ReloadError) {
            let difference = BlueprintDifference(from: try blueprint(old).blueprint, to: try blueprint(new).blueprint)
            // A level that was set stands in no file: it shows where what runs is compared with what would.
            let isOurs = old == .running && new == .file && log.level != .info
            let level =
                isOurs ? ["~ log level: \(log.level.name) -> \((levels.kept ?? .info).name) at the next start"] : []
            return .found(summary: difference.summary, changes: difference.lines + level)
        } catch {
            return .refused(ChangeRefusal(error))
        }
    }

    func audit() -> (entries: [AuditEntry], problem: String?) { (trail.all, trail.problem) }

    var access: AdminAccess { AdminAccess(reloader.running.blueprint.admin) }

    private func blueprint(_ version: Version) throws(ReloadError) -> (number: Int, blueprint: Blueprint) {
        let running = reloader.running
        switch version {
        case .running: return (running.number, running.blueprint)
        case .file: return (running.number, try source.read().blueprint)
        case .generation(let number):
            if number == running.number { return (number, running.blueprint) }
            guard let record = reloader.history[number] else {
                throw ReloadError(unknown: "generation \(number) is not remembered")
            }
            return (number, try record.blueprint())
        }
    }
}

extension GenerationRecord {
    /// What it says, read anew.
    func blueprint() throws(ReloadError) -> Blueprint {
        let name = "generation \(number)"
        // Nothing of the environment: what was put in is in.
        let loaded = ConfigurationLoader(environment: { _ in nil }).load(text: text, fileName: name)
        guard let blueprint = loaded.blueprint else {
            throw ReloadError(invalid: loaded.diagnostics.map(\.rendered))
        }
        return blueprint
    }
}
