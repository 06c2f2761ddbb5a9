internal import AyaConfig
internal import AyaCore
internal import Glibc

/// Whether every address can be listened on: free, allowed, and else who has it.
struct ListenerCheck {
    private let blueprint: Blueprint

    init(_ blueprint: Blueprint) { self.blueprint = blueprint }

    var findings: [Finding] {
        var found = blueprint.listeners.map { listener in
            let isDatagram = if case .udp = listener.kind { true } else { false }
            return look(at: listener.bind, "listener \(listener.name)", isDatagram)
        }
        if let admin = blueprint.admin { found.append(look(at: admin.bind, "admin", false)) }
        return found
    }

    private func look(at endpoint: Endpoint, _ owner: String, _ isDatagram: Bool) -> Finding {
        switch endpoint {
        case .unix(let path): look(atSocket: path, owner)
        case .address(let address): look(at: address, owner, isDatagram)
        case .name: .doubtful("ports", "\(owner): \(endpoint) is a name", fix: "listen on an address")
        }
    }

    private func look(at address: SocketAddress, _ owner: String, _ isDatagram: Bool) -> Finding {
        let isV6 = address.ip.family == .v6
        let kind = isDatagram ? SOCK_DGRAM : SOCK_STREAM
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            return .bad("ports", "\(owner): no socket: \(SystemReason.last)", fix: "look at the limit of descriptors")
        }
        defer { close(descriptor) }
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let code = Self.bind(descriptor, address)
        switch code {
        case 0: return .good("ports", "\(owner): \(address) is free")
        case EACCES, EPERM:
            return .bad(
                "ports", "\(owner): no permission for port \(address.port)",
                fix:
                    "'AmbientCapabilities=CAP_NET_BIND_SERVICE' in the unit, or sysctl -w net.ipv4.ip_unprivileged_port_start=\(address.port)"
            )
        case EADDRINUSE:
            let holder = PortOwner.find(address.port, isDatagram: isDatagram)
            if let holder, holder.name == "aya" {
                return .good("ports", "\(owner): \(address) is held by an Aya that runs (process \(holder.process))")
            }
            let name = holder.map { "\($0.name) (process \($0.process))" } ?? "another process"
            return .bad(
                "ports", "\(owner): \(address) is held by \(name)",
                fix: holder.map { "stop process \($0.process), or listen elsewhere" } ?? "as root, this check names it")
        case EADDRNOTAVAIL:
            return .bad(
                "ports", "\(owner): this machine has no address \(address.ip)",
                fix: "add it to an interface, or listen on ':\(address.port)'")
        default:
            return .bad("ports", "\(owner): \(address): \(SystemReason.text(code))", fix: "listen elsewhere")
        }
    }

    /// 0, or why not.
    private static func bind(_ descriptor: Int32, _ address: SocketAddress) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo("\(address.ip)", "\(address.port)", &hints, &list) == 0, let info = unsafe list else {
            return EINVAL
        }
        defer { unsafe freeaddrinfo(list) }
        // Safe: the list's first entry is whole until it is freed.
        return unsafe Glibc.bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 ? 0 : errno
    }

    private func look(atSocket path: String, _ owner: String) -> Finding {
        guard !path.hasPrefix("@") else { return .good("ports", "\(owner): unix:\(path) needs no file") }
        if unsafe access(path, F_OK) == 0 {
            if (try? AdminClient(.unix(path: path), patience: 1).connect()).map({ $0.close() }) != nil {
                return .good("ports", "\(owner): somebody listens on unix:\(path) already; an Aya that runs, perhaps")
            }
            return .good("ports", "\(owner): unix:\(path) is left from before and will be replaced")
        }
        let directory = DirectoryCheck.parent(of: path)
        if unsafe access(directory, W_OK) == 0 { return .good("ports", "\(owner): unix:\(path) can be made") }
        if path == AdminOptions.usualSocket {
            return .doubtful(
                "ports", "\(owner): \(directory) does not exist or can't be written to: nobody can ask this Aya",
                fix: "'RuntimeDirectory=aya' in the unit, or 'admin: { bind: 127.0.0.1:9900 }'")
        }
        return .bad(
            "ports", "\(owner): unix:\(path) can't be made: \(SystemReason.last)",
            fix: "make '\(directory)' for the user that runs Aya")
    }
}
