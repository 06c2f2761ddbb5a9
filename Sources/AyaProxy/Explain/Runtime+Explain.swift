internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS

/// What a worker says of a request that nobody has sent. Nothing here changes what it knows.
extension Runtime {
    /// - Parameter listener: the position of the listener that it would come to.
    package func find(_ question: Question, at listener: Int) -> Explainer.Finding {
        guard listener < snapshot.blueprint.listeners.count else { return Explainer.Finding() }
        switch snapshot.blueprint.listeners[listener].kind {
        case .tcp:
            let name = Array(question.host.lowercased().utf8)
            let pool = listeners[listener].sessionRoutes?.pool(for: name.span)
            return Explainer.Finding(pool: pool.flatMap { explain($0, question) })
        case .udp:
            return Explainer.Finding(pool: listeners[listener].datagramPool.flatMap { explain($0, question) })
        case .http: return find(question, routes: tables.table(of: listeners[listener].name))
        }
    }

    private func find(_ question: Question, routes table: RouteTable) -> Explainer.Finding {
        guard let parsed = question.head(),
            let index = table.match(
                host: parsed.host.span, path: parsed.path.span, parsed.head, in: parsed.bytes.span)
        else { return Explainer.Finding() }
        var finding = Explainer.Finding(route: index)
        switch routes[index].action {
        case .redirect, .respond: break
        case .forward(let destination):
            finding.pool = explain(destination.pool, question, parsed, subset: destination.subset)
        case .split(let split):
            guard let destination = split.peek() else { break }
            finding.pool = explain(destination.pool, question, parsed, subset: destination.subset)
            finding.pool?.share = split.share(of: destination)
        }
        return finding
    }

    private func explain(
        _ pool: PoolRuntime, _ question: Question, _ parsed: ParsedQuestion? = nil, subset: Int = 0
    ) -> Explanation.Pool? {
        let name = String(decoding: pool.name, as: UTF8.self)
        guard let blueprint = snapshot.blueprint.pools.first(where: { $0.name == name }) else { return nil }
        return pool.explain(blueprint, question, parsed, subset: subset)
    }
}

extension PoolRuntime {
    fileprivate func explain(
        _ blueprint: Blueprint.Pool, _ question: Question, _ parsed: ParsedQuestion?, subset: Int
    ) -> Explanation.Pool {
        let key = keySource.key(of: question, parsed) ?? question.client?.balancingKey ?? 0
        let request = PickRequest(key: key, now: worker.now)
        var random = worker.random
        // An exchange draws the two halves of its id before it gets a server.
        if parsed != nil { _ = (random.next(), random.next()) }
        let (view, rehearsal) = choices.rehearse(request, subset: subset, random: random)
        let own = ownServer(question, parsed).flatMap { own in
            choices.contains(own, subset: subset) && persistence?.mayServe(own, self.view) == true ? own : nil
        }
        return Explanation.Pool(
            blueprint, view, BalancerKind(blueprint.balance), rehearsal, bound: own, worker: worker.index)
    }

    private func ownServer(_ question: Question, _ parsed: ParsedQuestion?) -> Int? {
        guard let persistence else { return nil }
        func remembered(_ value: [UInt8]?) -> Int? {
            guard let table = persistence.table, let value else { return nil }
            return persistence.find(table.key(value.span), now: worker.now)
        }
        switch persistence.key {
        case .insertedCookie(let name):
            guard let value = parsed?.cookie(name), let contents = persistence.seal?.read(value.span) else {
                return nil
            }
            return persistence.server(mark: contents.mark)
        case .followedCookie(let name): return remembered(parsed?.cookie(name))
        case .header(let name): return remembered(parsed?.field(name))
        case .query(let name): return remembered(parsed?.query(name))
        // A session that nobody has begun has no identity.
        case .tlsSession: return nil
        case .sourceIP:
            guard let table = persistence.table, let client = question.client else { return nil }
            return persistence.find(table.key(client), now: worker.now)
        }
    }
}

extension KeySource {
    /// Nil when the request does not carry what the pool hashes.
    func key(of question: Question, _ parsed: ParsedQuestion?) -> UInt64? {
        let value: [UInt8]?
        switch self {
        case .none, .sourceIP: return nil
        case .path: value = parsed?.path
        case .header(let name): value = parsed?.field(name)
        case .cookie(let name): value = parsed?.cookie(name)
        case .query(let name): value = parsed?.query(name)
        }
        return value.map { ServerTraits.identity(of: $0) }
    }
}

extension ServerChoices {
    func rehearse(
        _ request: PickRequest, subset: Int, random: RandomSource
    ) -> (view: PoolView, rehearsal: PoolRehearsal) {
        let (view, balancer) = choice(subset)
        return (view, PoolRehearsal(balancer, view, request, isHash: isHash, random: random))
    }
}
