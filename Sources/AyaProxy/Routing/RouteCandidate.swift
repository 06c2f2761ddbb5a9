internal import AyaConfig
internal import AyaHTTP

/// A route's own conditions, and how it ranks among routes of the same host and path.
final class RouteCandidate: Comparable {
    let index: Int
    private let name: String
    private let methods: [[UInt8]]
    private let headers: [Condition]
    private let cookies: [Condition]
    private let query: [Condition]
    private let isUnconditional: Bool
    private let namesListeners: Bool

    struct Condition: Equatable {
        let name: [UInt8]
        let value: [UInt8]
        init(_ condition: Blueprint.Route.Condition) {
            name = Array(condition.name.utf8)
            value = Array(condition.value.utf8)
        }
    }

    init(index: Int, _ route: Blueprint.Route) {
        self.index = index
        name = route.name
        methods = route.methods.map { Array($0.utf8) }
        headers = route.headers.map(Condition.init)
        cookies = route.cookies.map(Condition.init)
        query = route.query.map(Condition.init)
        namesListeners = !route.listeners.isEmpty
        isUnconditional = methods.isEmpty && headers.isEmpty && cookies.isEmpty && query.isEmpty
    }

    static func == (left: RouteCandidate, right: RouteCandidate) -> Bool { left === right }

    /// More conditions first: a method, then headers, cookies, query; then what names its listeners; then by name, so
    /// that the order is total.
    static func < (left: RouteCandidate, right: RouteCandidate) -> Bool {
        let leftRank = [left.methods.isEmpty ? 0 : 1, left.headers.count, left.cookies.count, left.query.count]
        let rightRank = [right.methods.isEmpty ? 0 : 1, right.headers.count, right.cookies.count, right.query.count]
        if leftRank == rightRank {
            return left.namesListeners != right.namesListeners ? left.namesListeners : left.name < right.name
        }
        let leftTotal = leftRank.reduce(0, +)
        let rightTotal = rightRank.reduce(0, +)
        return leftTotal != rightTotal ? leftTotal > rightTotal : rightRank.lexicographicallyPrecedes(leftRank)
    }

    /// `bytes` are the head's.
    func accepts(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
        isUnconditional || acceptsConditions(head, in: bytes)
    }

    private func acceptsConditions(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
        if !methods.isEmpty {
            let name = bytes.extracting(head.methodName.range)
            guard methods.contains(where: { Tokens.equal($0.span, name) }) else { return false }
        }
        for condition in headers {
            guard head.hasField(condition.name.span, value: condition.value.span, in: bytes)
            else { return false }
        }
        for condition in cookies {
            guard head.hasCookie(condition.name.span, value: condition.value.span, in: bytes)
            else { return false }
        }
        guard !query.isEmpty else { return true }
        guard let slice = head.query else { return false }
        let text = bytes.extracting(slice.range)
        return query.allSatisfy { QueryScanner.contains($0.name.span, value: $0.value.span, in: text) }
    }
}
