internal import AyaCore

/// What one blueprint changes against another, by the names of things rather than by lines of text: what a reload
/// reports, `aya diff` shows and the audit log keeps.
package struct BlueprintDifference: Sendable, Equatable {
    /// Listeners, then routes, pools, servers and settings, each by name.
    package private(set) var changes: [Change] = []

    package enum Kind: String, Sendable, CaseIterable { case listener, route, pool, server, setting }
    package enum Manner: String, Sendable { case added, removed, changed }

    package struct Change: Sendable, Equatable {
        package var kind: Kind
        /// `pool/address` for a server, the key for a setting.
        package var name: String
        package var manner: Manner
        /// Which keys have other values; empty for what was added or removed.
        package var details: [Detail] = []
    }

    /// A key below a thing, and its values in the expanded form; nil where it does not occur.
    package struct Detail: Sendable, Equatable {
        package var key: String
        package var before: String?
        package var after: String?
    }

    package var isEmpty: Bool { changes.isEmpty }

    package init(from old: Blueprint, to new: Blueprint) {
        compare(.listener, old.listeners, new.listeners, name: \.name) { $0.write($1) }
        compare(.route, old.routes, new.routes, name: \.name) { $0.write($1) }
        // Servers are things of their own: one more of them is not a changed pool.
        compare(.pool, old.pools.map(\.withoutServers), new.pools.map(\.withoutServers), name: \.name) { $0.write($1) }
        let servers = (old: Self.servers(of: old), new: Self.servers(of: new))
        compare(.server, servers.old, servers.new, name: \.name) { $0.write($1.server) }
        compareSettings(old, new)
    }

    private struct PlacedServer: Equatable {
        var name: String
        var server: Blueprint.Server
    }

    private static func servers(of blueprint: Blueprint) -> [PlacedServer] {
        blueprint.pools.flatMap { pool in
            pool.servers.map { PlacedServer(name: "\(pool.name)/\($0.address)", server: $0) }
        }
    }

    private mutating func compare<Thing: Equatable>(
        _ kind: Kind, _ old: [Thing], _ new: [Thing], name: (Thing) -> String,
        _ write: @escaping (inout YAMLWriter, Thing) -> Void
    ) {
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.map(name))
        for thing in old where !after.contains(name(thing)) {
            changes.append(Change(kind: kind, name: name(thing), manner: .removed))
        }
        for thing in new {
            guard let known = before[name(thing)] else {
                changes.append(Change(kind: kind, name: name(thing), manner: .added))
                continue
            }
            guard known != thing else { continue }
            let details = Self.details(Self.keys { write(&$0, known) }, Self.keys { write(&$0, thing) })
            changes.append(Change(kind: kind, name: name(thing), manner: .changed, details: details))
        }
    }

    private mutating func compareSettings(_ old: Blueprint, _ new: Blueprint) {
        let details = Self.details(Self.keys { $0.writeProcess(old) }, Self.keys { $0.writeProcess(new) })
        for detail in details {
            changes.append(Change(kind: .setting, name: detail.key, manner: .changed, details: [detail]))
        }
    }

    /// Every key of what is written, with its value, in order.
    private static func keys(_ write: (inout YAMLWriter) -> Void) -> [(key: String, value: String)] {
        var writer = YAMLWriter()
        write(&writer)
        let file = SourceFile(name: "expanded", bytes: Array(writer.text.utf8))
        let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: Problems(files: [file]))
        return root?.flattened ?? []
    }

    /// Keys whose values nobody is told.
    private static let secretKeys: Set<String> = ["secret", "token", "password"]

    private static func details(
        _ before: [(key: String, value: String)], _ after: [(key: String, value: String)]
    ) -> [Detail] {
        let old = Dictionary(before, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(after, uniquingKeysWith: { first, _ in first })
        let keys = before.map(\.key) + after.map(\.key).filter { old[$0] == nil }
        return keys.compactMap { key in
            guard old[key] != new[key] else { return nil }
            let isSecret = key.split(separator: ".").last.map { secretKeys.contains(String($0)) } ?? false
            let hidden = { (value: String?) in isSecret ? value.map { _ in "(secret)" } : value }
            return Detail(key: key, before: hidden(old[key]), after: hidden(new[key]))
        }
    }
}

extension Blueprint.Pool {
    fileprivate var withoutServers: Self {
        var pool = self
        pool.servers = []
        return pool
    }
}

extension Node {
    /// Paths of keys with their scalars; items of lists by their position.
    fileprivate var flattened: [(key: String, value: String)] {
        var found: [(key: String, value: String)] = []
        collect(under: "", into: &found)
        return found
    }

    private func collect(under path: String, into found: inout [(key: String, value: String)]) {
        switch content {
        case .scalar(let scalar): found.append((path, scalar.text))
        case .list(let items):
            for (index, item) in items.enumerated() { item.collect(under: "\(path)[\(index)]", into: &found) }
        case .map(let entries):
            for entry in entries {
                entry.value.collect(under: path.isEmpty ? entry.key : "\(path).\(entry.key)", into: &found)
            }
        case .invalid: break
        }
    }
}

extension Blueprint {
    /// For telling it: secrets that were written into it are left out.
    package var withoutSecrets: Blueprint {
        var blueprint = self
        for index in blueprint.pools.indices {
            blueprint.pools[index].brain?.capacity?.actuator?.hideSecrets()
            guard case .cookie(var cookie) = blueprint.pools[index].persistence?.key, cookie.secret != nil else {
                continue
            }
            cookie.secret = "(secret)"
            blueprint.pools[index].persistence?.key = .cookie(cookie)
        }
        for index in blueprint.listeners.indices {
            guard case .automatic(var automatic) = blueprint.listeners[index].tls?.issuer,
                automatic.externalAccount != nil
            else { continue }
            automatic.externalAccount?.secret = "(secret)"
            blueprint.listeners[index].tls?.issuer = .automatic(automatic)
        }
        if let collector = tracing?.collector { blueprint.tracing?.collector = collector.withoutSecret }
        if let collector = metrics?.collector { blueprint.metrics?.collector = collector.withoutSecret }
        for index in blueprint.alerts?.channels.indices ?? 0..<0 { blueprint.alerts?.channels[index].kind.hideSecret() }
        for index in blueprint.accessLogs.indices { blueprint.accessLogs[index].target.hideSecret() }
        return blueprint
    }
}

extension Blueprint.AccessLog.Target {
    fileprivate mutating func hideSecret() {
        switch self {
        case .standardError, .file, .journald, .syslog: break
        case .loki(let collector, let labels, let tenant):
            self = .loki(collector.withoutSecret, labels: labels, tenant: tenant)
        case .elasticsearch(let collector, let index): self = .elasticsearch(collector.withoutSecret, index: index)
        case .splunk(let collector, let index): self = .splunk(collector.withoutSecret, index: index)
        case .kafka(var kafka):
            if kafka.secret != nil { kafka.secret = "(secret)" }
            self = .kafka(kafka)
        }
    }
}

extension Blueprint.Alerts.Channel.Kind {
    fileprivate mutating func hideSecret() {
        switch self {
        case .webhook(let service): self = .webhook(service.withoutSecret)
        case .slack(let service): self = .slack(service.withoutSecret)
        case .pagerduty(let service): self = .pagerduty(service.withoutSecret)
        case .mail(var mail):
            if mail.secret != nil { mail.secret = "(secret)" }
            self = .mail(mail)
        case .command: break
        }
    }
}

extension Blueprint.Collector {
    package var withoutSecret: Self {
        var collector = self
        if secret != nil { collector.secret = "(secret)" }
        return collector
    }
}
