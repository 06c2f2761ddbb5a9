internal import AyaBalance
internal import AyaConfig
internal import AyaCore
internal import AyaTelemetry

/// A route as one worker runs it.
final class RouteRuntime {
    let name: [UInt8]
    let recordName: RecordName
    let action: Action
    let timeout: Interval?
    /// 0 for the most critical to 3 for what may be shed.
    let criticality: Int8
    /// Calls of gRPC-Web are translated.
    let grpcWeb: GRPCWebAccess?
    let metrics: RouteMetrics
    /// What happens besides; nil on most routes.
    let treatment: RouteTreatment?

    enum Action {
        case forward(Destination)
        case split(PoolSplit)
        indirect case redirect(Blueprint.Route.Redirect)
        indirect case respond(Blueprint.Route.FixedResponse)
    }

    init(
        _ blueprint: Blueprint.Route, metrics: RouteMetrics, pool: (String) -> PoolRuntime?
    ) {
        self.metrics = metrics
        grpcWeb = blueprint.grpcWeb.map(GRPCWebAccess.init)
        name = Array(blueprint.name.utf8)
        recordName = RecordName(name)
        timeout = blueprint.timeout.map(Interval.init)
        criticality = Int8(truncatingIfNeeded: blueprint.criticality.rank)
        treatment = RouteTreatment(blueprint, pool: pool)
        switch blueprint.action {
        case .forward(let shares):
            let known = shares.compactMap { share in
                pool(share.pool).map { (share.weight, Destination($0, labels: blueprint.subset)) }
            }
            if known.count == 1, let only = known.first {
                action = .forward(only.1)
            } else {
                action = .split(PoolSplit(known))
            }
        case .redirect(let redirect): action = .redirect(redirect)
        case .respond(let response): action = .respond(response)
        }
    }
}

extension RouteRuntime {
    /// Whether none of the pools that it sends to is among these.
    func sendsNothing(to pools: Set<ObjectIdentifier>) -> Bool {
        if let mirror = treatment?.mirror, pools.contains(ObjectIdentifier(mirror.pool)) { return false }
        switch action {
        case .forward(let destination): return !pools.contains(ObjectIdentifier(destination.pool))
        case .split(let split): return split.destinations.allSatisfy { !pools.contains(ObjectIdentifier($0.pool)) }
        case .redirect, .respond: return true
        }
    }
}

/// A pool, and which of its servers a route may use.
struct Destination {
    let pool: PoolRuntime
    /// A number of the pool's `subset(_:)`.
    let subset: Int

    init(_ pool: PoolRuntime, labels: [String: String]) {
        self.pool = pool
        subset = pool.subset(labels)
    }
}

/// A route's traffic shared among several pools by weight.
final class PoolSplit {
    private var shares: WeightedSplit
    private let weights: [Int]
    let destinations: ContiguousArray<Destination>
    /// Those whose clients stay with them, as long as they have a share.
    let persistent: ContiguousArray<Destination>

    init(_ shares: [(Int, Destination)]) {
        weights = shares.map(\.0)
        self.shares = WeightedSplit(weights: weights)
        destinations = ContiguousArray(shares.map(\.1))
        persistent = ContiguousArray(
            shares.compactMap { weight, destination in
                weight > 0 && destination.pool.persistence != nil ? destination : nil
            })
    }

    /// Nil when every share is 0.
    func next() -> Destination? { shares.next().map { destinations[$0] } }

    /// What `next` would be.
    func peek() -> Destination? {
        var copy = shares
        return copy.next().map { destinations[$0] }
    }

    /// Of the route's requests, those that go to a destination.
    func share(of destination: Destination) -> Double? {
        guard let position = destinations.firstIndex(where: { $0.pool === destination.pool }) else { return nil }
        return Double(weights[position]) / Double(max(1, weights.reduce(0, +)))
    }
}
