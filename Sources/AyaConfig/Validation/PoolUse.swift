internal import AyaCore

/// What the pools carry, as far as listeners, routes, mirrors and fallbacks tell.
struct PoolUse {
    private(set) var http: Set<String> = []
    private(set) var tcp: Set<String> = []
    private(set) var udp: Set<String> = []

    init(_ draft: Draft) {
        http = Set((draft.routePools + draft.mirrorPools).map(\.pool))
        for listener in draft.listeners {
            switch listener.value.kind {
            case .http: break
            case .tcp(let pool, let sni): tcp.formUnion(sni.map(\.pool) + (pool.map { [$0] } ?? []))
            case .udp(let pool): udp.insert(pool)
            }
        }
        let links = Dictionary(
            draft.fallbackPools.map { ($0.owner, $0.reference.pool) }, uniquingKeysWith: { first, _ in first })
        http = Self.withFallbacks(http, links)
        tcp = Self.withFallbacks(tcp, links)
        udp = Self.withFallbacks(udp, links)
    }

    /// What a pool carries, its fallback carries too.
    private static func withFallbacks(_ pools: Set<String>, _ links: [String: String]) -> Set<String> {
        var all = pools
        for pool in pools {
            var next = links[pool]
            while let current = next, all.insert(current).inserted { next = links[current] }
        }
        return all
    }

    /// Without HTTP there is no header, cookie or query to look at.
    func layer4(_ pool: String) -> String? { tcp.contains(pool) ? "tcp" : udp.contains(pool) ? "udp" : nil }
}
