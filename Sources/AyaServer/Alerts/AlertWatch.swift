internal import AyaAdmin
internal import AyaConfig
internal import AyaCore
internal import AyaExport
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// Looks at the counters every few seconds, keeps the alerts, and tells whoever the configuration names.
final class AlertWatch: AlertDesk, Sendable {
    private let reloader: Reloader
    private let status: StatusReport
    private let log: Log
    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    fileprivate struct State {
        var board = AlertBoard()
        var mail: [String: Outbox] = [:]
        var counts = AlertCounts()
        var budgets: [String: BudgetHistory] = [:]
        /// When they were kept last.
        var kept = 0.0

        var counted: AlertCounts {
            var counts = counts
            let alerts = board.alerts
            counts.firing = alerts.count { $0.state == .firing }
            counts.pending = alerts.count { $0.state == .pending }
            return counts
        }
    }

    /// What one channel is still to be told.
    fileprivate struct Outbox {
        var alerts: [Alert] = []
        /// When it is sent: changes that come until then go with it.
        var due = 0.0
        var failures = 0
        /// When it was told of something that fires, last.
        var told = 0.0
    }

    private static let interval = Duration.seconds(5)
    /// Seconds that a crash may take away from what objectives have counted.
    private static let keeping = 60.0
    private let memory: AlertMemory

    init(_ reloader: Reloader, status: StatusReport, log: Log) {
        self.reloader = reloader
        self.status = status
        self.log = log
        memory = AlertMemory(stateDirectory: reloader.running.blueprint.state)
        let kept = memory.read()
        state.withLock { state in
            for silence in kept.silences { state.board.silence(silence) }
            state.budgets = kept.budgets
        }
    }

    func start() {
        task.withLock { task in
            let budgets = state.withLock { $0.budgets }
            task = Task { [weak self] in
                var conditions = AlertConditions(budgets: budgets)
                while !Task.isCancelled {
                    await self?.look(&conditions)
                    try? await Task.sleep(for: Self.interval)
                }
            }
        }
    }

    func end() {
        task.withLock { task in
            task?.cancel()
            task = nil
        }
        keep()
    }

    /// What should outlast the process is on the disk from now on.
    private func keep() {
        let kept = state.withLock { state in
            state.kept = Self.now
            return AlertMemory.Kept(silences: state.board.silences, budgets: state.budgets)
        }
        if let problem = memory.write(kept) { log.error("silences and budgets can not be kept", ["reason": problem]) }
    }

    // MARK: the admin API

    var alerts: [Alert] { state.withLock { $0.board.alerts } }

    func silence(name: String?, subject: String?, for time: Duration) {
        let until = Self.now + time / .seconds(1)
        state.withLock { $0.board.silence(.init(name: name, subject: subject, until: until)) }
        keep()
    }

    // MARK: looking

    private static var now: Double { Double(Machine.wallClock()) / 1e9 }

    private func look(_ conditions: inout AlertConditions) async {
        let blueprint = reloader.running.blueprint
        // Whoever has no rule and no objective pays for nothing.
        let hasWork = blueprint.alerts?.rules.isEmpty == false || blueprint.routes.contains { $0.slo != nil }
        guard hasWork || !alerts.isEmpty else { return status.note(nil) }
        let look = AlertConditions.Look(time: Self.now, metrics: await status.metrics(), facts: await status.facts())
        let findings = conditions.findings(look, blueprint)
        let alerts = blueprint.alerts ?? Blueprint.Alerts()
        let changes = state.withLock { state in
            let changes = state.board.look(findings, now: look.time)
            for change in changes { state.post(change, alerts, due: look.time + alerts.group / .seconds(1)) }
            state.remind(alerts, now: look.time)
            state.budgets = conditions.budgets
            return changes
        }
        if !conditions.budgets.isEmpty, look.time - state.withLock({ $0.kept }) >= Self.keeping { keep() }
        for change in changes { tellLog(change.alert) }
        await deliver(alerts, now: look.time)
        status.note(state.withLock { $0.counted })
    }

    private func tellLog(_ alert: Alert) {
        let fields: Log.Fields = [
            "alert": alert.name, "subject": alert.subject, "urgency": alert.urgency.rawValue, "reason": alert.reason,
        ]
        if alert.state == .firing { log.warning("alert", fields) } else { log.notice("alert is over", fields) }
    }

    // MARK: telling

    private func deliver(_ alerts: Blueprint.Alerts, now: Double) async {
        let due = state.withLock { $0.takeDue(now) }
        for (name, notice) in due {
            guard let channel = alerts.channels.first(where: { $0.name == name }) else { continue }
            let problem: String?
            do throws(StartError) {
                let way = try channel.open(reloader.ground.calls)
                problem = await way.tell(AlertNotice(notice, host: HostName.current))
            } catch {
                problem = error.description
            }
            if let problem {
                log.error("notice of alerts can not be sent", ["channel": name, "reason": problem])
                state.withLock { $0.putBack(notice, for: name, now: now) }
            } else {
                state.withLock { $0.settle(name, now: now) }
            }
        }
    }
}

