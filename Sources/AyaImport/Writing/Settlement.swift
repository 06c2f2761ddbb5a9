internal import AyaConfig
internal import AyaCore

/// Makes sure that what is written is a valid configuration: what Aya refuses of it is taken out and said.
///
/// Importers are careful, but the files come from strangers: a server name with a blank, a path with a star in its
/// middle, a pool that lost all its servers. Instead of checking every text twice, the loader itself is asked, and its
/// errors lead back to the part of the tree that they stand on.
struct Settlement {
    /// Each round takes out at least one part.
    static let mostRounds = 60

    /// Parts that an entry can do without. Without another, it would be something else: a route without its path takes
    /// everything, a listener without `tls` is open.
    private static let optional: Set<String> = [
        "limits", "timeouts", "trusted_proxies", "forwarded", "timeout", "mirror", "priority", "balance", "hash",
        "health", "outliers", "persistence", "slow_start", "retry", "breaker", "queue", "concurrency", "fallback",
        "idle_connections", "hedge",
    ]

    let findings: Findings

    /// Nil when nothing is left that could run.
    func settle(_ tree: Value, header: () -> [String]) -> String? {
        var tree = tree
        for _ in 0..<Self.mostRounds {
            let written = TreeText(tree, header: [])
            let loaded = Self.load(written.text)
            if !loaded.hasErrors { return Self.layOut(TreeText(tree, header: header()).text) }
            guard let next = without(loaded.diagnostics, tree, written) else { return nil }
            tree = next
        }
        return nil
    }

    private static func load(_ text: String) -> LoadedConfiguration {
        ConfigurationLoader { _ in nil }.load(text: text, fileName: "aya.yaml")
    }

    private static func layOut(_ text: String) -> String {
        guard case .formatted(let formatted) = ConfigurationFormatter.format(text: text, fileName: "aya.yaml"),
            !load(formatted).hasErrors
        else { return text }
        return formatted
    }

    /// The tree without what the errors stand on; nil when an error stands nowhere.
    private func without(_ diagnostics: [Diagnostic], _ tree: Value, _ written: TreeText) -> Value? {
        var removals: [TreePath: String] = [:]
        for diagnostic in diagnostics where diagnostic.severity == .error {
            guard let line = diagnostic.location?.line, written.paths.indices.contains(line - 1) else { continue }
            let path = Self.removable(written.paths[line - 1], in: tree)
            if !path.isEmpty, removals[path] == nil { removals[path] = diagnostic.message }
        }
        guard !removals.isEmpty else { return nil }
        var result: Value? = tree
        // From the back, so that places stay what they are; a part of what has gone is gone with it.
        for path in removals.keys.sorted(by: { $1.lexicographicallyPrecedes($0) }) {
            let isInside = removals.keys.contains { $0.count < path.count && path.starts(with: $0) }
            if isInside { continue }
            let fields = tree.fields(along: path)
            let name = fields.map(\.key).joined(separator: ".")
            let origin = fields.last?.origin ?? Origin(line: 1)
            findings.lost("Aya takes no such '\(name)': \(removals[path] ?? "")", at: origin)
            result = result?.removing(path[...])
        }
        return result.flatMap { withoutLostListeners($0, since: tree) }.flatMap { withoutLostRoutes($0, since: tree) }
    }

    /// Routes do not name listeners that were taken out; those that were for them alone go with them.
    private func withoutLostListeners(_ tree: Value, since former: Value) -> Value? {
        let lost = Set(former.keys(of: "listeners")).subtracting(tree.keys(of: "listeners"))
        guard !lost.isEmpty, case .map(var parts) = tree, let index = parts.firstIndex(where: { $0.key == "routes" }),
            case .map(let routes) = parts[index].value
        else { return tree }
        let kept = routes.compactMap { route -> Field? in
            guard let names = route.value.texts(of: "listeners") else { return route }
            let left = names.filter { !lost.contains($0) }
            if left.isEmpty {
                findings.lost(
                    "route '\(route.key)' was for a listener that could not be carried over", at: route.origin)
                return nil
            }
            return left.count == names.count ? route : route.setting("listeners", .flowList(left.map { .text($0) }))
        }
        if kept.isEmpty { parts.remove(at: index) } else { parts[index].value = .map(kept) }
        return parts.isEmpty ? nil : .map(parts)
    }

    /// Access logs do not name routes that were taken out.
    private func withoutLostRoutes(_ tree: Value, since former: Value) -> Value? {
        let lost = Set(former.keys(of: "routes")).subtracting(tree.keys(of: "routes"))
        guard !lost.isEmpty, case .map(var parts) = tree,
            let index = parts.firstIndex(where: { $0.key == "access_logs" }), case .map(let logs) = parts[index].value
        else { return tree }
        let kept = logs.compactMap { log -> Field? in
            guard case .flowMap(let entries) = log.value else { return log }
            var log = log
            var isEmpty = false
            log.value = .flowMap(
                entries.map { entry in
                    guard entry.key == "routes", case .flowList(let names) = entry.value else { return entry }
                    let left = names.filter { if case .text(let name) = $0 { !lost.contains(name) } else { true } }
                    isEmpty = left.isEmpty
                    return (entry.key, .flowList(left))
                })
            return isEmpty ? nil : log
        }
        if kept.isEmpty { parts.remove(at: index) } else { parts[index].value = .map(kept) }
        return parts.isEmpty ? nil : .map(parts)
    }

    /// The smallest part around a place that can go without changing what the rest means.
    private static func removable(_ path: TreePath, in tree: Value) -> TreePath {
        guard path.count > 2 else { return path }
        let fields = tree.fields(along: path)
        guard fields.count > 2 else { return Array(path.prefix(2)) }
        // An item of a list of several servers.
        if fields[2].key == "servers", path.count > 3 { return Array(path.prefix(4)) }
        return Array(path.prefix(optional.contains(fields[2].key) ? 3 : 2))
    }
}
