internal import AyaConfig
internal import AyaHTTP

/// Why a route takes a request, or what of it does not fit: the routing table in words.
///
/// The table itself only finds; which route it found is asked of it, and this tells the same story condition by
/// condition over the blueprint.
struct RouteReasoning {
    private let question: ParsedQuestion
    private let host: String
    private let path: String
    private let listener: String

    /// - Parameter listener: the one that it comes to.
    init(_ question: ParsedQuestion, listener: String) {
        self.question = question
        self.listener = listener
        host = String(decoding: question.host, as: UTF8.self).lowercased()
        path = String(decoding: question.path, as: UTF8.self)
    }

    /// How far a route's conditions hold.
    struct Finding {
        /// In words, those that hold, in the order in which they are looked at.
        var matched: [String] = []
        /// The first that does not; nil when all do.
        var mismatch: String?
    }

    func look(at route: Blueprint.Route) -> Finding {
        var finding = Finding()
        for (holds, words) in conditions(of: route) {
            guard holds else {
                finding.mismatch = words
                return finding
            }
            finding.matched.append(words)
        }
        return finding
    }

    private func conditions(of route: Blueprint.Route) -> [(holds: Bool, words: String)] {
        var found: [(Bool, String)] = []
        if !route.listeners.isEmpty {
            let names = route.listeners.joined(separator: " or ")
            found.append((route.answers(on: listener), "listener is \(names)"))
        }
        if let pattern = route.host { found.append((Self.matches(pattern, host), "host is \(pattern)")) }
        if let pattern = route.path { found.append((Self.matches(pattern, path), "path is \(pattern)")) }
        if !route.methods.isEmpty {
            let method = String(decoding: question.part(question.head.methodName), as: UTF8.self)
            found.append((route.methods.contains(method), "method is \(route.methods.joined(separator: " or "))"))
        }
        for condition in route.headers {
            let (name, value) = (Array(condition.name.utf8), Array(condition.value.utf8))
            let holds = question.head.hasField(name.span, value: value.span, in: question.bytes.span)
            found.append((holds, "header \(condition.name) is '\(condition.value)'"))
        }
        for condition in route.cookies {
            let (name, value) = (Array(condition.name.utf8), Array(condition.value.utf8))
            let holds = question.head.hasCookie(name.span, value: value.span, in: question.bytes.span)
            found.append((holds, "cookie \(condition.name) is '\(condition.value)'"))
        }
        let query = question.head.query.map(question.part) ?? []
        for condition in route.query {
            let (name, value) = (Array(condition.name.utf8), Array(condition.value.utf8))
            let holds = QueryScanner.contains(name.span, value: value.span, in: query.span)
            found.append((holds, "query \(condition.name) is '\(condition.value)'"))
        }
        return found
    }

    private static func matches(_ pattern: Blueprint.HostPattern, _ host: String) -> Bool {
        switch pattern {
        case .exact(let name): host == name
        case .anyBelow(let suffix): host.hasSuffix(".\(suffix)") && host.utf8.count > suffix.utf8.count + 1
        }
    }

    private static func matches(_ pattern: Blueprint.PathPattern, _ path: String) -> Bool {
        switch pattern {
        case .exact(let wanted): path == wanted
        case .below(let prefix): path.hasPrefix(prefix)
        }
    }

    /// What puts one matching route before another: the rules of `RouteTable`, in its order.
    static func precedence(of winner: Blueprint.Route, over other: Blueprint.Route) -> String {
        if winner.priority != other.priority { return "its priority is \(winner.priority), not \(other.priority)" }
        switch (winner.host, other.host) {
        case (.exact, .anyBelow), (.exact, nil): return "its host is exact"
        case (.anyBelow, nil): return "it names a host"
        case (.anyBelow(let one), .anyBelow(let two)) where one != two: return "its host is closer"
        default: break
        }
        switch (winner.path, other.path) {
        case (.exact, .below), (.exact, nil): return "its path is exact"
        case (.below(let one), .below(let two)) where one != two: return "its path is longer"
        case (.below(let prefix), nil) where prefix != "/": return "it names a path"
        default: break
        }
        let (one, two) = (conditionCount(winner), conditionCount(other))
        if one != two { return "it has \(one) more conditions, not \(two)" }
        if one == two, winner.listeners.isEmpty != other.listeners.isEmpty { return "it names its listeners" }
        return "its conditions or its name come first"
    }

    private static func conditionCount(_ route: Blueprint.Route) -> Int {
        (route.methods.isEmpty ? 0 : 1) + route.headers.count + route.cookies.count + route.query.count
    }
}
