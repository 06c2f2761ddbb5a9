internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor

/// Where the connections of a snapshot's listeners come from: descriptors that were opened for them, all together or
/// none, or what listens at their addresses already.
struct OpenListeners: ~Copyable {
    private(set) var doors = Doors()
    /// What could not be opened, and need not be.
    private(set) var warnings: [String] = []
    private var isHandedOver = false

    /// Opens what `former` does not have open for `workers` threads, and notes in `snapshot` the ports that the system
    /// chose.
    ///
    /// - Parameter inheritance: what another process, which this one succeeds, has open.
    init(
        _ snapshot: inout Snapshot, workers: Int, former: Snapshot? = nil, inheritance: Inheritance? = nil
    ) throws(StartError) {
        var free = Set((former?.blueprint.listeners ?? []).indices)
        // First those that kept their name: several may ask for any port.
        var kept = snapshot.blueprint.listeners.map { listener in
            free.remove(where: { former?.blueprint.listeners[$0].isSame(as: listener) == true })
        }
        for (index, listener) in snapshot.blueprint.listeners.enumerated() where kept[index] == nil {
            kept[index] = free.remove(where: { former?.blueprint.listeners[$0].isAtTheDoor(of: listener) == true })
        }
        for (index, listener) in snapshot.blueprint.listeners.enumerated() {
            if let former, let position = kept[index] {
                doors.listeners.append(.kept(position))
                snapshot.binds[index] = former.binds[position]
                continue
            }
            doors.listeners.append(.opened([]))
            var opened = inheritance?.take(listener.name, listener.kind, snapshot.binds[index], atMost: workers) ?? []
            if !opened.isEmpty {
                doors.listeners[index] = .opened(opened)
                snapshot.binds[index] = Self.actual(snapshot.binds[index], opened[0])
            }
            // One socket for all, whether or not it may be bound again.
            if inheritance?.isActivation == true, let first = opened.first, listener.kind.hasConnections {
                while opened.count < workers { opened.append(Descriptors.duplicate(first)) }
                doors.listeners[index] = .opened(opened)
            }
            while opened.count < workers {
                opened.append(
                    try Self.open(
                        snapshot.binds[index], listener.kind, reusing: opened.first, listener.name, besides: former))
                doors.listeners[index] = .opened(opened)
                snapshot.binds[index] = Self.actual(snapshot.binds[index], opened[0])
            }
        }
        try openAdmin(&snapshot, former, inheritance)
    }

    /// The usual socket need not be there: the directory may be missing, or another Aya have it.
    private mutating func openAdmin(
        _ snapshot: inout Snapshot, _ former: Snapshot?, _ inheritance: Inheritance?
    ) throws(StartError) {
        guard let admin = snapshot.blueprint.admin, let bind = snapshot.adminBind else { return }
        if let former, let bind = former.adminBind, former.blueprint.admin?.isAtTheDoor(of: admin) == true {
            doors.admin = .kept(0)
            snapshot.adminBind = bind
            return
        }
        if let inherited = inheritance?.take("admin", .http, bind, atMost: 1).first {
            doors.admin = .opened([inherited])
            snapshot.adminBind = Self.actual(bind, inherited)
            return
        }
        let isUsual = admin.bind == Blueprint.Admin.usual.bind
        if isUsual, case .unix(let path) = bind, !Descriptors.hasDirectory(path) {
            snapshot.adminBind = nil
            return
        }
        do throws(StartError) {
            let descriptor = try Self.open(bind, .http, reusing: nil, "admin", besides: former)
            doors.admin = .opened([descriptor])
            snapshot.adminBind = Self.actual(bind, descriptor)
            if case .unix(let path) = bind, let reason = Descriptors.permit(path, mode: admin.mode, group: admin.group)
            {
                throw StartError("listener 'admin' can not set the permissions of \(bind): \(reason)")
            }
        } catch {
            guard isUsual else { throw error }
            if case .opened(let descriptors) = doors.admin { for one in descriptors { Descriptors.close(one) } }
            doors.admin = nil
            snapshot.adminBind = nil
            warnings.append("no admin API: \(error)")
        }
    }

