internal import AyaCore
internal import AyaReactor
internal import Glibc

/// Turns names into addresses when a configuration is applied.
enum Resolver {
    /// The first address of the name, IPv4 before IPv6 as most servers listen there; nil when it has none.
    static func resolve(_ name: String) -> IPAddress? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { return nil }
        defer { unsafe freeaddrinfo(list) }
        var v6: IPAddress?
        var entry = unsafe list
        while let info = unsafe entry?.pointee {
            if let address = unsafe address(info) {
                if address.family == .v4 { return address }
                v6 = v6 ?? address
            }
            unsafe entry = info.ai_next
        }
        return v6
    }

    /// The same without blocking the caller, however long it takes.
    @Sendable static func resolveElsewhere(_ name: String) async -> IPAddress? {
        await withCheckedContinuation { continuation in
            let thread = PlainThread { continuation.resume(returning: resolve(name)) }
            if !thread.start() { continuation.resume(returning: nil) }
        }
    }

    private static func address(_ info: addrinfo) -> IPAddress? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe getnameinfo(
            info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return IPAddress(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    static func bound(_ endpoint: Endpoint) throws(StartError) -> BoundEndpoint {
        switch endpoint {
        case .address(let address): return .address(address)
        case .unix(let path): return .unix(path: path)
        case .name(let name, let port):
            guard let ip = resolve(name) else { throw StartError("can not resolve '\(name)'") }
            return .address(SocketAddress(ip: ip, port: port))
        }
    }

    /// The same without blocking the caller; nil when a name leads nowhere.
    @Sendable static func boundElsewhere(_ endpoint: Endpoint) async -> BoundEndpoint? {
        guard case .name(let name, let port) = endpoint else { return try? bound(endpoint) }
        return await resolveElsewhere(name).map { .address(SocketAddress(ip: $0, port: port)) }
    }
}
