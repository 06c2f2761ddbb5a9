/// The order in which groups of servers are used: by priority, backups last, and in each the own zone first.
///
/// Counters for each tier answer which are in use after every change, so that neither a pick nor a change of one
/// server looks at the others.
struct TierList {
    /// How a server counts in its tier.
    enum Standing {
        /// It has no weight, is on its way out or does not belong.
        case absent
        case available
        /// Probes or its traffic speak against it.
        case doubted
        /// It belongs to the tier but can't be used, whatever probes say.
        case broken
    }

    struct InUse: Equatable {
        var isPanicking = false
        /// One bit a tier.
        var tiers: ServerSet

        func contains(_ tier: Int) -> Bool { tiers.contains(tier) }
    }

    private struct Tier {
        var group: Int
        var isRemote: Bool
        var available = 0
        var doubted = 0
        var broken = 0
        var total: Int { available + doubted + broken }
    }

    private var tiers: ContiguousArray<Tier> = []
    private var tierOf: ContiguousArray<Int32> = []
    private var members: [[Int32]] = []
    private var current: InUse

    init(_ servers: ContiguousArray<ServerTraits>, weights: ContiguousArray<Int>) {
        /// Backups of any priority are one group behind all others.
        func group(_ server: ServerTraits) -> Int { server.isBackup ? .max : server.priority }
        let keys = servers.map { (group: group($0), isRemote: $0.isRemote) }
        let order = keys.sorted { $0.group != $1.group ? $0.group < $1.group : !$0.isRemote && $1.isRemote }
        for key in order {
            if let last = tiers.last, last.group == key.group, last.isRemote == key.isRemote { continue }
            tiers.append(Tier(group: key.group, isRemote: key.isRemote))
        }
        members = Array(repeating: [], count: tiers.count)
        current = InUse(tiers: ServerSet(capacity: tiers.count))
        for tier in tiers.indices { current.tiers.insert(tier) }
        for (server, key) in keys.enumerated() {
            let tier = tiers.firstIndex { $0.group == key.group && $0.isRemote == key.isRemote } ?? 0
            tierOf.append(Int32(truncatingIfNeeded: tier))
            members[tier].append(Int32(truncatingIfNeeded: server))
            if weights[server] > 0 { tiers[tier].available += 1 }
        }
    }

    func tier(of server: Int) -> Int { Int(tierOf[server]) }

    func standing(weight: Int, holds: PoolView.Holds) -> Standing {
        if weight == 0 || !holds.isDisjoint(with: [.draining, .drained, .outside]) { return .absent }
        if holds.contains(.unreachable) { return .broken }
        if !holds.isDisjoint(with: [.down, .ejected]) { return .doubted }
        return holds.contains(.broken) ? .broken : .available
    }

    mutating func move(_ server: Int, from before: Standing, to after: Standing) {
        let tier = tier(of: server)
        add(-1, to: before, of: tier)
        add(1, to: after, of: tier)
    }

    private mutating func add(_ count: Int, to standing: Standing, of tier: Int) {
        switch standing {
        case .absent: break
        case .available: tiers[tier].available += count
        case .doubted: tiers[tier].doubted += count
        case .broken: tiers[tier].broken += count
        }
    }

    /// Goes through the groups until one is well enough to carry the work alone.
    func inUse(_ options: PoolView.Options) -> InUse {
        var inUse = InUse(tiers: ServerSet(capacity: tiers.count))
        var index = 0
        while index < tiers.count {
            let group = tiers[index].group
            let first = index
            var all = Tier(group: group, isRemote: false)
            while index < tiers.count, tiers[index].group == group {
                // The own zone stands first; another joins when the own has too few left.
                let own = tiers[first]
                let suffices =
                    index > first && !own.isRemote && own.available > 0
                    && Double(own.available) >= options.spillBelow * Double(own.total)
                if !suffices {
                    inUse.tiers.insert(index)
                    all.available += tiers[index].available
                    all.doubted += tiers[index].doubted
                    all.broken += tiers[index].broken
                }
                index += 1
            }
            let isPanicking = options.panic > 0 && Double(all.doubted) > options.panic * Double(all.total)
            if all.available > 0, !isPanicking {
                inUse.isPanicking = false
                return inUse
            }
            if isPanicking { inUse.isPanicking = true }
        }
        // No group is well: all that there is, and when too many are doubted, those too.
        return inUse
    }

    /// Servers of the tiers that come into use or go out of it.
    mutating func changed(to next: InUse) -> [Int] {
        guard next.tiers != current.tiers else {
            current = next
            return []
        }
        let changed = tiers.indices.filter { next.contains($0) != current.contains($0) }
        current = next
        return changed.flatMap { members[$0].map(Int.init) }
    }
}
