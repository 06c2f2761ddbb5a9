internal import AyaCore

/// What the other tactics of `auto` go by. They see the same sample of a large pool as its first one does.
extension Outlook {
    /// Loads up to this quantile of them are not crowded; as in Prequal.
    private static let quantile = 0.6
    /// What a key's server may have beyond its share of what is in flight, as a factor.
    private static let bound: Float = 1.25

    /// The load that six in ten servers do not exceed.
    func usualLoad(_ servers: borrowing WeightedSet, _ random: inout RandomSource) -> Int {
        let looks = min(servers.count, Self.sample)
        guard looks > 0 else { return .max }
        var loads = InlineArray<16, Int>(repeating: 0)
        for look in 0..<looks {
            let load = self.load(servers.count <= Self.sample ? servers.member(look) : servers.drawMember(&random))
            // Few enough to be kept in order by insertion.
            var place = look
            while place > 0, loads[place - 1] > load {
                loads[place] = loads[place - 1]
                place -= 1
            }
            loads[place] = load
        }
        let rank = Int((Self.quantile * Double(looks)).rounded(.up))
        return loads[min(max(rank, 1), looks) - 1]
    }

    /// The least in flight for its weight; -1 when there is none. Of equals, the first from a place by chance on.
    func leastBusy(
        _ servers: borrowing WeightedSet, excluding excluded: borrowing ExcludedServers, _ random: inout RandomSource
    ) -> Int {
        let count = servers.count
        let looks = min(count, Self.sample)
        var place = looks > 0 ? Hash.index(random.next(), below: looks) : 0
        var best = -1
        var least = Float.infinity
        for _ in 0..<looks {
            let server = count <= Self.sample ? servers.member(place) : servers.drawMember(&random)
            place = place + 1 == looks ? 0 : place + 1
            let queue = queue(server)
            guard queue < least, excluded.isEmpty || !excluded.contains(server) else { continue }
            (best, least) = (server, queue)
        }
        return best
    }

    /// The first of the servers that belong to a key that has room; -1 when there is none. Of a large pool, a row of
    /// sixteen belongs to each key.
    func nearest(
        to key: UInt64, _ servers: borrowing WeightedSet, excluding excluded: borrowing ExcludedServers
    ) -> Int {
        let count = servers.count
        let looks = min(count, Self.sample)
        var row = RandomSource(seed: key)
        var members = InlineArray<16, Int>(repeating: 0)
        var whole: Float = 1
        for look in 0..<looks {
            members[look] = count <= Self.sample ? servers.member(look) : servers.drawMember(&row)
            whole += queue(members[look])
        }
        let room = (Self.bound * whole / Float(max(1, looks))).rounded(.up)
        var best = -1
        var highest: UInt64 = 0
        for look in 0..<looks {
            let server = members[look]
            guard excluded.isEmpty || !excluded.contains(server) else { continue }
            // Those without room come after all that have some.
            let place = Hash.mix(key, attempt: server) >> (queue(server) < room ? 0 : 32)
            if best < 0 || place > highest { (best, highest) = (server, place) }
        }
        return best
    }
}
