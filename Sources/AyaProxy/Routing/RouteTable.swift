package import AyaConfig
package import AyaHTTP

/// Finds the route of a request in a time that does not depend on how many routes there are: hosts by hash, paths by
/// radix tree, and conditions only of the few routes that share host and path.
///
/// The most specific match wins, as in the Gateway API: exact host before the longest wildcard before any host; exact
/// path before the longest prefix; more conditions before fewer; what names its listeners before what does not; then the
/// name. `priority` stands above all of it, so each distinct priority has an index of its own, asked from the highest
/// down.
package struct RouteTable {
    private var levels: [Level] = []

    private final class Level {
        var exactHosts = HostIndex()
        var wildcardHosts = HostIndex()
        /// Routes without a host; -1 when there are none.
        var anyHost = -1
        var trees: [PathTree] = []
    }

    /// `routes` is in the blueprint's order; what `match` returns is an index into it.
    package init(_ routes: [Blueprint.Route]) {
        self.init(routes.indices.map { RouteCandidate(index: $0, routes[$0]) }.sorted(by: <), of: routes)
    }

    /// - Parameter candidates: those that it chooses among, in their order.
    init(_ candidates: [RouteCandidate], of routes: [Blueprint.Route]) {
        let byPriority = Dictionary(grouping: candidates) { routes[$0.index].priority }
        for (_, candidates) in byPriority.sorted(by: { $0.key > $1.key }) {
            let level = Level()
            for candidate in candidates {
                let route = routes[candidate.index]
                level.trees[Self.tree(of: route.host, in: level)].insert(candidate, at: route.path)
            }
            for index in level.trees.indices { level.trees[index].seal() }
            levels.append(level)
        }
    }

    private static func tree(of host: Blueprint.HostPattern?, in level: Level) -> Int {
        let new = level.trees.count
        let index: Int
        switch host {
        case nil:
            if level.anyHost < 0 { level.anyHost = new }
            index = level.anyHost
        case .exact(let name): index = level.exactHosts.insert(Array(name.utf8), new)
        case .anyBelow(let suffix): index = level.wildcardHosts.insert(Array(suffix.utf8), new)
        }
        if index == new { level.trees.append(PathTree()) }
        return index
    }

    /// The index of the route for a request, or nil when none matches. `host` comes without its port, `path`
    /// normalised and without the query; `bytes` are the head's, for conditions.
    package func match(host: Span<UInt8>, path: Span<UInt8>, _ head: RequestHead, in bytes: Span<UInt8>) -> Int? {
        for index in levels.indices {
            if let found = match(host, path, head, bytes, level: index) { return found }
        }
        return nil
    }

    private func match(
        _ host: Span<UInt8>, _ path: Span<UInt8>, _ head: RequestHead, _ bytes: Span<UInt8>, level index: Int
    ) -> Int? {
        let level = levels[index]
        if !level.exactHosts.isEmpty, let tree = level.exactHosts.find(host),
            let found = level.trees[tree].match(path, head, in: bytes)
        {
            return found
        }
        if !level.wildcardHosts.isEmpty {
            // `a.b.example` is below `b.example` and below `example`: the longest suffix first.
            var start = 0
            while start < host.count {
                while start < host.count, host[start] != UInt8(ascii: ".") { start += 1 }
                start += 1
                guard start < host.count else { break }
                let suffix = host.extracting(start..<host.count)
                if let tree = level.wildcardHosts.find(suffix),
                    let found = level.trees[tree].match(path, head, in: bytes)
                {
                    return found
                }
            }
        }
        return level.anyHost >= 0 ? level.trees[level.anyHost].match(path, head, in: bytes) : nil
    }
}
