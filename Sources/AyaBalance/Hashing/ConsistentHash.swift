package import AyaCore

/// A ring of points, some for each server; a key belongs to the first server after it that has room.
///
/// Room is bounded (Mirrokni, Thorup and Zadimoghaddam, 2016): no server has more than 1.25 times its share of what is
/// under way, so that a popular key spills over to the next servers of the ring instead of drowning its own. A server
/// that fails fast always has room; so keys pass over those on probation as well.
package final class ConsistentHash: Balancer {
    /// Points in all, and for each server at most.
    private static let mostPoints = 131_072
    private static let pointsPerServer = 512
    /// How much more than its share a server may have under way, in percent.
    private static let bound = 125

    /// The ring in order: the place in the upper half, the server in the lower.
    private var ring: ContiguousArray<UInt64> = []
    /// The weights that the ring was made by, and the points of a weight of one.
    private var weights: ContiguousArray<Int>
    private let pointsPerWeight: Double
    private var memory: FailureMemory
    /// Under way and shares, over all servers in the choice.
    private var totalLoad = 0
    private var totalShare = 0
    private var counted: ContiguousArray<(load: Int, share: Int)>

    package init(_ view: PoolView) {
        weights = view.weights
        memory = FailureMemory(capacity: view.count)
        counted = ContiguousArray(repeating: (load: 0, share: 0), count: view.count)
        let wanted = min(Self.mostPoints, view.count &* Self.pointsPerServer)
        pointsPerWeight = Double(wanted) / Double(max(1, weights.reduce(0, +)))
        for server in 0..<view.count {
            ring.append(contentsOf: points(of: server, view))
            count(view, server)
        }
        ring.sort()
    }

    private init(copying other: ConsistentHash) {
        ring = other.ring
        weights = other.weights
        pointsPerWeight = other.pointsPerWeight
        memory = other.memory
        totalLoad = other.totalLoad
        totalShare = other.totalShare
        counted = other.counted
    }

    package func rehearsal() -> (any Balancer)? { ConsistentHash(copying: self) }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        guard !ring.isEmpty, !view.eligible.isEmpty else { return nil }
        if let trial = memory.trial(view, request.now, excluding: excluding) { return trial }
        var index = first(from: Hash.mix(request.key) >> 32)
        var doubted = -1
        for _ in 0..<min(ring.count, 1024) {
            let server = Int(truncatingIfNeeded: ring[index] & 0xffff_ffff)
            if view.eligible.contains(server), hasRoom(view, server), excluding.isEmpty || !excluding.contains(server) {
                if memory.isTrusted(server) { return server }
                if doubted < 0 { doubted = server }
            }
            index &+= 1
            if index == ring.count { index = 0 }
        }
        return doubted >= 0 ? doubted : view.eligible.next(after: request.key, excluding: excluding)
    }

    /// ⌈1.25 × the server's share of what would be under way⌉ is not reached.
    private func hasRoom(_ view: PoolView, _ server: Int) -> Bool {
        let load = view.load(server)
        if load == 0 { return true }
        return load &* totalShare &* 100 < (totalLoad &+ 1) &* view.shares[server] &* Self.bound
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if view.isAway(server) { memory.forget(server) }
        count(view, server)
        guard weights[server] != view.weights[server] else { return }
        weights[server] = view.weights[server]
        merge(points(of: server, view).sorted(), of: server)
    }

    package func loadChanged(_ view: PoolView, server: Int) { count(view, server) }

    package func observed(_ view: PoolView, server: Int, _ observation: Observation) {
        _ = memory.observe(server, observation)
    }

    package func heard(_ view: PoolView, server: Int, _ hearsay: Hearsay) { _ = memory.hear(server, hearsay) }

    private func count(_ view: PoolView, _ server: Int) {
        let isEligible = view.isEligible(server)
        let now = (load: isEligible ? view.load(server) : 0, share: isEligible ? view.shares[server] : 0)
        totalLoad &+= now.load &- counted[server].load
        totalShare &+= now.share &- counted[server].share
        counted[server] = now
    }

    /// The first point at or after a place.
    private func first(from place: UInt64) -> Int {
        let wanted = place << 32
        var low = 0
        var high = ring.count
        while low < high {
            let middle = (low &+ high) >> 1
            if ring[middle] < wanted { low = middle &+ 1 } else { high = middle }
        }
        return low == ring.count ? 0 : low
    }

    private func points(of server: Int, _ view: PoolView) -> [UInt64] {
        guard weights[server] > 0 else { return [] }
        let wanted = (Double(weights[server]) * pointsPerWeight).rounded()
        let count = Int(min(max(1, wanted), Double(Self.mostPoints)))
        return (0..<count).map { point in
            Hash.mix(view.identities[server], attempt: point) & 0xffff_ffff_0000_0000
                | UInt64(truncatingIfNeeded: server)
        }
    }

    /// Puts a server's points in the place of those it had: one walk of the ring.
    private func merge(_ points: [UInt64], of server: Int) {
        var merged: ContiguousArray<UInt64> = []
        merged.reserveCapacity(ring.count &+ points.count)
        var next = 0
        for point in ring where Int(truncatingIfNeeded: point & 0xffff_ffff) != server {
            while next < points.count, points[next] < point {
                merged.append(points[next])
                next += 1
            }
            merged.append(point)
        }
        merged.append(contentsOf: points[next...])
        ring = merged
    }
}
