internal import AyaCore

/// Writes a blueprint in its long form: every default visible, every short form spelt out, in one order.
///
/// Expanding what was expanded changes nothing, and loading it gives an equal blueprint.
package enum Expander {
    package static func expand(_ blueprint: Blueprint) -> String {
        var writer = YAMLWriter()
        if !blueprint.listeners.isEmpty {
            writer.map(Language.Top.listeners.name) { writer in
                for listener in blueprint.listeners { writer.map(listener.name) { $0.write(listener) } }
            }
        }
        if !blueprint.routes.isEmpty {
            writer.map(Language.Top.routes.name) { writer in
                for route in blueprint.routes { writer.map(route.name) { $0.write(route) } }
            }
        }
        if !blueprint.pools.isEmpty {
            writer.map(Language.Top.pools.name) { writer in
                for pool in blueprint.pools { writer.map(pool.name) { $0.write(pool) } }
            }
        }
        writer.writeProcess(blueprint)
        return writer.text
    }
}

extension YAMLWriter {
    mutating func word(_ key: Key, _ value: String) { word(key.name, value) }
    mutating func text(_ key: Key, _ value: String) { text(key.name, value) }
    mutating func map(_ key: Key, _ body: (inout YAMLWriter) -> Void) { map(key.name, body) }
    mutating func duration(_ key: Key, _ value: Duration?) {
        word(key.name, value.map(DurationText.describe) ?? "none")
    }
    mutating func share(_ key: Key, _ value: Double?) { word(key.name, value.map(ShareText.describe) ?? "none") }
    mutating func boolean(_ key: Key, _ value: Bool) { word(key.name, value ? "true" : "false") }

    /// A part that may be switched off.
    mutating func part<Part>(_ key: Key, _ part: Part?, _ body: (inout YAMLWriter, Part) -> Void) {
        if let part { map(key) { body(&$0, part) } } else { word(key, "off") }
    }

    mutating func count(_ key: Key, _ value: Int?) { word(key.name, value.map { "\($0)" } ?? "none") }

    mutating func writeProcess(_ blueprint: Blueprint) {
        if let admin = blueprint.admin {
            map(Language.Top.admin) { $0.write(admin) }
        } else {
            word(Language.Top.admin, "off")
        }
        switch blueprint.workers {
        case .auto: word(Language.Top.workers, "auto")
        case .exactly(let count): self.count(Language.Top.workers, count)
        }
        write(blueprint.accessLogs)
        part(Language.Top.tracing, blueprint.tracing) { $0.write($1) }
        part(Language.Top.metrics, blueprint.metrics) { $0.write($1) }
        part(Language.Top.alerts, blueprint.alerts) { $0.write($1) }
        map(Language.Top.drain) { $0.duration(Language.Drain.grace, blueprint.drain.grace) }
        if let zone = blueprint.zone { text(Language.Top.zone, zone) }
        text(Language.Top.state, blueprint.state)
        part(Language.Top.history, blueprint.history) { $0.write($1) }
        map(Language.Top.brain) { $0.duration(Language.Learning.interval, blueprint.learning.interval) }
        write(blueprint.events)
        map(Language.Top.process) { writer in
            if let user = blueprint.process.user { writer.text(Language.Process.user, user) }
            if let group = blueprint.process.group { writer.text(Language.Process.group, group) }
            writer.word(Language.Process.seccomp, blueprint.process.systemCalls.rawValue)
            writer.word(Language.Process.landlock, blueprint.process.landlock.rawValue)
        }
    }
}
