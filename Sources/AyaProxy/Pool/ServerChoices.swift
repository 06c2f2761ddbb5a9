internal import AyaBalance
internal import AyaConfig
internal import AyaCore

/// The ways in which servers of one pool are picked on one worker: among all of them, and among the subsets that
/// routes name by labels.
///
/// Each has a view and a balancer of its own, so that a subset is balanced as a pool of its servers would be; what
/// happens to a server is told to all of them.
final class ServerChoices {
    /// All servers.
    let whole: PoolView
    private let balancer: any Balancer
    /// The balancer of all servers, where it chooses its own tactic.
    let auto: Auto?
    private var subsets: ContiguousArray<Subset> = []
    private let traits: [ServerTraits]
    private let labels: [[String: String]]
    private let kind: BalancerKind

    private struct Subset {
        let labels: [String: String]
        let view: PoolView
        let balancer: any Balancer
    }

    /// - Parameter zone: where this Aya stands.
    init(_ blueprint: Blueprint.Pool, zone: String?) {
        kind = BalancerKind(blueprint.balance)
        traits = blueprint.servers.map { server in
            ServerTraits(
                weight: server.weight, identity: ServerTraits.identity(of: "\(server.address)".utf8),
                priority: server.priority, isBackup: server.backup,
                isRemote: zone != nil && server.zone != nil && server.zone != zone)
        }
        labels = blueprint.servers.map(\.labels)
        whole = PoolView(
            servers: traits,
            options: PoolView.Options(
                slowStart: blueprint.slowStart.map { Interval($0) } ?? .zero, panic: blueprint.health?.panic ?? 0,
                spillBelow: blueprint.zones.spillBelow))
        balancer = kind.makeBalancer(for: whole)
        auto = balancer as? Auto
    }

    /// The number of the subset whose servers have all these labels; 0 is the whole pool.
    func subset(_ wanted: [String: String]) -> Int {
        guard !wanted.isEmpty else { return 0 }
        if let known = subsets.firstIndex(where: { $0.labels == wanted }) { return known + 1 }
        let view = PoolView(servers: traits, options: whole.options)
        for server in traits.indices {
            let isMember = wanted.allSatisfy { labels[server][$0.key] == $0.value }
            view.set(.outside, !isMember, on: server)
            copyState(of: server, to: view)
            view.adoptWarmUp(of: server, from: whole, at: server)
        }
        subsets.append(Subset(labels: wanted, view: view, balancer: kind.makeBalancer(for: view)))
        return subsets.count
    }

    /// A pool that works already may get a new subset by a reload.
    private func copyState(of server: Int, to view: PoolView) {
        for hold in PoolView.Holds.verdicts + [.full] where whole.holds[server].contains(hold) {
            view.set(hold, true, on: server)
        }
        view.setWeight(whole.weights[server], of: server)
        view.setForeign(whole.foreign[server], of: server)
        for _ in 0..<whole.inFlight[server] { view.begin(server) }
    }

    /// Goes on with what was learned of servers while the pool was configured otherwise.
    ///
    /// - Parameter positions: of each server there; nil for those that are new.
    func adopt(_ former: ServerChoices, positions: [Int?]) {
        for (server, position) in positions.enumerated() {
            if let position {
                whole.adoptWarmUp(of: server, from: former.whole, at: position)
            } else {
                whole.greet(server)
            }
        }
        guard kind == former.kind else { return }
        for (server, position) in positions.enumerated() {
            if let position { balancer.adopt(whole, server: server, from: former.balancer, at: position) }
        }
    }

    /// Whether the balancer places work by a key.
    var isHash: Bool { kind.isHash }

    /// Whether a server is among a subset's.
    func contains(_ server: Int, subset: Int) -> Bool {
        subset == 0 || !subsets[subset - 1].view.holds[server].contains(.outside)
    }

    func pick(
        _ request: PickRequest, subset: Int, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        if subset == 0 { return balancer.pick(whole, request, excluding: excluding, random: &random) }
        let choice = subsets[subset - 1]
        return choice.balancer.pick(choice.view, request, excluding: excluding, random: &random)
    }

    /// For looking alone.
    func choice(_ subset: Int) -> (view: PoolView, balancer: any Balancer) {
        subset == 0 ? (whole, balancer) : (subsets[subset - 1].view, subsets[subset - 1].balancer)
    }

    func begin(_ server: Int) {
        whole.begin(server)
        for subset in subsets { subset.view.begin(server) }
    }

    func end(_ server: Int, _ observation: Observation?) {
        whole.end(server, observation)
        for subset in subsets { subset.view.end(server, observation) }
    }

    func set(_ hold: PoolView.Holds, _ held: Bool, on server: Int) {
        whole.set(hold, held, on: server)
        for subset in subsets { subset.view.set(hold, held, on: server) }
    }

    func setWeight(_ weight: Int, of server: Int) {
        whole.setWeight(weight, of: server)
        for subset in subsets { subset.view.setWeight(weight, of: server) }
    }

    func setForeign(_ load: Int, of server: Int) {
        whole.setForeign(load, of: server)
        for subset in subsets { subset.view.setForeign(load, of: server) }
    }

    func hear(_ hearsay: Hearsay, of server: Int) {
        whole.hear(hearsay, of: server)
        for subset in subsets { subset.view.hear(hearsay, of: server) }
    }

    func report(_ report: LoadReport, of server: Int, now: Instant) {
        whole.report(report, of: server, now: now)
        for subset in subsets { subset.view.report(report, of: server, now: now) }
    }

    func tick(_ now: Instant) {
        whole.tick(now)
        for subset in subsets { subset.view.tick(now) }
    }
}
