package import AyaCore

/// Maglev hashing (Eisenbud and others, NSDI 2016, section 3.4): a table that every server fills evenly, so that a pick
/// is one look-up and a change of the pool moves little more than it must.
///
/// The paper fills the table anew whenever a server goes. Here the table holds all servers that have a weight, and a
/// key that meets one out of the choice takes further places: fewer clients move, none is moved twice, and nothing is
/// rebuilt when servers come and go. Only a change of weights fills it anew, at the next pick.
package final class Maglev: Balancer {
    /// A prime, as the paper has it; each server should have about a hundred places.
    package static let size = 65_537

    private var table: ContiguousArray<Int32> = []
    /// The weights that the table was filled by.
    private var weights: ContiguousArray<Int> = []
    private var isStale = true

    package init(_ view: PoolView) { fill(view) }

    private init(copying other: Maglev) {
        table = other.table
        weights = other.weights
        isStale = other.isStale
    }

    package func rehearsal() -> (any Balancer)? { Maglev(copying: self) }

    package func pick(
        _ view: PoolView, _ request: PickRequest, excluding: borrowing ExcludedServers, random: inout RandomSource
    ) -> Int? {
        guard !view.eligible.isEmpty else { return nil }
        if isStale { fill(view) }
        for attempt in 0..<128 {
            let hash = Hash.mix(request.key, attempt: attempt)
            let server = Int(table[Hash.index(hash, below: Self.size)])
            guard server >= 0, view.eligible.contains(server), takes(view, server, hash) else { continue }
            if excluding.isEmpty || !excluding.contains(server) { return server }
        }
        return view.eligible.next(after: request.key, excluding: excluding)
    }

    /// A server that starts slowly has its places already, and takes a growing part of those who come to them.
    private func takes(_ view: PoolView, _ server: Int, _ hash: UInt64) -> Bool {
        let whole = view.weights[server] &* PoolView.wholeShare
        if view.shares[server] == whole { return true }
        return (Int(truncatingIfNeeded: hash & 0xffff_ffff) &* whole) >> 32 < view.shares[server]
    }

    package func eligibilityChanged(_ view: PoolView, server: Int) {
        if weights[server] != view.weights[server] { isStale = true }
    }

    package func loadChanged(_ view: PoolView, server: Int) {}

    private func fill(_ view: PoolView) {
        isStale = false
        weights = view.weights
        table = ContiguousArray(repeating: -1, count: Self.size)
        // Turns by weight, in an order that does not depend on where servers stand in the list.
        var turns = ServerHeap(capacity: view.count)
        var walks = ContiguousArray(repeating: Walk(identity: 0), count: view.count)
        for server in 0..<view.count where weights[server] > 0 {
            walks[server] = Walk(identity: view.identities[server])
            let stride = Pass.stride(share: weights[server])
            let offset = stride.multipliedFullWidth(by: Hash.mix(view.identities[server])).high
            turns.put(
                ServerHeap.Entry(
                    rank: 0, pass: offset, server: Int32(truncatingIfNeeded: server),
                    share: Int32(truncatingIfNeeded: weights[server])))
        }
        var filled = 0
        while filled < Self.size, var turn = turns.first(excluding: .none) {
            let server = Int(turn.server)
            while table[walks[server].place] >= 0 { walks[server].advance() }
            table[walks[server].place] = turn.server
            filled += 1
            turn.pass &+= Pass.stride(share: Int(turn.share))
            turns.put(turn)
        }
    }

    /// The order in which a server wants places: a permutation of all.
    private struct Walk {
        var place: Int
        let skip: Int

        init(identity: UInt64) {
            place = Hash.index(Hash.mix(identity, attempt: 1), below: Maglev.size)
            skip = 1 &+ Hash.index(Hash.mix(identity, attempt: 2), below: Maglev.size &- 1)
        }

        mutating func advance() {
            place &+= skip
            if place >= Maglev.size { place &-= Maglev.size }
        }
    }
}
