/// What holds now about one subject, by one rule.
package struct AlertFinding: Sendable {
    package struct Key: Hashable, Sendable {
        package var name: String
        package var subject: String
    }

    package var key: Key
    package var urgency: Alert.Urgency
    package var value: Double
    package var threshold: Double
    package var reason: String
    /// Seconds that it must hold before it is told.
    package var patience: Double
    /// Names of channels; empty: all.
    package var notify: [String]

    package init(
        name: String, subject: String, urgency: Alert.Urgency, value: Double, threshold: Double, reason: String,
        patience: Double = 0, notify: [String] = []
    ) {
        key = Key(name: name, subject: subject)
        self.urgency = urgency
        self.value = value
        self.threshold = threshold
        self.reason = reason
        self.patience = patience
        self.notify = notify
    }
}

/// Which alerts there are, from one look to the next: what holds long enough fires, what holds no more is resolved.
///
/// Pure: time is passed in, in seconds since 1970.
package struct AlertBoard: Sendable {
    /// An alert that began or ended, and whom to tell.
    package struct Change: Sendable {
        package var alert: Alert
        package var notify: [String]
    }

    private struct Entry {
        var finding: AlertFinding
        var state: Alert.State
        var since: Double
    }

    private var entries: [AlertFinding.Key: Entry] = [:]
    package private(set) var silences: [Silence] = []
    /// How long an alert that is over is still shown.
    private static let memory = 3_600.0
    /// Beyond so many nothing new is taken: somebody has a rule for each of ten thousand routes.
    private static let most = 1_000

    package struct Silence: Sendable, Equatable {
        /// Nil: any.
        package var name: String?
        package var subject: String?
        /// Seconds since 1970.
        package var until: Double

        package init(name: String?, subject: String?, until: Double) {
            self.name = name
            self.subject = subject
            self.until = until
        }

        func covers(_ key: AlertFinding.Key) -> Bool {
            (name ?? key.name) == key.name && (subject ?? key.subject) == key.subject
        }
    }

    package init() {}

    package mutating func silence(_ silence: Silence) {
        silences.removeAll { $0.name == silence.name && $0.subject == silence.subject }
        if silences.count < Self.most { silences.append(silence) }
    }

    /// Takes what holds now; gives what began to fire and what is over. What is silenced changes without a word.
    package mutating func look(_ findings: [AlertFinding], now: Double) -> [Change] {
        silences.removeAll { $0.until <= now }
        var changes: [Change] = []
        var held: Set<AlertFinding.Key> = []
        for finding in findings where entries[finding.key] != nil || entries.count < Self.most {
            held.insert(finding.key)
            if take(finding, now) { note(finding.key, &changes) }
        }
        for (key, entry) in entries where !held.contains(key) {
            switch entry.state {
            case .pending: entries[key] = nil
            case .firing:
                entries[key]?.state = .resolved
                entries[key]?.since = now
                note(key, &changes)
            case .resolved: if now - entry.since > Self.memory { entries[key] = nil }
            }
        }
        return changes.sorted { ($0.alert.name, $0.alert.subject) < ($1.alert.name, $1.alert.subject) }
    }

    /// True when it begins to fire.
    private mutating func take(_ finding: AlertFinding, _ now: Double) -> Bool {
        var entry = entries[finding.key] ?? Entry(finding: finding, state: .pending, since: now)
        if entry.state == .resolved { entry = Entry(finding: finding, state: .pending, since: now) }
        let grew = entry.finding.urgency == .ticket && finding.urgency == .page
        entry.finding = finding
        defer { entries[finding.key] = entry }
        switch entry.state {
        case .firing: return grew
        case .pending, .resolved:
            guard now - entry.since >= finding.patience else { return false }
            (entry.state, entry.since) = (.firing, now)
            return true
        }
    }

    private func note(_ key: AlertFinding.Key, _ changes: inout [Change]) {
        guard let alert = alert(key), alert.silencedUntil == nil, let entry = entries[key] else { return }
        changes.append(Change(alert: alert, notify: entry.finding.notify))
    }

    private func alert(_ key: AlertFinding.Key) -> Alert? {
        guard let entry = entries[key] else { return nil }
        return Alert(
            name: key.name, subject: key.subject, urgency: entry.finding.urgency, state: entry.state,
            since: entry.since, value: entry.finding.value, threshold: entry.finding.threshold,
            reason: entry.finding.reason, silencedUntil: silences.filter { $0.covers(key) }.map(\.until).max())
    }

    /// Firing ones first, then by name and subject.
    package var alerts: [Alert] {
        let order: [Alert.State] = [.firing, .pending, .resolved]
        return entries.keys.compactMap(alert).sorted { one, other in
            let places = (order.firstIndex(of: one.state) ?? 0, order.firstIndex(of: other.state) ?? 0)
            return places.0 == places.1 ? (one.name, one.subject) < (other.name, other.subject) : places.0 < places.1
        }
    }

    /// What fires and is not silenced, with whom to tell of it.
    package var firing: [Change] {
        entries.compactMap { key, entry in
            guard entry.state == .firing, let alert = alert(key), alert.silencedUntil == nil else { return nil }
            return Change(alert: alert, notify: entry.finding.notify)
        }
    }
}
