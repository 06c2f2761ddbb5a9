internal import AyaConfig

/// Puts a plan into the shape of Aya's language.
struct PlanWriter {
    let plan: Plan
    let findings: Findings

    var tree: Value {
        var fields: [Field] = []
        let start = Origin(line: 1)
        if !plan.listeners.isEmpty {
            fields.append(Field("listeners", .map(plan.listeners.map(listener)), start))
        }
        if !plan.routes.isEmpty { fields.append(Field("routes", .map(plan.routes.map(route)), start)) }
        if !plan.pools.isEmpty { fields.append(Field("pools", .map(plan.pools.map(pool)), start)) }
        if let admin = plan.admin {
            fields.append(Field("admin", .flowMap([("bind", .text(admin.bind))]), admin.origin))
        }
        if let log = plan.accessLog {
            var entries: [(key: String, value: Value)] = []
            if log.format != .json { entries.append(("format", .word(log.format.rawValue))) }
            switch log.target {
            case .file(let path): entries.append(("file", .text(path)))
            case .standardError: entries.append(("stderr", .word("true")))
            }
            fields.append(Field("access_log", .flowMap(entries), log.origin))
        }
        if let workers = plan.workers { fields.append(Field("workers", .word("\(workers.count)"), workers.origin)) }
        if let grace = plan.grace {
            fields.append(Field("drain", .flowMap([("grace", .milliseconds(grace.milliseconds))]), grace.origin))
        }
        return .map(fields)
    }

    /// Above each entry stands where it comes from.
    func source(_ origin: Origin) -> String {
        let name = findings.files.indices.contains(origin.file) ? findings.files[origin.file].name : "?"
        return "\(Importer.baseName(name)):\(origin.line)"
    }

    /// A duration within Aya's bounds; one beyond them is said.
    func duration(_ name: String, _ value: Int64?, _ origin: Origin) -> (key: String, value: Value)? {
        guard let value else { return nil }
        if value > Times.longest {
            findings.differs(
                "'\(name)' of \(Times.text(value)): Aya's durations end at 24h, which is written", at: origin)
        }
        return (name, .milliseconds(min(max(value, 1), Times.longest)))
    }

    /// A number within Aya's bounds for it.
    func number(_ name: String, _ value: Int?, _ bounds: ClosedRange<Int>, _ origin: Origin) -> (String, Value)? {
        guard let value else { return nil }
        let kept = min(max(value, bounds.lowerBound), bounds.upperBound)
        if kept != value { findings.differs("'\(name)' of \(value): Aya takes \(kept) there", at: origin) }
        return (name, .word("\(kept)"))
    }
}
