internal import AyaCore

extension Validation {
    /// Whom a listener gets certificates for that come by themselves, and whether the way it proves itself can work.
    mutating func settleCertificateHosts() {
        for index in draft.listeners.indices {
            guard let issuer = draft.listeners[index].value.tls?.issuer else { continue }
            let listener = draft.listeners[index]
            let title = "listener '\(listener.value.name)'"
            let isStated = !issuer.hosts.isEmpty
            var hosts = isStated ? issuer.hosts : routedHosts(listener.value)
            if case .automatic(let automatic) = issuer {
                hosts = provable(hosts, automatic, isStated: isStated, title, listener.place)
                if hosts.isEmpty, automatic.onDemand == nil, !problems.hasErrors {
                    problems.error(
                        "\(title) has no host to get a certificate for (name them in routes, or in 'hosts')",
                        at: listener.place)
                }
                checkPlainListener(automatic, title, listener.place)
            }
            draft.listeners[index].value.tls?.issuer?.hosts = hosts
        }
    }

    /// In an order that does not depend on that of the file.
    private func routedHosts(_ listener: Blueprint.Listener) -> [Blueprint.HostPattern] {
        let hosts: [Blueprint.HostPattern]
        switch listener.kind {
        case .http: hosts = draft.routes.filter { $0.value.answers(on: listener.name) }.compactMap(\.value.host)
        case .tcp(_, let rules): hosts = rules.map(\.host)
        case .udp: hosts = []
        }
        return Set(hosts).sorted { $0.description < $1.description }
    }

    /// Those that an authority on the network can be shown control over.
    private func provable(
        _ hosts: [Blueprint.HostPattern], _ automatic: Blueprint.Automatic, isStated: Bool, _ title: String,
        _ place: Place
    ) -> [Blueprint.HostPattern] {
        hosts.filter { host in
            switch host {
            case .anyBelow:
                guard automatic.challenge != .dns else { return true }
                let message = "\(title) can get no certificate for '\(host)': wildcards need 'challenge: dns-01'"
                if isStated { problems.error(message, at: place) } else { problems.warning(message, at: place) }
                return false
            case .exact(let name):
                guard name.hasPrefix("[") || IPAddress(name) != nil else { return isStated || name != "localhost" }
                let message = "\(title) can get no certificate for '\(name)': an address is no host"
                if isStated { problems.error(message, at: place) } else { problems.warning(message, at: place) }
                return false
            }
        }
    }

    private func checkPlainListener(_ automatic: Blueprint.Automatic, _ title: String, _ place: Place) {
        guard automatic.challenge == .http else { return }
        let hasPlain = draft.listeners.contains { other in
            if case .http = other.value.kind { other.value.tls == nil } else { false }
        }
        if !hasPlain, draft.listeners.count == draft.listenerCount {
            problems.error(
                "'http-01' of \(title) is answered by an http listener without 'tls', and there is none", at: place)
        }
    }

    /// That a redirect leads to TLS.
    func checkListenerRedirects() {
        for listener in draft.listeners {
            guard let name = listener.value.redirect else { continue }
            let title = "listener '\(listener.value.name)'"
            if listener.value.tls != nil {
                problems.error("\(title) has 'tls', so it redirects nobody to it", at: listener.place)
            }
            guard let target = draft.listeners.first(where: { $0.value.name == name })?.value else {
                guard draft.listeners.count == draft.listenerCount else { continue }
                let names = draft.listeners.map(\.value.name)
                problems.error(
                    "\(title) redirects to an unknown listener '\(shortened(name))'"
                        + Suggestion.hint(for: name, among: names), at: listener.place)
                continue
            }
            if case .http = target.kind, target.tls != nil { continue }
            problems.error("\(title) redirects to '\(name)', which is no http listener with 'tls'", at: listener.place)
        }
    }
}
