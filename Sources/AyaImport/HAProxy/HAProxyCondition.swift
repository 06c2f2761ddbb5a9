/// Reads `if` conditions into the matches of routes, as far as routes can say them.
///
/// A condition is an "or" of "and"s of terms; so is what comes out: a list of matches, any of which is enough. A term
/// that no route can say makes its condition unsayable, and whoever asks decides what that means.
struct HAProxyCondition {
    /// Alternatives multiply; beyond this many a condition counts as unsayable.
    static let mostAlternatives = 256

    /// What a request must be.
    struct Alternative: Equatable {
        var match = PlannedRoute.Match()
        /// `ssl_fc` and its contrary.
        var transport = PlannedRoute.Transport.either
        /// A name in the ClientHello (tcp).
        var sni: String?
    }

    enum Term: Equatable {
        case any([Alternative])
        /// It can't be said; `closes` tells that it lets in only whom it names (`!{ src 10.0.0.0/8 }` before `deny`).
        case unsayable(String, isAccess: Bool)
    }

    /// The ACLs of a section by name; lines of one name are alternatives.
    var acls: [String: [HAProxyLine]] = [:]
    let findings: Findings

    init(_ section: HAProxySection, _ findings: Findings) {
        self.findings = findings
        for line in section.inherited + section.lines where line.keyword == "acl" {
            if let name = line.argument(0) { acls[name, default: []].append(line) }
        }
    }

    struct Result {
        /// Requests that surely fulfil the condition.
        var alternatives: [Alternative]
        /// With what can't be said left out of each "and": all requests that may fulfil it.
        var widest: [Alternative] = []
        /// Why it is not all that was asked.
        var unsayable: String?
        /// The part that can't be said is about who asks.
        var isAccess = false
    }

    /// The condition behind `if` or `unless`; a line without one holds always.
    func read(_ line: HAProxyLine) -> Result {
        let start = line.words.lastIndex { $0 == "if" || $0 == "unless" }
        guard let start else { return Result(alternatives: [Alternative()], widest: [Alternative()]) }
        let words = Array(line.words[(start + 1)...])
        let isNegated = line.words[start] == "unless"
        var result = Result(alternatives: [])
        for conjunction in Self.split(words) {
            var sure = [Alternative()]
            var widest = [Alternative()]
            for term in Self.terms(conjunction) {
                let read = read(term.words, isNegated: term.isNegated != isNegated, line)
                sure = sure.flatMap { left in read.sure.compactMap { Self.both(left, $0) } }
                widest = widest.flatMap { left in read.widest.compactMap { Self.both(left, $0) } }
                guard widest.count <= Self.mostAlternatives else {
                    return Result(alternatives: [], unsayable: "too many cases")
                }
                if let reason = read.reason {
                    result.unsayable = reason
                    result.isAccess = result.isAccess || read.isAccess
                }
            }
            // `unless a b` is not `if !a !b`.
            if isNegated, Self.terms(conjunction).count > 1 {
                result.unsayable = "'unless' with several terms"
                sure = []
            }
            result.alternatives += sure
            result.widest += widest
        }
        return result
    }

    /// At `||` and `or`.
    private static func split(_ words: [String]) -> [[String]] {
        words.split { $0 == "||" || $0 == "or" }.map(Array.init)
    }

    /// Names, `!name`, `{ … }`, `!{ … }`.
    private static func terms(_ words: [String]) -> [(words: [String], isNegated: Bool)] {
        var terms: [(words: [String], isNegated: Bool)] = []
        var index = 0
        var isNegated = false
        while index < words.count {
            var word = words[index]
            index += 1
            while word.hasPrefix("!") {
                isNegated.toggle()
                word.removeFirst()
            }
            if word.isEmpty { continue }
            if word == "{" {
                let end = words[index...].firstIndex(of: "}") ?? words.endIndex
                terms.append((["{"] + words[index..<end], isNegated))
                index = min(end + 1, words.count)
            } else {
                terms.append(([word], isNegated))
            }
            isNegated = false
        }
        return terms
    }

    /// A term as the requests that surely fulfil it and those that may.
    private struct Reading {
        var sure: [Alternative]
        var widest: [Alternative]
        var reason: String?
        var isAccess = false

        static func unsayable(_ reason: String, isAccess: Bool) -> Reading {
            Reading(sure: [], widest: [Alternative()], reason: reason, isAccess: isAccess)
        }
    }

    private func read(_ words: [String], isNegated: Bool, _ line: HAProxyLine) -> Reading {
        var reading = Reading(sure: [], widest: [])
        let terms: [Term]
        if words.first == "{" {
            terms = [HAProxyCriterion.read(Array(words.dropFirst()), line.origin, findings)]
        } else if let name = words.first, let lines = acls[name] {
            terms = lines.map { HAProxyCriterion.read(Array($0.arguments.dropFirst()), $0.origin, findings) }
        } else {
            terms = [HAProxyCriterion.predefined(words.first ?? "")]
        }
        for term in terms {
            switch term {
            case .any(let alternatives):
                reading.sure += alternatives
                reading.widest += alternatives
            case .unsayable(let reason, let isAccess):
                reading.widest.append(Alternative())
                (reading.reason, reading.isAccess) = (reason, reading.isAccess || isAccess)
            }
        }
        guard isNegated else {
            // A list of those who may not enter: dropping it opens nothing to others.
            reading.isAccess = false
            return reading
        }
        if let reason = reading.reason { return .unsayable(reason, isAccess: reading.isAccess) }
        switch reading.sure {
        case [Alternative()]: return Reading(sure: [], widest: [])
        case []: return Reading(sure: [Alternative()], widest: [Alternative()])
        case [Alternative(transport: .tls)]:
            return Reading(sure: [Alternative(transport: .plain)], widest: [Alternative(transport: .plain)])
        case [Alternative(transport: .plain)]:
            return Reading(sure: [Alternative(transport: .tls)], widest: [Alternative(transport: .tls)])
        default:
            return .unsayable("'!' before '\(OneLine.short(words.joined(separator: " ")))'", isAccess: false)
        }
    }

    /// What fulfils both; nil when nothing does.
    static func both(_ left: Alternative, _ right: Alternative) -> Alternative? {
        guard let match = left.match.and(right.match) else { return nil }
        var result = Alternative(match: match, transport: left.transport, sni: left.sni ?? right.sni)
        if left.transport == .either { result.transport = right.transport }
        if left.transport != .either, right.transport != .either, left.transport != right.transport { return nil }
        return result
    }
}
