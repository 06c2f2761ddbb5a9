internal import AyaCore

extension YAMLWriter {
    mutating func write(_ alerts: Blueprint.Alerts) {
        typealias Keys = Language.Alerts
        if !alerts.rules.isEmpty {
            map(Keys.rules) { writer in
                for rule in alerts.rules { writer.map(rule.name) { $0.write(rule) } }
            }
        }
        if !alerts.channels.isEmpty {
            map(Keys.notify) { writer in
                for channel in alerts.channels { writer.map(channel.name) { $0.write(channel.kind) } }
            }
        }
        duration(Keys.group, alerts.group)
        duration(Keys.again, alerts.again)
    }

    private mutating func write(_ rule: Blueprint.Alerts.Rule) {
        typealias Keys = Language.Alerts.Rule
        switch rule.condition {
        case .errorRate(let share): self.share(Keys.errorRate, share)
        case .p99(let bound): duration(Keys.p99, bound)
        case .serversAvailable(let share): self.share(Keys.serversAvailable, share)
        case .saturation(let share): self.share(Keys.saturation, share)
        case .certificateExpiry(let time): duration(Keys.certificateExpiry, time)
        case .descriptors(let share): self.share(Keys.descriptors, share)
        }
        duration(Keys.patience, rule.patience)
        switch rule.condition {
        case .errorRate, .p99: items(Keys.routes, rule.subjects)
        case .serversAvailable, .saturation: items(Keys.pools, rule.subjects)
        case .certificateExpiry, .descriptors: break
        }
        word(Keys.urgency, rule.urgency.rawValue)
        items(Keys.notify, rule.notify)
    }

    private mutating func items(_ key: Key, _ names: [String]) {
        guard !names.isEmpty else { return }
        map(key) { writer in for name in names { writer.item(name) } }
    }

    private mutating func write(_ kind: Blueprint.Alerts.Channel.Kind) {
        typealias Keys = Language.Alerts.Channel
        switch kind {
        case .webhook(let service): map(Keys.webhook) { $0.write(service) }
        case .slack(let service): map(Keys.slack) { $0.write(service) }
        case .pagerduty(let service):
            map(Keys.pagerduty) { writer in
                writer.text(Language.Alerts.PagerDuty.url, service.url)
                writer.text(Language.Alerts.PagerDuty.token, service.secret ?? "")
                writer.text(Language.Collector.verify, service.verify ?? "system")
            }
        case .mail(let mail):
            map(Keys.mail) { writer in
                writer.text(Language.Alerts.Mail.server, "\(mail.server)")
                writer.text(Language.Alerts.Mail.from, mail.from)
                writer.items(Language.Alerts.Mail.to, mail.to)
                writer.word(Language.Alerts.Mail.tls, mail.protection.rawValue)
                if let user = mail.user { writer.text(Language.Alerts.Mail.user, user) }
                if let secret = mail.secret { writer.text(Language.Collector.password, secret) }
                if mail.protection != .off { writer.text(Language.Collector.verify, mail.verify ?? "system") }
            }
        case .command(let words): items(Keys.command, words)
        }
    }

    mutating func write(_ objective: Blueprint.Objective) {
        typealias Keys = Language.Objective
        if let availability = objective.availability { share(Keys.availability, availability) }
        if let latency = objective.latency {
            text(Keys.latency, "\(DurationText.describe(latency.bound)) at \(ShareText.describe(latency.share))")
        }
    }
}
