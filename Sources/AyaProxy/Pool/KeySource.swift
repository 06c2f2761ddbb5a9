internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaHTTP

/// Where the key of a hash balancer comes from.
///
/// The same key gives the same number in every process, so that several Ayas before one pool agree.
enum KeySource {
    /// The pool's balancer does not hash.
    case none
    case sourceIP
    case header([UInt8])
    case cookie([UInt8])
    case path
    case query([UInt8])

    init(_ blueprint: Blueprint.Pool, isHash: Bool) {
        guard isHash else {
            self = .none
            return
        }
        switch blueprint.hash {
        case nil, .sourceIP: self = .sourceIP
        case .header(let name): self = .header(Array(name.utf8))
        case .cookie(let name): self = .cookie(Array(name.utf8))
        case .path: self = .path
        case .query(let name): self = .query(Array(name.utf8))
        }
    }
}

extension HTTPConnection {
    /// The key by which the pool's balancer places this exchange. Requests without what the configuration names are
    /// placed by their client's address.
    func balancingKey(_ exchange: Exchange, _ source: KeySource) -> UInt64 {
        if case .none = source { return 0 }
        if let key = namedKey(exchange, source) { return key }
        return (exchange.forwardedClient ?? client?.ip)?.balancingKey ?? 0
    }

    private func namedKey(_ exchange: Exchange, _ source: KeySource) -> UInt64? {
        let request = exchange.request
        let value: Slice?
        switch source {
        case .none, .sourceIP: return nil
        case .path:
            if let normalized = exchange.normalizedPath {
                return unsafe ServerTraits.identity(of: normalized.unread)
            }
            value = request.path
        case .query(let name): value = queryValue(name, request)
        case .header(let name): value = fieldValue(name, request)
        case .cookie(let name): value = cookieValue(name, request)
        }
        return value.map { unsafe ServerTraits.identity(of: bytes($0)) }
    }
}
