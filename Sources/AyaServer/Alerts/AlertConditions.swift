internal import AyaBrain
package import AyaConfig
internal import AyaCore
package import AyaTelemetry

/// Holds rules and objectives against the counters: which conditions hold at a moment.
package struct AlertConditions: Sendable {
    /// What one look sees.
    package struct Look: Sendable {
        /// Seconds since 1970.
        var time: Double
        var metrics: MetricsSnapshot
        var facts: ProcessFacts

        package init(time: Double, metrics: MetricsSnapshot, facts: ProcessFacts) {
            self.time = time
            self.metrics = metrics
            self.facts = facts
        }
    }

    package init() {}

    /// - Parameter budgets: what objectives have counted before, by objective.
    init(budgets: [String: BudgetHistory]) { self.budgets = budgets }

    /// Of the last minute; rates are measured against the oldest.
    private var looks: [Look] = []
    private(set) var budgets: [String: BudgetHistory] = [:]
    private static let window = 60.0

    /// Everything that holds now.
    package mutating func findings(_ look: Look, _ blueprint: Blueprint) -> [AlertFinding] {
        looks.removeAll { look.time - $0.time > Self.window || $0.time >= look.time }
        defer { looks.append(look) }
        let rules = blueprint.alerts?.rules ?? []
        return rules.flatMap { findings($0, look, blueprint) } + objectives(look, blueprint)
    }

    private func findings(
        _ rule: Blueprint.Alerts.Rule, _ look: Look, _ blueprint: Blueprint
    ) -> [AlertFinding] {
        let found: [(subject: String, value: Double, threshold: Double, reason: String)]
        switch rule.condition {
        case .errorRate(let share): found = errorRates(look, above: share, rule.subjects)
        case .p99(let bound): found = latencies(look, above: bound, rule.subjects)
        case .serversAvailable(let share): found = availabilities(look, below: share, rule.subjects)
        case .saturation(let share): found = saturations(look, blueprint, above: share, rule.subjects)
        case .certificateExpiry(let time): found = certificates(look, below: time)
        case .descriptors(let share): found = descriptors(look.facts, above: share)
        }
        return found.map { finding in
            AlertFinding(
                name: rule.name, subject: finding.subject, urgency: rule.urgency == .page ? .page : .ticket,
                value: finding.value, threshold: finding.threshold, reason: finding.reason,
                patience: rule.patience / .seconds(1), notify: rule.notify)
        }
    }

    private typealias Found = [(subject: String, value: Double, threshold: Double, reason: String)]

    // MARK: routes

    /// Counters of routes now, and what they were a minute ago.
    private func routes(_ look: Look, _ names: [String]) -> [(name: String, now: RouteCounts, before: RouteCounts)] {
        guard let oldest = looks.first else { return [] }
        let before = Dictionary(
            oldest.metrics.routes.map { ($0.name, $0.counts) }, uniquingKeysWith: { first, _ in first })
        return look.metrics.routes.filter { names.isEmpty || names.contains($0.name) }.compactMap { sample in
            before[sample.name].map { (sample.name, sample.counts, $0) }
        }
    }

    private func errorRates(_ look: Look, above share: Double, _ names: [String]) -> Found {
        routes(look, names).compactMap { name, now, before in
            let requests = Double(now.requests.total) - Double(before.requests.total)
            guard requests > 0 else { return nil }
            let rate = max(0, now.errors - before.errors) / requests
            guard rate > share else { return nil }
            return (
                "routes/\(name)", rate, share,
                "\(Self.percent(rate)) of \(Int(requests)) exchanges failed in the last minute"
            )
        }
    }

    private func latencies(_ look: Look, above bound: Duration, _ names: [String]) -> Found {
        routes(look, names).compactMap { name, now, before in
            guard let p99 = now.duration.since(before.duration).quantile(0.99), p99 > bound else { return nil }
            let (value, threshold) = (p99 / .seconds(1), bound / .seconds(1))
            return ("routes/\(name)", value, threshold, "one in a hundred took more than \(Self.time(value))")
        }
    }

    // MARK: pools

    private func availabilities(_ look: Look, below share: Double, _ names: [String]) -> Found {
        look.metrics.health.compactMap { pool in
            guard names.isEmpty || names.contains(pool.pool), !pool.servers.isEmpty else { return nil }
            let available = pool.servers.count { $0.counts.up > 0 }
            let value = Double(available) / Double(pool.servers.count)
            guard value < share else { return nil }
            return ("pools/\(pool.pool)", value, share, "\(available) of \(pool.servers.count) servers take work")
        }
    }

    private func saturations(_ look: Look, _ blueprint: Blueprint, above share: Double, _ names: [String]) -> Found {
        let configured = Dictionary(
            blueprint.pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return look.metrics.pools.compactMap { pool in
            guard names.isEmpty || names.contains(pool.name), let places = configured[pool.name]?.places(pool.counts)
            else { return nil }
            let used = pool.servers.reduce(0) { $0 + $1.counts.inFlight }
            let value = Double(used) / Double(places)
            guard value > share else { return nil }
            return ("pools/\(pool.name)", value, share, "\(used) of \(places) places are in use")
        }
    }

    // MARK: the process

    private func certificates(_ look: Look, below time: Duration) -> Found {
        let threshold = time / .seconds(1)
        return look.metrics.certificates.compactMap { sample in
            let left = Double(sample.counts.expiry)
            guard left < threshold else { return nil }
            let reason = left > 0 ? "it runs out in \(Int(left / 86_400)) days" : "it has run out"
            return ("listeners/\(sample.listener)/\(sample.certificate)", left, threshold, reason)
        }
    }

    private func descriptors(_ facts: ProcessFacts, above share: Double) -> Found {
        guard facts.maximumDescriptors > 0 else { return [] }
        let value = Double(facts.openDescriptors) / Double(facts.maximumDescriptors)
        guard value > share else { return [] }
        return [
            ("aya", value, share, "\(facts.openDescriptors) of \(facts.maximumDescriptors) descriptors are open")
        ]
    }

    // MARK: objectives

    private mutating func objectives(_ look: Look, _ blueprint: Blueprint) -> [AlertFinding] {
        let promised = blueprint.routes.filter { $0.slo != nil }
        let counts = Dictionary(
            look.metrics.routes.map { ($0.name, $0.counts) }, uniquingKeysWith: { first, _ in first })
        var findings: [AlertFinding] = []
        var kept: Set<String> = []
        for route in promised {
            guard let slo = route.slo, let now = counts[route.name] else { continue }
            let requests = Double(now.requests.total)
            if let availability = slo.availability {
                let key = "\(route.name) availability"
                kept.insert(key)
                findings += budget(key, route.name, "failed", availability, look.time, requests, now.errors)
            }
            if let latency = slo.latency {
                let key = "\(route.name) latency"
                kept.insert(key)
                let bound = Interval(latency.bound).nanoseconds
                let slow = Double(now.duration.count) - Double(now.duration.count(upTo: bound))
                findings += budget(
                    key, route.name, "took too long", latency.share, look.time, Double(now.duration.count), slow)
            }
        }
        budgets = budgets.filter { kept.contains($0.key) }
        return findings
    }

    private mutating func budget(
        _ key: String, _ route: String, _ verb: String, _ objective: Double, _ time: Double, _ requests: Double,
        _ errors: Double
    ) -> [AlertFinding] {
        guard let budget = ErrorBudget(objective: objective) else { return [] }
        budgets[key, default: BudgetHistory()].note(time: time, requests: requests, errors: errors)
        guard let history = budgets[key] else { return [] }
        let urgency = budget.urgency { history.window($0) }
        guard urgency > .none else { return [] }
        let rule = ErrorBudget.rules.first { rule in
            rule.urgency == urgency && budget.burnRate(history.window(rule.long)) >= rule.rate
        }
        let long = rule?.long ?? 3_600
        let window = history.window(long)
        let rate = budget.burnRate(window)
        return [
            AlertFinding(
                name: verb == "failed" ? "slo_availability" : "slo_latency", subject: "routes/\(route)",
                urgency: urgency == .page ? .page : .ticket, value: rate, threshold: rule?.rate ?? 1,
                reason: "\(Int(window.errors)) of \(Int(window.requests)) exchanges \(verb) in \(Self.span(long)): "
                    + "what is allowed in 30 days is used up \(Self.tenths(rate)) times too fast")
        ]
    }

    // MARK: words

    private static func percent(_ share: Double) -> String { "\(tenths(share * 100)) %" }
    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    private static func time(_ seconds: Double) -> String {
        seconds < 1 ? "\(Int(seconds * 1_000)) ms" : "\(tenths(seconds)) s"
    }
    private static func span(_ seconds: Double) -> String {
        seconds <= 3_600 ? "the last hour" : seconds <= 21_600 ? "the last six hours" : "the last three days"
    }
}

extension RouteCounts {
    /// Exchanges that servers, Aya or its configuration failed.
    fileprivate var errors: Double {
        // Most failures are answered with 5xx; some only cut an answer that had begun.
        let failures = Reason.allCases.reduce(into: UInt64(0)) { sum, reason in
            switch reason.blame {
            case .upstream, .aya, .operator: sum &+= reasons[reason]
            case .client, nil: break
            }
        }
        return Double(max(requests[4], failures))
    }
}

extension Blueprint.Pool {
    /// How much it may have under way; nil when nothing says so.
    fileprivate func places(_ counts: PoolCounts) -> Int? {
        if counts.concurrencyLimit > 0 { return counts.concurrencyLimit }
        let limits = servers.map(\.maxConnections)
        guard !limits.isEmpty, !limits.contains(nil) else { return nil }
        let sum = limits.reduce(0) { $0 + ($1 ?? 0) }
        return sum > 0 ? sum : nil
    }
}
