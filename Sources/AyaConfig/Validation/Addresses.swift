internal import AyaCore

extension Validation {
    private struct Socket: Hashable {
        var endpoint: Endpoint
        var isDatagram: Bool
    }

    /// Two listeners on one address would share its connections by chance (`SO_REUSEPORT`), so it is an error.
    func checkAddresses() {
        if draft.listenerCount == 0, !problems.hasErrors {
            problems.error("no listeners: nothing to do", at: nil)
        }
        var taken: [Socket: (owner: String, place: Place)] = [:]
        for listener in draft.listeners {
            let isDatagram = if case .udp = listener.value.kind { true } else { false }
            take(listener.value.bind, isDatagram, "listener '\(listener.value.name)'", listener.place, &taken)
        }
        if let admin = draft.admin { take(admin.value.bind, false, "the admin API", admin.place, &taken) }
    }

    private func take(
        _ endpoint: Endpoint, _ isDatagram: Bool, _ owner: String, _ place: Place,
        _ taken: inout [Socket: (owner: String, place: Place)]
    ) {
        let socket = Socket(endpoint: canonical(endpoint), isDatagram: isDatagram)
        if let other = taken[socket] {
            let where_ = problems.reference(to: other.place, from: place)
            problems.error("'\(endpoint)' is taken by \(other.owner) already, on \(where_)", at: place)
            return
        }
        taken[socket] = (owner, place)
    }

    /// `0.0.0.0` lies inside `[::]`, which takes IPv4 too.
    private func canonical(_ endpoint: Endpoint) -> Endpoint {
        if case .address(let address) = endpoint, address.ip == .anyV4 {
            return .address(SocketAddress(ip: .anyV6, port: address.port))
        }
        return endpoint
    }
}