    /// The descriptors belong to the workers from now on.
    mutating func handOver() -> Doors {
        isHandedOver = true
        return doors
    }

    deinit {
        guard !isHandedOver else { return }
        for case .opened(let descriptors) in doors.listeners + [doors.admin].compactMap(\.self) {
            for descriptor in descriptors { Descriptors.close(descriptor) }
        }
    }

    /// A unix socket is bound once, and every worker watches a duplicate of it.
    private static func open(
        _ bind: BoundEndpoint, _ kind: Blueprint.Listener.Kind, reusing first: Int32?, _ name: String,
        besides former: Snapshot?
    ) throws(StartError) -> Int32 {
        if case .unix = bind, let first { return Descriptors.duplicate(first) }
        // Our own listener at that port, which this one succeeds, is no stranger's.
        let mayBeTaken = first == nil && former?.listens(atPortOf: bind) != true
        do {
            if case .udp = kind, case .address(let address) = bind {
                if mayBeTaken { try address.requireFreeForDatagrams() }
                return try address.bindDatagrams()
            }
            if mayBeTaken { try bind.requireFree() }
            return try bind.listen()
        } catch {
            throw StartError("listener '\(name)' can not listen on \(bind): \(error)\(hint(error))")
        }
    }

    private static func hint(_ error: SystemError) -> String {
        error.isDenied ? " (a port below 1024 needs root or CAP_NET_BIND_SERVICE)" : ""
    }

    private static func actual(_ bind: BoundEndpoint, _ descriptor: Int32) -> BoundEndpoint {
        guard case .address = bind, let address = BoundEndpoint.local(descriptor) else { return bind }
        return .address(address)
    }
}

/// By listener of a snapshot, where its connections come from.
struct Doors: Sendable {
    var listeners: [Door] = []
    /// Nil without an admin listener.
    var admin: Door?

    enum Door: Sendable {
        /// By worker.
        case opened([Int32])
        /// What the listener at this position of the snapshot before has open.
        case kept(Int)
    }
}

extension Blueprint.Listener.Kind {
    fileprivate var hasConnections: Bool {
        if case .udp = self { false } else { true }
    }
}

extension Blueprint.Listener {
    fileprivate func isSame(as other: Self) -> Bool { name == other.name && isAtTheDoor(of: other) }

    /// Whether one open socket serves both. Flows of datagrams live on theirs, so a change of name ends them.
    fileprivate func isAtTheDoor(of other: Self) -> Bool {
        guard bind == other.bind else { return false }
        switch (kind, other.kind) {
        case (.udp, .udp): return name == other.name
        case (.http, .http), (.http, .tcp), (.tcp, .http), (.tcp, .tcp): return true
        case (.udp, _), (_, .udp): return false
        }
    }
}

extension Snapshot {
    fileprivate func listens(atPortOf bind: BoundEndpoint) -> Bool {
        guard case .address(let wanted) = bind, wanted.port > 0 else { return false }
        return (binds + [adminBind].compactMap(\.self)).contains { known in
            if case .address(let address) = known { address.port == wanted.port } else { false }
        }
    }
}

extension Inheritance {
    fileprivate func take(
        _ name: String, _ kind: Blueprint.Listener.Kind, _ bind: BoundEndpoint, atMost count: Int
    ) -> [Int32] {
        let wanted = BequestName(name, kind, bind)
        let isForAnyPort = if case .address(let address) = bind { address.port == 0 } else { false }
        let found = names.first {
            BequestName($0)?.fits(wanted, isForAnyPort: isForAnyPort, isNamed: isActivation) == true
        }
        return found.map { take($0, atMost: count) } ?? []
    }
}

extension Set<Int> {
    fileprivate mutating func remove(where isWanted: (Int) -> Bool) -> Int? {
        guard let found = sorted().first(where: isWanted) else { return nil }
        return remove(found)
    }
}
