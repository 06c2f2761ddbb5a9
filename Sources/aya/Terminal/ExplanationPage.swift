internal import FoundationEssentials

/// An explanation laid out for a terminal: listener, route, policies, pool and pick, each with its reason.
struct ExplanationPage {
    /// The answer of `/v1/explain`.
    struct Told: Decodable {
        var generation: Int?
        var outcome: String
        var listener: Listener?
        var route: Route?
        var others: [Other]
        var othersLeftOut: Int
        var policies: [Policy]
        var pool: Pool?

        struct Listener: Decodable {
            var name: String
            var address: String
            var why: String
        }

        struct Route: Decodable {
            var name: String
            var matched: [String]
            var why: String
        }

        struct Other: Decodable {
            var route: String
            var matches: Bool
            var why: String
        }

        struct Policy: Decodable {
            var name: String
            var value: String
            var from: String
        }

        struct Pool: Decodable {
            var name: String
            var balance: String
            var costUnit: String?
            var share: Double?
            var workers: [Int]
            var why: String
            var candidates: [Candidate]
        }

        struct Candidate: Decodable {
            var server: String
            var available: Bool
            var holds: [String]
            var weight: Int
            var inFlight: Int
            var cost: Double?
            var chance: Double?
            var picked: Bool
            var pickedBy: [Int]
        }

        init(json: [UInt8]) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Told.self, from: Data(json))
        }
    }

    let text: String

    init(_ told: Told, _ paint: Paint) {
        var lines: [String] = []
        if let listener = told.listener {
            lines.append(
                "\(paint.accent("listener")) \(paint.strong(listener.name)) at \(listener.address): \(listener.why)")
        }
        if let route = told.route {
            lines.append("\(paint.accent("route")) \(paint.strong(route.name)): \(route.why)")
            lines += route.matched.map { "  \(paint.good("✓")) \($0)" }
        }
        for other in told.others {
            lines.append("  \(other.matches ? "·" : paint.bad("✗")) \(other.route): \(other.why)")
        }
        if told.othersLeftOut > 0 { lines.append("  and \(Count(told.othersLeftOut, "more route"))") }
        if !told.policies.isEmpty {
            lines.append(paint.accent("policies"))
            var table = Table([.left("  POLICY"), .left("VALUE"), .left("FROM")])
            for policy in told.policies { table.add(["  " + policy.name, policy.value, policy.from]) }
            lines += table.lines.dropFirst()
        }
        if let pool = told.pool { lines += Self.pool(pool, paint) }
        lines.append("\(paint.accent("so")) \(paint.strong(told.outcome))")
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func pool(_ pool: Told.Pool, _ paint: Paint) -> [String] {
        let share = pool.share.map { ", \(Figures.decimal($0 * 100, 0))% of the route" } ?? ""
        let view =
            switch pool.workers.count {
            case 0: "as it would begin"
            case 1: "as worker \(pool.workers[0]) sees it"
            default: "as \(pool.workers.count) workers see it"
            }
        var lines = ["\(paint.accent("pool")) \(paint.strong(pool.name)) (\(pool.balance)\(share)), \(view)"]
        var table = Table([
            .left("  SERVER"), .left("STATE"), .right("WEIGHT"), .right("IN FLIGHT"),
            .right((pool.costUnit ?? "cost").uppercased()), .right("CHANCE"), .left(""),
        ])
        for candidate in pool.candidates {
            table.add([
                "  " + candidate.server,
                candidate.holds.isEmpty ? "available" : candidate.holds.joined(separator: ", "),
                "\(candidate.weight)", Figures.count(candidate.inFlight),
                candidate.cost.map { Figures.decimal($0, 4) } ?? "-",
                candidate.chance.map { "\(Figures.decimal($0 * 100, 0))%" } ?? "-", next(candidate, of: pool),
            ])
        }
        lines += table.lines
        lines.append("  \(pool.why)")
        return lines
    }

    /// Workers pick for their own connections, and need not agree.
    private static func next(_ candidate: Told.Candidate, of pool: Told.Pool) -> String {
        guard candidate.picked else { return "" }
        guard candidate.pickedBy.count < pool.workers.count else { return "<- next" }
        return "<- next of worker \(candidate.pickedBy.map(String.init).joined(separator: ", "))"
    }
}
