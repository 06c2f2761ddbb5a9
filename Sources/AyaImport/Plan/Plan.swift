/// What an importer understood, before it becomes Aya's language: the neutral ground between five dialects.
///
/// Importers fill it in their own order. Values are texts in Aya's forms, and nothing here is validated yet: what Aya
/// refuses after all is taken out again by `Settlement`, which says so.
struct Plan {
    var listeners: [PlannedListener] = []
    /// Where several may match a request, `RouteOrdering` has seen to it that the right one wins.
    var routes: [PlannedRoute] = []
    var pools: [PlannedPool] = []
    /// Where the admin API listens.
    var admin: (bind: String, origin: Origin)?
    /// Routes say which of them they write to.
    var accessLogs: [AccessLog] = []
    var workers: (count: Int, origin: Origin)?
    /// How long draining may take.
    var grace: (milliseconds: Int64, origin: Origin)?

    struct AccessLog {
        enum Target: Equatable {
            case file(String)
            case standardError
        }

        /// The forms that Aya has, too.
        enum Format: String {
            case json, common, combined
        }

        var target: Target
        var format = Format.json
        var origin: Origin

        /// Named after its file.
        var wish: String {
            switch target {
            case .standardError: return "stderr"
            case .file(let path):
                let base = Importer.baseName(path)
                return base.hasSuffix(".log") ? String(base.dropLast(4)) : base
            }
        }
    }

    /// Hosts times rules make many routes of a small file; more than these no one reads.
    static let mostRoutes = 50_000

    /// Whether so many more routes are still fine; when they are not, that is said.
    func hasRoom(for count: Int, _ findings: Findings, at origin: Origin) -> Bool {
        if routes.count + count <= Self.mostRoutes { return true }
        findings.lost("this would make more than \(Self.mostRoutes) routes", at: origin)
        return false
    }

    mutating func addPool(_ pool: PlannedPool) -> String {
        pools.append(pool)
        return pool.name
    }
}
