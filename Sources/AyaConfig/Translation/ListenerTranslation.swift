internal import AyaCore

extension Translation {
    mutating func translateListener(_ entry: Node.Entry) {
        typealias Keys = Language.Listener
        let title = "listener '\(entry.key)'"
        draft.listenerCount += 1
        guard let map = SectionReader(entry.value, Keys.section, title: title, reader) else { return }
        let bind = map.text(Keys.bind, .bind, EndpointText.bind)
        let kindName = map.node(Keys.kind) == nil ? "http" : map.word(Keys.kind, noun: "protocol")
        let kind: Blueprint.Listener.Kind?
        switch kindName {
        case "http":
            draft.httpListenerPlace = draft.httpListenerPlace ?? entry.keyNode.place
            kind = httpKind(map)
        case "admin": kind = adminKind(map, title)
        case "tcp": kind = tcpKind(map, title)
        case "udp": kind = udpKind(map, title, bind)
        default:
            kind = nil
            // Not an http listener by mistake: nothing else of it may be judged.
            _ = poolReference(map)
        }
        let isHTTP = kindName == "http" || kindName == "admin"
        let spoken = isHTTP ? "http" : kindName
        let limits = limits(map, title, isHTTP: isHTTP || kindName == nil)
        let timeouts = timeouts(map, title, spoken)
        let tls = listenerTLS(map, title, spoken)
        let redirect = redirect(map, isHTTP: isHTTP || kindName == nil)
        let proxyProtocol = map.boolean(Keys.proxyProtocol) ?? false
        let forwarded = map.boolean(Keys.forwarded) ?? false
        let criticalityHeader = map.text(Keys.criticalityHeader, .headerName, HTTPText.headerName)
        for key in [Keys.forwarded, Keys.criticalityHeader] where !isHTTP && kindName != nil {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has a meaning for http only, and \(title) is not", at: place)
            }
        }
        let trusted = trustedProxies(map)
        if isHTTP, let place = map.keyPlace(Keys.criticalityHeader), map.node(Keys.trustedProxies) == nil {
            problems.warning("'criticality_header' without 'trusted_proxies' believes nobody", at: place)
        }
        guard let bind, let kind else { return }
        var listener = Blueprint.Listener(
            name: entry.key, bind: bind, kind: kind, limits: limits, timeouts: timeouts, proxyProtocol: proxyProtocol,
            forwarded: forwarded, trustedProxies: trusted)
        listener.criticalityHeader = criticalityHeader
        listener.tls = tls
        listener.redirect = redirect
        listener.servesAdmin = kindName == "admin"
        draft.listeners.append(Placed(value: listener, place: map.node(Keys.bind)?.place ?? entry.keyNode.place))
    }

    private func redirect(_ map: SectionReader, isHTTP: Bool) -> String? {
        let key = Language.Listener.redirect
        guard let node = map.node(key) else { return nil }
        if !isHTTP { problems.error("'redirect' has a meaning for http only", at: map.keyPlace(key)) }
        return reader.text(node, TextForm.listenerName.what)
    }

    private func httpKind(_ map: SectionReader) -> Blueprint.Listener.Kind {
        if let place = map.keyPlace(Language.Listener.pool) {
            problems.error(
                "an http listener has no 'pool': its routes choose (write a route, or 'protocol: tcp')", at: place)
        }
        if let place = map.keyPlace(Language.Listener.sni) {
            problems.error("'sni' belongs to a listener with 'protocol: tcp'", at: place)
        }
        return .http
    }

    private func adminKind(_ map: SectionReader, _ title: String) -> Blueprint.Listener.Kind {
        typealias Keys = Language.Listener
        for key in [Keys.pool, Keys.sni, Keys.redirect] {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has no meaning for the admin API", at: place)
            }
        }
        return .http
    }

    private mutating func tcpKind(_ map: SectionReader, _ title: String) -> Blueprint.Listener.Kind {
        let pool = poolReference(map)
        let rules = sniRules(map)
        if map.node(Language.Listener.pool) == nil, map.node(Language.Listener.sni) == nil {
            problems.error("\(title) has neither 'pool' nor 'sni'", at: map.place)
        }
        return .tcp(pool: pool, sni: rules)
    }

    private mutating func udpKind(
        _ map: SectionReader, _ title: String, _ bind: Endpoint?
    ) -> Blueprint.Listener.Kind? {
        typealias Keys = Language.Listener
        if map.node(Keys.pool) == nil { problems.error("\(title) has no 'pool'", at: map.place) }
        for key in [Keys.sni, Keys.proxyProtocol, Keys.trustedProxies] {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has no meaning for a udp listener", at: place)
            }
        }
        if case .unix? = bind {
            problems.error("a udp listener has an IP address, not a unix socket", at: map.node(Keys.bind)?.place)
        }
        return poolReference(map).map { .udp(pool: $0) }
    }

    private mutating func poolReference(_ map: SectionReader) -> String? {
        guard let node = map.node(Language.Listener.pool),
            let pool = reader.text(node, TextForm.poolName.what)
        else { return nil }
        draft.listenerPools.append(.init(pool: pool, place: node.place))
        return pool
    }

    private mutating func sniRules(_ map: SectionReader) -> [Blueprint.Listener.SNIRule] {
        guard let entries = map.entries(Language.Listener.sni) else { return [] }
        if entries.isEmpty { problems.error("'sni' is empty", at: map.node(Language.Listener.sni)?.place) }
        var seen: [Blueprint.HostPattern: Place] = [:]
        var rules: [Blueprint.Listener.SNIRule] = []
        for entry in entries {
            let host = reader.parsed(entry.key, at: entry.keyNode.place, HostPatternText.parse)
            let pool = reader.text(entry.value, TextForm.poolName.what)
            if let pool { draft.listenerPools.append(.init(pool: pool, place: entry.value.place)) }
            guard let host, let pool else { continue }
            if let first = seen.updateValue(entry.keyNode.place, forKey: host) {
                let other = problems.reference(to: first, from: entry.keyNode.place)
                problems.error("host '\(host)' stands here a second time; first on \(other)", at: entry.keyNode.place)
            }
            rules.append(.init(host: host, pool: pool))
        }
        return rules.sorted { $0.host.description < $1.host.description }
    }

    private func limits(_ map: SectionReader, _ title: String, isHTTP: Bool) -> Blueprint.Listener.Limits {
        typealias Keys = Language.Listener.Limits
        var limits = Blueprint.Listener.Limits()
        guard let map = map.section(Language.Listener.limits, Keys.section, title: "the limits of \(title)")
        else { return limits }
        if !isHTTP { refuseKeys(of: map, Keys.section, except: Keys.anyProtocol, title) }
        if let value = map.size(Keys.requestLine) { limits.requestLine = value }
        if let value = map.integer(Keys.headerCount) { limits.headerCount = value }
        if let value = map.size(Keys.headerBytes) { limits.headerBytes = value }
        let head = limits.requestLine.bytes + limits.headerBytes.bytes
        if head > Keys.largestHead.bytes {
            problems.error(
                "'request_line' and 'header_bytes' of \(title) are \(ByteCount(head)) together, more than "
                    + "\(Keys.largestHead)", at: map.place)
        }
        if !map.isSwitchedOff(Keys.body, by: "none") { limits.body = map.size(Keys.body) }
        if let value = map.integer(Keys.connections) { limits.connections = value }
        if !map.isSwitchedOff(Keys.connectionsPerClient, by: "none") {
            limits.connectionsPerClient = map.integer(Keys.connectionsPerClient)
        }
        return limits
    }

    private func timeouts(_ map: SectionReader, _ title: String, _ kind: String?) -> Blueprint.Listener.Timeouts {
        typealias Keys = Language.Listener.Timeouts
        var timeouts = Blueprint.Listener.Timeouts()
        guard let map = map.section(Language.Listener.timeouts, Keys.section, title: "the timeouts of \(title)")
        else { return timeouts }
        switch kind {
        case nil, "http": break
        case "tcp": refuseKeys(of: map, Keys.section, except: Keys.anyStream, title)
        default: refuseKeys(of: map, Keys.section, except: Keys.anyProtocol, title)
        }
        if let value = map.duration(Keys.header) { timeouts.header = value }
        if let value = map.duration(Keys.body) { timeouts.body = value }
        if let value = map.duration(Keys.idle) { timeouts.idle = value }
        return timeouts
    }

    /// A bound on requests says nothing where nobody reads requests; silence would promise protection.
    private func refuseKeys(of map: SectionReader, _ section: Section, except allowed: [String], _ title: String) {
        for key in section.keys where !allowed.contains(key.name) {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has a meaning for http only, and \(title) is not", at: place)
            }
        }
    }

    private func trustedProxies(_ map: SectionReader) -> [CIDR] {
        guard let items = map.items(Language.Listener.trustedProxies) else { return [] }
        var blocks: [CIDR] = []
        for node in items {
            let block = reader.text(node, .cidr) { (text) throws(InvalidText) in
                guard let block = CIDR(text) else {
                    throw InvalidText("'\(shortened(text))' is not \(TextForm.cidr.what)")
                }
                return block
            }
            guard let block else { continue }
            if block.prefixLength == 0 {
                problems.warning("'\(block)' believes everybody: any client can claim any address", at: node.place)
            }
            if !blocks.contains(block) { blocks.append(block) }
        }
        return blocks
    }
}
