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
        if let input {
            let key = unsafe key(exchange, source, head: input.unread.span)
            if let key { return key }
        }
        return (exchange.forwardedClient ?? client?.ip)?.balancingKey ?? 0
    }

    private func key(_ exchange: Exchange, _ source: KeySource, head: Span<UInt8>) -> UInt64? {
        let request = exchange.request
        switch source {
        case .none, .sourceIP: return nil
        case .path:
            if let normalized = exchange.normalizedPath {
                return unsafe ServerTraits.identity(of: normalized.unread)
            }
            return unsafe ServerTraits.identity(of: bytes(request.path))
        case .query(let name):
            guard let slice = request.query else { return nil }
            let query = head.extracting(slice.range)
            return QueryScanner.value(of: name.span, in: query).flatMap { identity(query.extracting($0)) }
        case .header(let name):
            for field in request.fields where unsafe bytes(field.name).span.equalsIgnoringCase(name.span) {
                return identity(head.extracting(field.value.range))
            }
            return nil
        case .cookie(let name):
            for field in request.fields where field.known == .cookie {
                let cookies = head.extracting(field.value.range)
                if let found = CookieScanner.value(of: name.span, in: cookies) {
                    return identity(cookies.extracting(found))
                }
            }
            return nil
        }
    }

    /// Nothing is no key.
    private func identity(_ value: Span<UInt8>) -> UInt64? {
        value.isEmpty ? nil : unsafe value.withUnsafeBufferPointer { unsafe ServerTraits.identity(of: $0) }
    }
}
