internal import AyaConfig
internal import AyaCore
internal import Glibc

/// Whether names of servers can be looked up and servers take connections, all at the same time.
struct ServerCheck {
    private let blueprint: Blueprint

    init(_ blueprint: Blueprint) { self.blueprint = blueprint }

    /// Servers that are tried; more would look like a scan of ports.
    private static let most = 256
    /// For all of them together, in milliseconds.
    private static let patience: Int64 = 2_000

    /// A server, or an address of one, on its way to being reached.
    private final class Attempt {
        let pool: String
        let server: String
        var descriptor: Int32 = -1
        /// Nil while nothing is known; else empty when it was reached, or why not.
        var outcome: String?

        init(pool: String, server: String) {
            self.pool = pool
            self.server = server
        }
    }

    var findings: [Finding] {
        // What carries datagrams says nothing when it is connected to.
        let datagrams = Set(
            blueprint.listeners.compactMap { listener in
                if case .udp(let pool) = listener.kind { pool } else { nil }
            })
        var attempts: [Attempt] = []
        for pool in blueprint.pools where !datagrams.contains(pool.name) {
            for server in pool.servers where attempts.count < Self.most {
                let attempt = Attempt(pool: pool.name, server: "\(server.address)")
                begin(attempt, server.address)
                attempts.append(attempt)
            }
        }
        finishAll(attempts)
        return attempts.map { attempt in
            let name = "\(attempt.pool)/\(attempt.server)"
            let outcome = attempt.outcome ?? "no answer within \(Self.patience / 1_000) s"
            return outcome.isEmpty
                ? .good("servers", "\(name) takes connections")
                : .bad("servers", "\(name): \(outcome)", fix: "start it, or look at firewalls and the address")
        }
    }

    private func begin(_ attempt: Attempt, _ endpoint: Endpoint) {
        switch endpoint {
        case .unix(let path):
            do throws(AdminClient.Failure) {
                try AdminClient(.unix(path: path), patience: 1).connect().close()
                attempt.outcome = ""
            } catch {
                attempt.outcome = error.description
            }
        case .address(let address): connect(attempt, "\(address.ip)", address.port)
        case .name(let name, let port): connect(attempt, name, port)
        }
    }

    private func connect(_ attempt: Attempt, _ host: String, _ port: UInt16) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0, let info = unsafe list else {
            let reason = unsafe String(cString: gai_strerror(code)).lowercased()
            attempt.outcome = "the name can't be looked up: \(reason)"
            return
        }
        defer { unsafe freeaddrinfo(list) }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        // Safe: the list's first entry is whole until it is freed.
        attempt.descriptor = unsafe socket(info.pointee.ai_family, flags, 0)
        if unsafe Glibc.connect(attempt.descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 {
            finish(attempt, "")
        } else if errno != EINPROGRESS {
            finish(attempt, SystemReason.last)
        }
    }

    private func finish(_ attempt: Attempt, _ outcome: String) {
        if attempt.descriptor >= 0 { close(attempt.descriptor) }
        attempt.outcome = outcome
    }

    /// Waits for all of them at once.
    private func finishAll(_ attempts: [Attempt]) {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(Self.patience)
        while true {
            let pending = attempts.filter { $0.outcome == nil }
            let left = Int32((end - clock.now) / .milliseconds(1))
            guard !pending.isEmpty, left > 0 else { break }
            var polls = pending.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
            guard unsafe poll(&polls, nfds_t(polls.count), left) > 0 else { continue }
            for (attempt, poll) in zip(pending, polls) where poll.revents != 0 {
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                unsafe getsockopt(attempt.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
                finish(attempt, code == 0 ? "" : SystemReason.text(code))
            }
        }
        for attempt in attempts where attempt.outcome == nil { close(attempt.descriptor) }
    }
}
