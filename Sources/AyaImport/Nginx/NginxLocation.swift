/// A `location` of a server, or the server itself where it has an action of its own.
struct NginxLocation {
    enum Kind: Equatable {
        /// `=`
        case exact
        /// No sign, or `^~`.
        case prefix(isFinal: Bool)
        /// `~`, `~*`.
        case expression(ignoresCase: Bool)
        /// `@name`: reached from inside only.
        case named
    }

    var kind: Kind
    var pattern: String
    var scope: NginxScope
    var block: [NginxDirective]
    var origin: Origin

    init?(_ directive: NginxDirective, _ outside: NginxScope) {
        guard let block = directive.block, let first = directive.argument(0) else { return nil }
        self.block = block
        scope = outside.inside(block)
        origin = directive.origin
        let second = directive.argument(1)
        switch first {
        case "=": (kind, pattern) = (.exact, second ?? "/")
        case "^~": (kind, pattern) = (.prefix(isFinal: true), second ?? "/")
        case "~": (kind, pattern) = (.expression(ignoresCase: false), second ?? "")
        case "~*": (kind, pattern) = (.expression(ignoresCase: true), second ?? "")
        case _ where first.hasPrefix("@"): (kind, pattern) = (.named, first)
        case _ where first.hasPrefix("="): (kind, pattern) = (.exact, String(first.dropFirst()))
        case _ where first.hasPrefix("~"):
            (kind, pattern) = (.expression(ignoresCase: false), String(first.dropFirst()))
        default: (kind, pattern) = (.prefix(isFinal: false), first)
        }
    }

    /// The locations of a block and of the locations in it.
    static func all(in block: [NginxDirective], _ scope: NginxScope, depth: Int = 0) -> [NginxLocation] {
        guard depth < 8 else { return [] }
        return block.filter { $0.name == "location" }.flatMap { directive -> [NginxLocation] in
            guard let location = NginxLocation(directive, scope) else { return [] }
            return [location] + all(in: location.block, location.scope, depth: depth + 1)
        }
    }

    /// In the order in which nginx would take them, were it to try one after the other: exact, prefixes that end the
    /// search, expressions as they stand, other prefixes, each of the longest first.
    static func ordered(_ locations: [NginxLocation]) -> [NginxLocation] {
        func isPrefix(_ kind: Kind) -> Bool { if case .prefix = kind { true } else { false } }
        let finals = Set(locations.filter { $0.kind == .prefix(isFinal: true) }.map(\.pattern))
        let lengths = Set(finals.map(\.utf8.count))
        func isBeyondFinal(_ pattern: String) -> Bool {
            lengths.contains { length in
                length < pattern.utf8.count
                    && finals.contains(String(decoding: pattern.utf8.prefix(length), as: UTF8.self))
            }
        }
        func rank(_ location: NginxLocation) -> Int {
            switch location.kind {
            case .exact: 0
            case .prefix(isFinal: true): 1
            // Longer than one that ends the search, it is found before.
            case .prefix(isFinal: false): isBeyondFinal(location.pattern) ? 1 : 3
            case .expression: 2
            case .named: 4
            }
        }
        let ranks = locations.map(rank)
        let order = locations.indices.sorted { left, right in
            if ranks[left] != ranks[right] { return ranks[left] < ranks[right] }
            let lengths = (locations[left].pattern.utf8.count, locations[right].pattern.utf8.count)
            if isPrefix(locations[left].kind), lengths.0 != lengths.1 { return lengths.0 > lengths.1 }
            return left < right
        }
        return order.map { locations[$0] }
    }

    /// `x_api_key` of `$http_x_api_key`.
    static func headerName(_ variable: some StringProtocol) -> String {
        String(decoding: variable.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
            .lowercased()
    }

    /// The paths that it takes; nil when Aya can't say them (it is reported).
    func paths(_ findings: Findings) -> [PlannedRoute.Path?]? {
        switch kind {
        case .named: return nil
        case .exact: return [.exact(pattern)]
        case .prefix:
            if pattern == "/" { return [nil] }
            if pattern.hasSuffix("/") { return [.below(pattern)] }
            findings.differs(
                "location \(OneLine.short(pattern)): Aya takes it and what is below it; nginx also took "
                    + "'\(OneLine.short(pattern))' with more behind it", at: origin)
            return [.exact(pattern), .below(pattern + "/")]
        case .expression(let ignoresCase):
            guard let found = PathExpression.paths(pattern) else {
                findings.lost(
                    "location \(ignoresCase ? "~*" : "~") \(OneLine.short(pattern)): Aya's paths are exact or end in '/*'; "
                        + "its requests go where the other locations send them", at: origin)
                return nil
            }
            if ignoresCase {
                findings.differs("location ~*: Aya's paths are case-sensitive", at: origin)
            }
            if found.isWider {
                findings.differs(
                    "location ~ \(OneLine.short(pattern)): paths with more behind the last word are not taken",
                    at: origin)
            }
            return found.paths.map { $0 == .below("/") ? nil : $0 }
        }
    }
}
