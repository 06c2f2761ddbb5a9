internal import AyaCore

extension YAMLWriter {
    mutating func write(_ route: Blueprint.Route) {
        typealias Keys = Language.Route
        if let host = route.host { text(Keys.host, "\(host)") }
        if let path = route.path { text(Keys.path, "\(path)") }
        if !route.methods.isEmpty {
            map(Keys.methods) { writer in
                for method in route.methods { writer.item(method) }
            }
        }
        write(Keys.headers, route.headers)
        write(Keys.cookies, route.cookies)
        write(Keys.query, route.query)
        if !route.listeners.isEmpty { map(Keys.listeners) { for name in route.listeners { $0.item(name) } } }
        count(Keys.priority, route.priority)
        duration(Keys.timeout, route.timeout)
        writeTreatment(route)
        if let slo = route.slo { map(Keys.slo) { $0.write(slo) } }
        switch route.action {
        case .forward(let shares):
            map(Keys.pool) { writer in
                for share in shares { writer.word(share.pool, "\(share.weight)") }
            }
        case .redirect(let redirect):
            map(Keys.redirect) { writer in
                writer.text(Language.Redirect.to, redirect.to)
                writer.count(Language.Redirect.status, redirect.status)
            }
        case .respond(let response):
            write(Keys.respond, response)
        }
    }

    private mutating func writeTreatment(_ route: Blueprint.Route) {
        typealias Keys = Language.Route
        word(Keys.criticality, route.criticality.rawValue)
        part(Keys.mirror, route.mirror) { writer, mirror in
            writer.text(Language.Mirror.pool, mirror.pool)
            writer.share(Language.Mirror.share, mirror.share)
        }
        part(Keys.faults, route.faults) { writer, faults in
            writer.duration(Language.Faults.delay, faults.delay)
            writer.share(Language.Faults.delayShare, faults.delayShare)
            writer.count(Language.Faults.abort, faults.abort)
            writer.share(Language.Faults.abortShare, faults.abortShare)
        }
        write(route.grpcWeb)
        labels(Keys.subset, route.subset)
    }

    private mutating func write(_ web: Blueprint.GRPCWeb?) {
        let key = Language.Route.grpcWeb
        guard let web, !web.origins.isEmpty || !web.expose.isEmpty else { return boolean(key, web != nil) }
        map(key) { writer in
            writer.map(Language.GRPCWeb.origins) { for origin in web.origins { $0.item(origin) } }
            if !web.expose.isEmpty { writer.map(Language.GRPCWeb.expose) { for name in web.expose { $0.item(name) } } }
        }
    }

    mutating func write(_ key: Key, _ response: Blueprint.Route.FixedResponse) {
        map(key) { writer in
            writer.count(Language.Respond.status, response.status)
            writer.write(Language.Respond.headers, response.headers)
            writer.text(Language.Respond.body, response.body)
        }
    }

    mutating func labels(_ key: Key, _ labels: [String: String]) {
        write(key, labels.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) })
    }

    mutating func write(_ key: Key, _ conditions: [Blueprint.Route.Condition]) {
        guard !conditions.isEmpty else { return }
        map(key) { writer in
            for condition in conditions { writer.text(condition.name, condition.value) }
        }
    }
}
