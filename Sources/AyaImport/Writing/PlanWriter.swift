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
        fields += accessLogs()
        if let workers = plan.workers { fields.append(Field("workers", .word("\(workers.count)"), workers.origin)) }
        if let grace = plan.grace {
            fields.append(Field("drain", .flowMap([("grace", .milliseconds(grace.milliseconds))]), grace.origin))
        }
        return .map(fields)
    }

    /// One log of everything is written short.
    private func accessLogs() -> [Field] {
        let logs = plan.accessLogs.enumerated().map { index, log in
            (log: log, routes: plan.routes.filter { $0.log == .usual && index == 0 || $0.log == .own(index) })
        }
        if let only = logs.first, logs.count == 1, only.routes.count == plan.routes.count {
            return [Field("access_log", .flowMap(log(only.log)), only.log.origin)]
        }
        var names = Names()
        let used = logs.filter { !$0.routes.isEmpty }
        if used.isEmpty { return [] }
        let entries = used.map { one in
            let routes = one.routes.map { Value.text($0.name) }
            let filter: [(key: String, value: Value)] =
                routes.count == plan.routes.count ? [] : [("routes", .flowList(routes))]
            return Field(
                names.unique(one.log.wish), .flowMap(log(one.log) + filter), one.log.origin,
                comments: [source(one.log.origin)])
        }
        return [Field("access_logs", .map(entries), used[0].log.origin)]
    }

    private func log(_ log: Plan.AccessLog) -> [(key: String, value: Value)] {
        let format: [(key: String, value: Value)] =
            log.format == .json ? [] : [("format", .word(log.format.rawValue))]
        switch log.target {
        case .file(let path): return format + [("file", .text(path))]
        case .standardError: return format + [("stderr", .word("true"))]
        }
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
