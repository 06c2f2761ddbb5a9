internal import AyaConfig
internal import AyaCore
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry
internal import AyaTestSupport

/// One worker that runs a blueprint's TCP and UDP listeners, on ports that the system chooses.
final class Site: @unchecked Sendable {
    let thread: WorkerThread
    /// Where the listeners are, in the blueprint's order.
    let addresses: [SocketAddress]
    // Safe: used on the worker's thread alone, after `init` has waited for it.
    private var runtime: Runtime?
    private var acceptors: [Acceptor] = []
    private var datagrams: [UDPListener] = []

    init(_ blueprint: Blueprint) async throws {
        var descriptors: [Int32] = []
        var binds: [BoundEndpoint] = []
        for listener in blueprint.listeners {
            let bind = SocketAddress(ip: .loopback, port: 0)
            if case .udp = listener.kind {
                descriptors.append(try bind.bindDatagrams())
            } else {
                descriptors.append(try BoundEndpoint.address(bind).listen())
            }
            binds.append(BoundEndpoint.local(descriptors.last ?? -1).map { .address($0) } ?? .address(bind))
        }
        addresses = binds.compactMap { if case .address(let address) = $0 { address } else { nil } }
        let servers = blueprint.pools.map { pool in
            pool.servers.compactMap { server -> BoundEndpoint? in
                if case .address(let address) = server.address { .address(address) } else { nil }
            }
        }
        let snapshot = Snapshot(
            blueprint: blueprint, generation: 1, addresses: servers, binds: binds, adminBind: nil)
        let shared = try SharedState(
            snapshot, workers: 1, descriptors: DescriptorBudget(total: 4096), secrets: PersistenceSecrets())
        thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let opened = descriptors
        await thread.ask { [self] worker in
            let runtime = Runtime(snapshot, shared: shared, worker: worker, admin: nil, records: nil)
            for (descriptor, listener) in zip(opened, runtime.listeners) {
                if case .udp = listener.kind {
                    if let flows = UDPListener(descriptor, listener: listener, runtime: runtime) {
                        datagrams.append(flows)
                    }
                } else {
                    let socket = ListeningSocket(descriptor, worker: worker)
                    acceptors.append(
                        Acceptor(socket, listener: listener, runtime: runtime, log: Log(level: .error)))
                }
            }
            self.runtime = runtime
        }
    }

    var metrics: MetricsSnapshot {
        get async {
            await thread.ask { [self] _ in
                runtime?.metrics.snapshot() ?? WorkerMetrics(shape: MetricsShape()).snapshot()
            }
        }
    }

    /// Of the first listener.
    var listener: ListenerCounts { get async { await metrics.listeners[0].counts } }

    func cutSessions() async { await thread.ask { [self] _ in runtime?.sessions.cutAll(.draining) } }
    func drainDatagrams() async { await thread.ask { [self] _ in for flows in datagrams { flows.drain() } } }
    var flowCount: Int { get async { await thread.ask { [self] _ in datagrams.reduce(0) { $0 + $1.flowCount } } } }
    var buffersLent: Int { get async { await thread.ask { $0.buffers.lent } } }

    /// Ends the worker. Every listener is closed, so that nothing outlives the test.
    func stop() async {
        await thread.ask { [self] worker in
            for acceptor in acceptors { acceptor.stop() }
            for flows in datagrams { flows.close() }
            runtime?.sessions.cutAll(.draining)
            worker.stop()
        }
        thread.join()
    }

    static func with(_ blueprint: Blueprint, _ body: (Site) async throws -> Void) async throws {
        let site = try await Site(blueprint)
        do { try await body(site) } catch { await site.stop(); throw error }
        await site.stop()
    }
}

extension Blueprint {
    /// One listener before pools of the given servers, the first pool its own.
    static func layer4(
        _ kind: Listener.Kind, pools: [(String, [SocketAddress])],
        listener change: (inout Listener) -> Void = { _ in }, pool: (inout Pool) -> Void = { _ in }
    ) -> Blueprint {
        var listener = Listener(
            name: "front", bind: .address(SocketAddress(ip: .loopback, port: 0)), kind: kind)
        change(&listener)
        return Blueprint(
            listeners: [listener],
            pools: pools.map { name, servers in
                // In turn, so that a test can say who gets what.
                var made = Pool(
                    name: name, servers: servers.map { Server(address: .address($0)) }, balance: .roundRobin)
                pool(&made)
                return made
            })
    }
}
