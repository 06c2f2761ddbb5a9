internal import AyaCore

extension YAMLWriter {
    mutating func write(_ listener: Blueprint.Listener) {
        typealias Keys = Language.Listener
        text(Keys.bind, "\(listener.bind)")
        switch listener.kind {
        case .http:
            word(Keys.kind, listener.servesAdmin ? "admin" : "http")
            part(Keys.tls, listener.tls) { $0.write($1) }
            if let target = listener.redirect { text(Keys.redirect, target) }
            writeLimits(listener.limits, isHTTP: true)
            writeTimeouts(listener.timeouts, isHTTP: true)
        case .tcp(let pool, let sni):
            word(Keys.kind, "tcp")
            if let pool { text(Keys.pool, pool) }
            if !sni.isEmpty {
                map(Keys.sni) { writer in
                    for rule in sni { writer.text("\(rule.host)", rule.pool) }
                }
            }
            part(Keys.tls, listener.tls) { $0.write($1) }
            writeLimits(listener.limits, isHTTP: false)
            writeTimeouts(listener.timeouts, isHTTP: false)
        case .udp(let pool):
            word(Keys.kind, "udp")
            text(Keys.pool, pool)
            writeLimits(listener.limits, isHTTP: false)
            writeTimeouts(listener.timeouts, isHTTP: false, isStream: false)
            return
        }
        word(Keys.proxyProtocol, listener.proxyProtocol ? "true" : "false")
        if case .http = listener.kind { word(Keys.forwarded, listener.forwarded ? "true" : "false") }
        if listener.trustedProxies.isEmpty {
            word(Keys.trustedProxies, "[]")
        } else {
            map(Keys.trustedProxies) { writer in
                for block in listener.trustedProxies { writer.item("\(block)") }
            }
        }
        if let header = listener.criticalityHeader { text(Keys.criticalityHeader, header) }
    }

    private mutating func writeLimits(_ limits: Blueprint.Listener.Limits, isHTTP: Bool) {
        typealias Keys = Language.Listener.Limits
        map(Language.Listener.limits) { writer in
            if isHTTP {
                writer.word(Keys.requestLine, "\(limits.requestLine)")
                writer.count(Keys.headerCount, limits.headerCount)
                writer.word(Keys.headerBytes, "\(limits.headerBytes)")
                writer.word(Keys.body, limits.body.map { "\($0)" } ?? "none")
            }
            writer.count(Keys.connections, limits.connections)
            writer.count(Keys.connectionsPerClient, limits.connectionsPerClient)
        }
    }

    private mutating func writeTimeouts(
        _ timeouts: Blueprint.Listener.Timeouts, isHTTP: Bool, isStream: Bool = true
    ) {
        typealias Keys = Language.Listener.Timeouts
        map(Language.Listener.timeouts) { writer in
            if isStream { writer.duration(Keys.header, timeouts.header) }
            if isHTTP { writer.duration(Keys.body, timeouts.body) }
            writer.duration(Keys.idle, timeouts.idle)
        }
    }
}
