internal import AyaConfig
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// One configuration as it runs or is about to: its snapshot, and what workers share of it.
struct Generation: Sendable {
    var snapshot: Snapshot
    var shared: SharedState
    var certificates: WatchedCertificates
    var secrets: PersistenceSecrets
    var outlets = RecordOutlets()

    var number: Int { snapshot.generation }
    var blueprint: Blueprint { snapshot.blueprint }

    /// Where each listener is reached, by its name; `admin` for the admin listener.
    var addresses: [String: String] {
        var addresses: [String: String] = [:]
        for (listener, bind) in zip(blueprint.listeners, snapshot.binds) { addresses[listener.name] = bind.description }
        if let bind = snapshot.adminBind { addresses["admin"] = bind.description }
        return addresses
    }

    /// The files that unix listeners are bound to.
    var socketFiles: Set<String> {
        let binds = snapshot.binds + [snapshot.adminBind].compactMap(\.self)
        return Set(
            binds.compactMap { bind in
                if case .unix(path: let path) = bind, !path.hasPrefix("@") { path } else { nil }
            })
    }
}