extension AlertWatch.State {
    /// An alert has one place in what a channel is to be told: its latest state.
    fileprivate mutating func post(_ change: AlertBoard.Change, _ alerts: Blueprint.Alerts, due: Double) {
        for channel in alerts.channels where change.notify.isEmpty || change.notify.contains(channel.name) {
            var outbox = mail[channel.name] ?? .init()
            if outbox.alerts.isEmpty { outbox.due = due }
            outbox.put(change.alert)
            mail[channel.name] = outbox
        }
    }

    fileprivate mutating func remind(_ alerts: Blueprint.Alerts, now: Double) {
        let again = alerts.again / .seconds(1)
        for (name, outbox) in mail where outbox.alerts.isEmpty && outbox.told > 0 && now - outbox.told >= again {
            let firing = board.firing.filter { $0.notify.isEmpty || $0.notify.contains(name) }.map(\.alert)
            mail[name]?.alerts = firing
            mail[name]?.due = now
            if firing.isEmpty { mail[name]?.told = 0 }
        }
    }

    fileprivate mutating func takeDue(_ now: Double) -> [(name: String, alerts: [Alert])] {
        var due: [(name: String, alerts: [Alert])] = []
        for (name, outbox) in mail where !outbox.alerts.isEmpty && outbox.due <= now {
            due.append((name, outbox.alerts))
            mail[name]?.alerts = []
        }
        return due.sorted { $0.name < $1.name }
    }

    /// It is tried again later, with what has come meanwhile; after 10, 20, 40 seconds and so on up to ten minutes.
    fileprivate mutating func putBack(_ alerts: [Alert], for name: String, now: Double) {
        var outbox = mail[name] ?? .init()
        let newer = outbox.alerts
        outbox.alerts = alerts
        for alert in newer { outbox.put(alert) }
        outbox.failures += 1
        counts.noticeFailures += 1
        outbox.due = now + min(600, 10 * Double(1 << min(outbox.failures - 1, 6)))
        mail[name] = outbox
    }

    fileprivate mutating func settle(_ name: String, now: Double) {
        counts.notices += 1
        mail[name]?.failures = 0
        mail[name]?.told = now
    }
}

extension AlertWatch.Outbox {
    fileprivate mutating func put(_ alert: Alert) {
        alerts.removeAll { $0.name == alert.name && $0.subject == alert.subject }
        alerts.append(alert)
    }
}

extension Blueprint.Alerts.Channel {
    fileprivate func open(_ calls: CallThread) throws(StartError) -> any AlertChannel {
        let owner = "channel '\(name)'"
        switch kind {
        case .webhook(let service): return try webhook(service, calls, owner, isSlack: false)
        case .slack(let service): return try webhook(service, calls, owner, isSlack: true)
        case .pagerduty(let service):
            let (caller, address) = try service.caller(calls, for: owner)
            return PagerDutyChannel(caller, address, key: try service.statedSecret(for: owner) ?? "")
        case .mail(let mail): return MailChannel(try mail.settings(owner), on: calls)
        case .command(let words): return CommandChannel(words, on: calls)
        }
    }

    private func webhook(
        _ service: Blueprint.Collector, _ calls: CallThread, _ owner: String, isSlack: Bool
    ) throws(StartError) -> WebhookChannel {
        let (caller, address) = try service.caller(calls, for: owner)
        let authorization = RecordCollector.authorization(
            user: service.user, secret: try service.statedSecret(for: owner), scheme: "Bearer")
        return WebhookChannel(caller, address, headers: [authorization].compactMap(\.self), isSlack: isSlack)
    }
}

extension Blueprint.Alerts.Mail {
    fileprivate func settings(_ owner: String) throws(StartError) -> MailChannel.Settings {
        let (server, name) = (server, serverName)
        var settings = MailChannel.Settings(name: name.text, isAddress: name.isAddress, from: from, to: to) {
            await Resolver.boundElsewhere(server)
        }
        do throws(CallFault) {
            switch protection {
            case .off: break
            case .starttls: settings.protection = .startTLS(try CallTrust(file: verify))
            case .implicit: settings.protection = .implicit(try CallTrust(file: verify))
            }
        } catch {
            throw StartError("\(owner): \(error)")
        }
        if let user, let secret { settings.login = (user, try StatedSecret.read(secret, for: owner)) }
        return settings
    }

    private var serverName: (text: String, isAddress: Bool) {
        switch server {
        case .address(let address): return ("\(address.ip)", true)
        case .name(let name, _): return (name, false)
        case .unix(let path): return (path, false)
        }
    }
}
