internal import AyaBalance
internal import AyaConfig
internal import AyaCore

/// A configuration that does not run: what it would do at its start, with every server well and idle.
extension Explainer {
    /// What stands in for a worker.
    ///
    /// - Parameter seed: chance for balancers that draw.
    package func find(_ question: Question, at listener: Int, seed: UInt64) -> Finding {
        switch blueprint.listeners[listener].kind {
        case .tcp(let fallback, let rules):
            let host = question.host.lowercased()
            let exact = rules.first { $0.host == .exact(host) }
            let below = rules.filter {
                if case .anyBelow(let suffix) = $0.host { host.hasSuffix(".\(suffix)") } else { false }
            }
            .max { "\($0.host)".utf8.count < "\($1.host)".utf8.count }
            return Finding(pool: explain((exact ?? below)?.pool ?? fallback, question, nil, [:], seed))
        case .udp(let pool): return Finding(pool: explain(pool, question, nil, [:], seed))
        case .http: break
        }
        guard let parsed = question.head(),
            let index = RouteTables(blueprint.routes).table(of: blueprint.listeners[listener].name).match(
                host: parsed.host.span, path: parsed.path.span, parsed.head, in: parsed.bytes.span)
        else { return Finding() }
        guard case .forward(let shares) = blueprint.routes[index].action else { return Finding(route: index) }
        var split = WeightedSplit(weights: shares.map(\.weight))
        guard let position = split.next() else { return Finding(route: index) }
        let subset = blueprint.routes[index].subset
        var finding = Finding(route: index, pool: explain(shares[position].pool, question, parsed, subset, seed))
        let total = shares.reduce(0) { $0 + $1.weight }
        if shares.count > 1 { finding.pool?.share = Double(shares[position].weight) / Double(total) }
        return finding
    }

    private func explain(
        _ name: String?, _ question: Question, _ parsed: ParsedQuestion?, _ labels: [String: String], _ seed: UInt64
    ) -> Explanation.Pool? {
        guard let pool = blueprintPool(name) else { return nil }
        let choices = ServerChoices(pool, zone: blueprint.zone)
        let source = KeySource(pool, isHash: choices.isHash)
        let key = source.key(of: question, parsed) ?? question.client?.balancingKey ?? 0
        let (view, rehearsal) = choices.rehearse(
            PickRequest(key: key, now: Instant(nanoseconds: 0)), subset: choices.subset(labels),
            random: RandomSource(seed: seed))
        return Explanation.Pool(pool, view, BalancerKind(pool.balance), rehearsal, bound: nil, worker: nil)
    }

    func blueprintPool(_ name: String?) -> Blueprint.Pool? { blueprint.pools.first { $0.name == name } }
}
