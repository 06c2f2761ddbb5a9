internal import AyaConfig
internal import AyaCore
internal import AyaHealth
internal import AyaReactor
internal import AyaTLS

extension Blueprint.Health {
    /// The probe of one server; nil for a server that can't be asked this way.
    func probe(
        pool: Blueprint.Pool, server: Blueprint.Server, endpoint: BoundEndpoint, tls: TLSTarget?
    ) -> (any Probe)? {
        let target = endpoint.with(port: port)
        switch check {
        case .http(let check):
            let inquiry = HTTPInquiry(
                target, method: check.method, path: check.path, host: check.host ?? server.address.hostField(port),
                headers: check.headers.map { ($0.name, $0.value) }, tls: tls,
                isHTTP2: pool.serverProtocol == .h2 && tls == nil && port == nil)
            return HTTPProbe(inquiry, statuses: check.status, body: check.body)
        case .grpc(let check):
            return GRPCProbe(target, service: check.service, host: server.address.hostField(port), tls: tls)
        case .tcp(let check): return TCPProbe(target, send: check.send, expect: check.expect, tls: tls)
        case .icmp:
            guard case .address(let address) = target else { return nil }
            return EchoProbe(address)
        case .udp(let check):
            guard case .address(let address) = target else { return nil }
            return UDPProbe(address, send: check.send, expect: check.expect)
        case .command(let words):
            return CommandProbe(words, pool: pool.name, server: "\(server.address)", endpoint: target)
        }
    }
}

extension Blueprint.Health {
    /// Whether the probe knocks at the very door that the server's traffic uses.
    func asksTraffic(of server: Blueprint.Server) -> Bool {
        let isOwnPort =
            switch server.address {
            case .address(let address): port == nil || port == Int(address.port)
            case .name(_, let own): port == nil || port == Int(own)
            case .unix: true
            }
        switch check {
        case .http, .grpc, .tcp, .udp: return isOwnPort
        case .icmp, .command: return false
        }
    }
}

extension BoundEndpoint {
    /// The same host at another port.
    func with(port: Int?) -> BoundEndpoint {
        guard case .address(var address) = self, let port, let number = UInt16(exactly: port) else { return self }
        address.port = number
        return .address(address)
    }
}

extension Endpoint {
    /// Virtual hosts know the name that is configured, not the address it resolved to.
    func hostField(_ port: Int?) -> String? {
        guard case .name(let name, let own) = self else { return nil }
        return "\(name):\(port ?? Int(own))"
    }
}
