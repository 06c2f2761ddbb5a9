package import AyaConfig
internal import AyaCore

/// Tells what would become of a request without sending it: over a configuration, and what a worker says of it.
///
/// The words come from the blueprint, off the data plane; what only a worker knows (which route its table finds, how
/// its servers stand, what its balancer would pick) it is asked for, or a pool that was made for the purpose is.
package struct Explainer {
    /// What the data plane says.
    package struct Finding: Sendable {
        /// The position of the route; nil when none takes it.
        package var route: Int?
        package var pool: Explanation.Pool?

        package init(route: Int? = nil, pool: Explanation.Pool? = nil) {
            self.route = route
            self.pool = pool
        }
    }

    /// Routes that are told besides the one that takes it.
    private static let mostOthers = 20

    let blueprint: Blueprint
    /// By listener, where it is reached.
    private let addresses: [String]

    package init(_ blueprint: Blueprint, addresses: [String]) {
        self.blueprint = blueprint
        self.addresses = addresses
    }

    /// The listener that a question comes to, by position, and why that one; nil when there is none.
    package func listener(for question: Question) -> (index: Int, why: String)? {
        let listeners = blueprint.listeners
        if let name = question.listener {
            return listeners.firstIndex { $0.name == name }.map { ($0, "it was named") }
        }
        let fitting = listeners.indices.filter { listeners[$0].answers(question.scheme) }
        if let port = question.port {
            if let found = fitting.first(where: { addresses[$0].hasSuffix(":\(port)") }) {
                return (found, "it listens on port \(port)")
            }
        }
        let secured = fitting.filter { (listeners[$0].tls != nil) == (question.scheme == "https") }
        if secured.count == 1 { return (secured[0], "it alone speaks \(question.scheme)") }
        if let first = secured.first { return (first, "the first that speaks \(question.scheme); others do too") }
        return fitting.first.map { ($0, "no listener speaks \(question.scheme); this one is the closest") }
    }

    /// - Parameter ask: what the data plane says; asked only when the question comes so far.
    package func explain(
        _ question: Question, ask: (_ listener: Int) async -> Finding
    ) async -> Explanation {
        var explanation = Explanation()
        guard let (index, why) = listener(for: question) else {
            explanation.outcome = "no listener takes \(question.scheme)"
            return explanation
        }
        let listener = blueprint.listeners[index]
        explanation.listener = .init(name: listener.name, address: addresses[index], why: why)
        switch listener.kind {
        case .tcp, .udp:
            explanation.pool = await ask(index).pool
            explanation.outcome = explanation.pool.map { "a session with pool \($0.name)" } ?? "no pool takes it"
            return explanation
        case .http: break
        }
        if let target = listener.redirect {
            explanation.outcome = "redirected to listener \(target) with 308, before any route"
            return explanation
        }
        guard let parsed = question.head() else {
            explanation.outcome = "it is no request: answered with 400"
            return explanation
        }
        let finding = await ask(index)
        tellRoutes(finding.route, RouteReasoning(parsed, listener: listener.name), &explanation)
        guard let position = finding.route else {
            explanation.outcome = "no route matches: answered with 404 (no_route)"
            return explanation
        }
        let route = blueprint.routes[position]
        explanation.pool = finding.pool
        explanation.policies = policies(of: route, listener, pool: finding.pool?.name)
        explanation.outcome = Self.outcome(of: route, finding.pool)
        return explanation
    }

    private static func outcome(of route: Blueprint.Route, _ pool: Explanation.Pool?) -> String {
        switch route.action {
        case .redirect(let redirect): "redirected to \(redirect.to) with \(redirect.status)"
        case .respond(let response): "answered by Aya with \(response.status)"
        case .forward:
            outcome(in: pool)
        }
    }

    private static func outcome(in pool: Explanation.Pool?) -> String {
        guard let pool else { return "every share of the split is 0: answered with 503" }
        let picked = pool.candidates.filter(\.isPicked)
        switch picked.count {
        case 0: return "pool \(pool.name) has no server for it: 503, or its fallback"
        case 1: return "forwarded to pool \(pool.name), server \(picked[0].server)"
        default:
            let servers = picked.map { "\($0.server) by worker \($0.pickers.map(String.init).joined(separator: ", "))" }
            return "forwarded to pool \(pool.name): \(servers.joined(separator: "; "))"
        }
    }

    private func tellRoutes(_ winner: Int?, _ reasoning: RouteReasoning, _ explanation: inout Explanation) {
        var others: [(rank: Int, other: Explanation.Other)] = []
        let best = winner.map { blueprint.routes[$0] }
        for (position, route) in blueprint.routes.enumerated() {
            let finding = reasoning.look(at: route)
            if position == winner {
                explanation.route = .init(
                    name: route.name, matched: finding.matched.isEmpty ? ["it takes everything"] : finding.matched,
                    why: "")
            } else if let mismatch = finding.mismatch {
                let other = Explanation.Other(route: route.name, matches: false, why: "not so: \(mismatch)")
                others.append((finding.matched.count, other))
            } else if let best {
                let why = "'\(best.name)' comes first: \(RouteReasoning.precedence(of: best, over: route))"
                others.append((.max, Explanation.Other(route: route.name, matches: true, why: why)))
            }
        }
        let rivals = others.filter(\.other.matches)
        explanation.route?.why =
            rivals.isEmpty
            ? "it is the only one that matches" : "it is the most specific of \(rivals.count + 1) that match"
        let sorted = others.sorted { $0.rank != $1.rank ? $0.rank > $1.rank : $0.other.route < $1.other.route }
        explanation.others = sorted.prefix(Self.mostOthers).map(\.other)
        explanation.othersLeftOut = max(0, sorted.count - Self.mostOthers)
    }
}

extension Blueprint.Listener {
    fileprivate func answers(_ scheme: String) -> Bool {
        switch kind {
        case .http: !servesAdmin && (scheme == "http" || scheme == "https")
        case .tcp: scheme == "tcp" || scheme == "tls"
        case .udp: scheme == "udp"
        }
    }
}
