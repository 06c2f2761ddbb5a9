internal import AyaCore

extension Translation {
    mutating func translateAlerts(_ top: SectionReader) {
        typealias Keys = Language.Alerts
        guard let map = top.part(Language.Top.alerts, Keys.section, title: "'alerts'") else { return }
        var alerts = Blueprint.Alerts()
        alerts.channels = named(map, Keys.notify, "channel").compactMap(channel).sorted { $0.name < $1.name }
        let known = Set(alerts.channels.map(\.name))
        for entry in named(map, Keys.rules, "alert") {
            guard let rule = alert(entry, channels: known) else { continue }
            alerts.rules.append(rule)
            draft.alertPlaces[rule.name] = entry.keyNode.place
        }
        alerts.rules.sort { $0.name < $1.name }
        if let group = map.duration(Keys.group) { alerts.group = group }
        if let again = map.duration(Keys.again) { alerts.again = again }
        draft.alerts = alerts
    }

    private func alert(_ entry: Node.Entry, channels: Set<String>) -> Blueprint.Alerts.Rule? {
        typealias Keys = Language.Alerts.Rule
        let title = "alert '\(entry.key)'"
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader) else { return nil }
        guard let key = map.only(of: Keys.conditions, title, noun: "condition"), let condition = condition(map, key)
        else { return nil }
        var rule = Blueprint.Alerts.Rule(name: entry.key, condition: condition)
        if let patience = map.duration(Keys.patience) { rule.patience = patience }
        if let urgency = map.word(Keys.urgency).flatMap(Blueprint.Alerts.Urgency.init) { rule.urgency = urgency }
        rule.subjects = subjects(map, condition)
        for node in map.items(Keys.notify) ?? [] {
            guard let name = reader.text(node, TextForm.channelName.what) else { continue }
            rule.notify.append(name)
            if !channels.contains(name) {
                problems.error(
                    "unknown channel '\(shortened(name))'" + Suggestion.hint(for: name, among: channels.sorted()),
                    at: node.place)
            }
        }
        return rule
    }

    private func condition(_ map: SectionReader, _ key: Key) -> Blueprint.Alerts.Condition? {
        typealias Keys = Language.Alerts.Rule
        switch key.name {
        case Keys.errorRate.name: return map.share(key).map { .errorRate(above: $0) }
        case Keys.p99.name: return map.duration(key).map { .p99(above: $0) }
        case Keys.serversAvailable.name: return map.share(key).map { .serversAvailable(below: $0) }
        case Keys.saturation.name: return map.share(key).map { .saturation(above: $0) }
        case Keys.certificateExpiry.name: return map.duration(key).map { .certificateExpiry(below: $0) }
        default: return map.share(key).map { .descriptors(above: $0) }
        }
    }

    private func subjects(_ map: SectionReader, _ condition: Blueprint.Alerts.Condition) -> [String] {
        typealias Keys = Language.Alerts.Rule
        let key: Key?
        switch condition {
        case .errorRate, .p99: key = Keys.routes
        case .serversAvailable, .saturation: key = Keys.pools
        case .certificateExpiry, .descriptors: key = nil
        }
        for other in [Keys.routes, Keys.pools] where other.name != key?.name {
            if let place = map.keyPlace(other) {
                problems.error("'\(other.name)' has no meaning for this condition", at: place)
            }
        }
        guard let key else { return [] }
        return (map.items(key) ?? []).compactMap { reader.text($0, key.type.expectation) }
    }

    private func channel(_ entry: Node.Entry) -> Blueprint.Alerts.Channel? {
        typealias Keys = Language.Alerts.Channel
        let title = "channel '\(entry.key)'"
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader),
            let key = map.only(of: Keys.kinds, title, noun: "kind")
        else { return nil }
        return kind(map, key, title).map { .init(name: entry.key, kind: $0) }
    }

    private func kind(_ map: SectionReader, _ key: Key, _ title: String) -> Blueprint.Alerts.Channel.Kind? {
        typealias Keys = Language.Alerts.Channel
        let title = "'\(key.name)' of \(title)"
        switch key.name {
        case Keys.webhook.name, Keys.slack.name:
            guard let map = map.section(key, Language.Alerts.Webhook.section, title: title),
                let collector = collector(map, title)
            else { return nil }
            return key.name == Keys.slack.name ? .slack(collector) : .webhook(collector)
        case Keys.pagerduty.name:
            guard let map = map.section(key, Language.Alerts.PagerDuty.section, title: title) else { return nil }
            let url = map.text(Language.Alerts.PagerDuty.url, .httpURL, HTTPURLText.check)
            var service = Blueprint.Collector(url: url ?? "https://events.pagerduty.com")
            service.secret = map.text(Language.Alerts.PagerDuty.token, .credential, LogTemplateText.credential)
            let verify = map.text(Language.Collector.verify, .filePath, Self.path)
            service.verify = verify == "system" ? nil : verify
            return .pagerduty(service)
        case Keys.mail.name: return mail(map, key, title)
        default: return alertCommand(map, key)
        }
    }

    private func mail(_ map: SectionReader, _ key: Key, _ title: String) -> Blueprint.Alerts.Channel.Kind? {
        typealias Keys = Language.Alerts.Mail
        guard let map = map.section(key, Keys.section, title: title) else { return nil }
        let server = map.text(Keys.server, .serverAddress, EndpointText.server)
        let from = map.text(Keys.from, .email, Self.email)
        let to = (map.items(Keys.to) ?? []).compactMap { reader.text($0, .email, Self.email) }
        let user = map.text(Keys.user, .argument, LogTemplateText.credential)
        let password = map.text(Language.Collector.password, .credential, LogTemplateText.credential)
        let verify = map.text(Language.Collector.verify, .filePath, Self.path)
        let protection = map.word(Keys.tls).flatMap(Blueprint.Alerts.Mail.Protection.init) ?? .off
        if (map.node(Keys.user) == nil) != (map.node(Language.Collector.password) == nil) {
            problems.error("\(title): 'user' and 'password' go together", at: map.place)
        } else if protection == .off, let place = map.keyPlace(Keys.user) ?? map.keyPlace(Language.Collector.verify) {
            problems.error("\(title) needs 'tls' for that ('starttls' or 'implicit')", at: place)
        }
        guard let server, let from, !to.isEmpty else { return nil }
        if case .unix = server, protection != .off {
            problems.error("\(title): a socket of this machine speaks no TLS", at: map.keyPlace(Keys.tls))
        }
        var mail = Blueprint.Alerts.Mail(server: server, from: from, to: to)
        mail.protection = protection
        (mail.user, mail.secret, mail.verify) = (user, password, verify == "system" ? nil : verify)
        return .mail(mail)
    }

    private func alertCommand(_ map: SectionReader, _ key: Key) -> Blueprint.Alerts.Channel.Kind? {
        let words = (map.items(key) ?? []).compactMap { reader.text($0, .argument, ProbeText.argument) }
        guard let program = words.first, program.utf8.first == UInt8(ascii: "/") else {
            problems.error(
                "a command begins with the absolute path of a program, such as '/usr/local/bin/tell'",
                at: map.node(key)?.place)
            return nil
        }
        return .command(words)
    }

    // MARK: objectives

    func objective(_ map: SectionReader, _ title: String) -> Blueprint.Objective? {
        typealias Keys = Language.Objective
        guard let map = map.part(Language.Route.slo, Keys.section, title: "'slo' of \(title)") else { return nil }
        var objective = Blueprint.Objective()
        objective.availability = map.share(Keys.availability)
        objective.latency = map.text(Keys.latency, .latencyObjective, Self.latencyObjective)
        if map.node(Keys.availability) == nil, map.node(Keys.latency) == nil {
            problems.error("'slo' of \(title) has neither 'availability' nor 'latency'", at: map.place)
        }
        return objective
    }

    private static func latencyObjective(_ text: String) throws(InvalidText) -> Blueprint.Objective.Latency {
        let parts = text.split(separator: " ")
        guard parts.count == 3, parts[1] == "at", let bound = DurationText.parse(String(parts[0])), bound > .zero,
            let share = ShareText.parse(String(parts[2])), share > 0, share < 1
        else { throw InvalidText("'\(shortened(text))' is not \(TextForm.latencyObjective.what)") }
        return .init(bound: bound, share: share)
    }
}
