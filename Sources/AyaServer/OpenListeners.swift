internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor

/// The listening descriptors of a start: opened all together, or none.
struct OpenListeners: ~Copyable {
    /// By listener, then by worker.
    private(set) var descriptors: [[Int32]] = []
    private(set) var admin: Int32?
    private var isHandedOver = false

    /// Opens every listener for `workers` threads and notes in `snapshot` the ports that the system chose.
    init(_ snapshot: inout Snapshot, workers: Int) throws(StartError) {
        for (index, listener) in snapshot.blueprint.listeners.enumerated() {
            descriptors.append([])
            for _ in 0..<workers {
                let descriptor = try Self.open(
                    snapshot.binds[index], listener.kind, reusing: descriptors[index].first, listener.name)
                descriptors[index].append(descriptor)
                snapshot.binds[index] = Self.actual(snapshot.binds[index], descriptor)
            }
        }
        if let bind = snapshot.adminBind {
            let descriptor = try Self.open(bind, .http, reusing: nil, "admin")
            admin = descriptor
            snapshot.adminBind = Self.actual(bind, descriptor)
        }
    }

    /// The descriptors belong to the workers from now on.
    mutating func handOver() { isHandedOver = true }

    deinit {
        guard !isHandedOver else { return }
        for descriptor in descriptors.joined() { Descriptors.close(descriptor) }
        if let admin { Descriptors.close(admin) }
    }

    /// A unix socket is bound once, and every worker watches a duplicate of it.
    private static func open(
        _ bind: BoundEndpoint, _ kind: Blueprint.Listener.Kind, reusing first: Int32?, _ name: String
    ) throws(StartError) -> Int32 {
        if case .unix = bind, let first { return Descriptors.duplicate(first) }
        do {
            if case .udp = kind, case .address(let address) = bind {
                if first == nil { try address.requireFreeForDatagrams() }
                return try address.bindDatagrams()
            }
            if first == nil { try bind.requireFree() }
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
