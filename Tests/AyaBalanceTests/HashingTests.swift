internal import AyaBalance
internal import AyaCore
internal import Testing

/// Clients stay where they are when servers come and go.
@Suite struct HashingTests {
    static let hashes = BalancerKind.allCases.filter(\.isHash)
    static let keys = 20_000

    static func pool(_ names: [String], weights: [Int]? = nil) -> PoolView {
        let weights = weights ?? Array(repeating: 1, count: names.count)
        return PoolView(
            servers: zip(names, weights).map {
                ServerTraits(weight: $1, identity: ServerTraits.identity(of: $0.utf8))
            })
    }

    static func names(_ count: Int) -> [String] { (0..<count).map { "10.0.0.\($0):8080" } }

    static func placement(_ pool: PoolView, _ balancer: any Balancer) -> [Int] {
        var random = RandomSource(seed: 1)
        var keys = RandomSource(seed: 2)
        return (0..<Self.keys).map { _ in
            let request = PickRequest(key: keys.next(), now: BalancerConformanceTests.start)
            return balancer.pick(pool, request, excluding: .none, random: &random) ?? -1
        }
    }

    @Test(arguments: hashes) func onlyClientsOfALostServerMove(kind: BalancerKind) {
        let pool = Self.pool(Self.names(10))
        let balancer = kind.makeBalancer(for: pool)
        let before = Self.placement(pool, balancer)
        pool.set(.down, true, on: 4)
        let during = Self.placement(pool, balancer)
        var taken = Array(repeating: 0, count: 10)
        for (old, new) in zip(before, during) {
            if old == 4 { taken[new] += 1 } else { #expect(old == new) }
        }
        // They are spread over all others, not given to one neighbour.
        #expect(taken[4] == 0)
        for (server, count) in taken.enumerated() where server != 4 { #expect((60...450).contains(count), "\(taken)") }
        pool.set(.down, false, on: 4)
        #expect(Self.placement(pool, balancer) == before)
    }

    /// Adding one server to n moves one in n + 1 clients, to the new server.
    @Test(arguments: hashes, [5, 50]) func newServerMovesItsShareOnly(kind: BalancerKind, count: Int) {
        let small = Self.pool(Self.names(count))
        let large = Self.pool(Self.names(count + 1))
        let before = Self.placement(small, kind.makeBalancer(for: small))
        let after = Self.placement(large, kind.makeBalancer(for: large))
        let moved = zip(before, after).count { $0 != $1 }
        let share = Double(moved) / Double(Self.keys)
        #expect(share <= 1 / Double(count + 1) + 0.05, "\(share)")
        #expect(share >= 0.5 / Double(count + 1), "\(share)")
        let elsewhere = zip(before, after).count { $0 != $1 && $1 != count }
        #expect(Double(elsewhere) / Double(Self.keys) < 0.05)
    }

    @Test(arguments: hashes) func orderOfTheListDoesNotMatter(kind: BalancerKind) {
        let names = Self.names(12)
        let turned = Array(names.reversed())
        let one = Self.pool(names)
        let other = Self.pool(turned)
        let placed = Self.placement(one, kind.makeBalancer(for: one)).map { names[$0] }
        let placedAgain = Self.placement(other, kind.makeBalancer(for: other)).map { turned[$0] }
        let same = zip(placed, placedAgain).count { $0 == $1 }
        #expect(same == Self.keys)
    }

    @Test(arguments: hashes) func changedWeightMovesLittle(kind: BalancerKind) {
        let pool = Self.pool(Self.names(10), weights: Array(repeating: 10, count: 10))
        let balancer = kind.makeBalancer(for: pool)
        let before = Self.placement(pool, balancer)
        pool.setWeight(5, of: 3)
        let after = Self.placement(pool, balancer)
        let moved = Double(zip(before, after).count { $0 != $1 }) / Double(Self.keys)
        // Half of a tenth has to go; Maglev shuffles a little besides.
        #expect((0.03...0.13).contains(moved), "\(moved)")
        let kept = Double(after.count { $0 == 3 }) / Double(Self.keys)
        #expect(abs(kept - 5.0 / 95) < 0.02, "\(kept)")
    }

    @Test func popularKeySpillsOverTheBound() {
        let pool = Self.pool(Self.names(10))
        let balancer = BalancerKind.consistentHash.makeBalancer(for: pool)
        var random = RandomSource(seed: 1)
        let request = PickRequest(key: 7, now: BalancerConformanceTests.start)
        for _ in 0..<1_000 {
            guard let server = balancer.pick(pool, request, excluding: .none, random: &random) else { continue }
            pool.begin(server)
        }
        #expect((0..<10).allSatisfy { pool.load($0) <= 126 }, "\((0..<10).map(pool.load))")
    }

    /// Every server is in the table as often as its weight says, within one place.
    @Test func maglevIsEven() {
        let pool = Self.pool(Self.names(100), weights: (0..<100).map { 1 + $0 % 3 })
        let counts = Self.placement(pool, BalancerKind.maglev.makeBalancer(for: pool))
            .reduce(into: Array(repeating: 0, count: 100)) { $0[$1] += 1 }
        for (server, count) in counts.enumerated() {
            let share = Double(1 + server % 3) / 199 * Double(Self.keys)
            #expect(abs(Double(count) - share) < 5 * share.squareRoot())
        }
    }
}
