internal import AyaConfig

/// Which pool a TCP listener's sessions go to: one for all, or by the server name that a TLS client asks for.
///
/// An exact name comes before any wildcard, a longer wildcard before a shorter one; the cost does not depend on how
/// many names there are.
final class SessionRoutes {
    /// Takes what no name matches; nil when the listener has none.
    let fallback: PoolRuntime?
    private var exact = HostIndex()
    /// The parts behind `*.`.
    private var below = HostIndex()
    private let pools: ContiguousArray<PoolRuntime>

    /// Nil for a listener of another protocol.
    init?(_ kind: Blueprint.Listener.Kind, pool: (String) -> PoolRuntime?) {
        guard case .tcp(let fallback, let rules) = kind else { return nil }
        self.fallback = fallback.flatMap(pool)
        var pools: ContiguousArray<PoolRuntime> = []
        for rule in rules {
            guard let target = pool(rule.pool) else { continue }
            switch rule.host {
            case .exact(let name): _ = exact.insert(Array(name.utf8), pools.count)
            case .anyBelow(let suffix): _ = below.insert(Array(suffix.utf8), pools.count)
            }
            pools.append(target)
        }
        self.pools = pools
    }

    /// Whether the ClientHello has to be read before a pool can be chosen.
    var readsServerName: Bool { !pools.isEmpty }

    func pool(for name: Span<UInt8>) -> PoolRuntime? {
        if let index = exact.find(name) { return pools[index] }
        guard !below.isEmpty else { return fallback }
        // Each dot begins a shorter suffix. The parser holds names to 255 octets (RFC 1035 section 2.3.4).
        for position in name.indices where name[position] == UInt8(ascii: ".") {
            if let index = below.find(name.extracting(position + 1..<name.count)) { return pools[index] }
        }
        return fallback
    }
}
