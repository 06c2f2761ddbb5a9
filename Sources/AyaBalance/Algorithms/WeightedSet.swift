internal import AyaCore

/// A set of servers with shares, from which one is drawn by chance in proportion to its share.
///
/// While all shares are equal, the usual case, a draw is one multiplication; otherwise a Fenwick tree of the shares is
/// walked. Either way a change costs O(log n) and a draw never looks at servers outside the set.
struct WeightedSet {
    private(set) var members: ContiguousArray<Int32> = []
    /// Where a server stands among the members; -1 for others.
    private var positions: ContiguousArray<Int32>
    private var shares: ContiguousArray<Int32>
    /// Sums of shares, as Fenwick has them; its size is a power of two, so that a draw is a plain descent.
    private var sums: ContiguousArray<Int64>
    private var total: Int64 = 0
    /// The share that most members have, and how many have another.
    private var usual: Int32 = 0
    private var unusual = 0

    init(capacity: Int) {
        positions = ContiguousArray(repeating: -1, count: capacity)
        shares = ContiguousArray(repeating: 0, count: capacity)
        var size = 1
        while size < capacity { size &*= 2 }
        sums = ContiguousArray(repeating: 0, count: size &+ 1)
        members.reserveCapacity(capacity)
    }

    var isEmpty: Bool { members.isEmpty }
    var count: Int { members.count }

    func contains(_ server: Int) -> Bool { positions[server] >= 0 }

    /// A share of 0 takes the server out.
    mutating func set(_ server: Int, share: Int) {
        let new = Int32(clamping: max(0, share))
        let old = shares[server]
        guard new != old else { return }
        shares[server] = new
        if old == 0 {
            if members.isEmpty {
                usual = new
                unusual = 0
            }
            positions[server] = Int32(truncatingIfNeeded: members.count)
            members.append(Int32(truncatingIfNeeded: server))
        } else if old != usual {
            unusual &-= 1
        }
        if new == 0 {
            remove(server)
        } else if new != usual {
            unusual &+= 1
        }
        add(Int64(new) &- Int64(old), at: server)
        if unusual == members.count, let first = members.first { adopt(shares[Int(first)]) }
    }

    /// Nobody has the usual share any more: after a change of all weights, for instance.
    private mutating func adopt(_ share: Int32) {
        usual = share
        unusual = members.count { shares[Int($0)] != share }
    }

    private mutating func remove(_ server: Int) {
        let position = Int(positions[server])
        positions[server] = -1
        guard let last = members.popLast(), position < members.count else { return }
        members[position] = last
        positions[Int(last)] = Int32(truncatingIfNeeded: position)
    }

    private mutating func add(_ change: Int64, at server: Int) {
        total &+= change
        var index = server &+ 1
        while index < sums.count {
            sums[index] &+= change
            index &+= index & (0 &- index)
        }
    }

    /// A member by its place among them, in no particular order.
    @inline(__always) func member(_ place: Int) -> Int { Int(members[place]) }

    /// One member, by chance.
    func draw(_ random: inout RandomSource) -> Int? { members.isEmpty ? nil : drawMember(&random) }

    /// The same of a set that has members.
    func drawMember(_ random: inout RandomSource) -> Int {
        if unusual == 0 { return Int(members[Hash.index(random.next(), below: members.count)]) }
        var rest = Int64(truncatingIfNeeded: random.next().multipliedFullWidth(by: UInt64(total)).high)
        var position = 0
        var step = (sums.count &- 1)
        while step > 0 {
            let next = position &+ step
            if next < sums.count, sums[next] <= rest {
                rest &-= sums[next]
                position = next
            }
            step >>= 1
        }
        return position
    }

    /// One member by chance that is not excluded; nil when there is none.
    func draw(_ random: inout RandomSource, excluding excluded: borrowing ExcludedServers) -> Int? {
        guard !members.isEmpty else { return nil }
        for _ in 0..<8 {
            guard let server = draw(&random) else { return nil }
            if excluded.isEmpty || !excluded.contains(server) { return server }
        }
        // The excluded ones hold most of the share: whoever comes next.
        var position = Hash.index(random.next(), below: members.count)
        for _ in 0..<members.count {
            let server = Int(members[position])
            if !excluded.contains(server) { return server }
            position &+= 1
            if position == members.count { position = 0 }
        }
        return nil
    }

    /// Two different members by chance; the same one twice when there is no other, or hardly.
    func drawTwo(_ random: inout RandomSource) -> (Int, Int)? {
        guard let first = draw(&random) else { return nil }
        guard members.count > 1 else { return (first, first) }
        if unusual == 0 {
            var position = Hash.index(random.next(), below: members.count &- 1)
            if position >= Int(positions[first]) { position &+= 1 }
            return (first, Int(members[position]))
        }
        for _ in 0..<4 {
            if let second = draw(&random), second != first { return (first, second) }
        }
        return (first, first)
    }
}
