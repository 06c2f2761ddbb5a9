internal import AyaBalance
internal import AyaCore

/// What a pick costs, and what the whole of an exchange costs: pick, begin and end with its observation.
enum PickTimes {
    static let sizes = [10, 1_000, 10_000]

    static func print() {
        Swift.print("\nNanoseconds a pick / an exchange (pick, begin, end), by servers in the pool")
        Swift.print(Table.row("balancer", sizes.map { "\($0)" }))
        for kind in BalancerKind.allCases {
            Swift.print(Table.row(kind.rawValue, sizes.map { measure(kind, servers: $0) }))
        }
    }

    /// Medians of several rounds.
    private static func measure(_ kind: BalancerKind, servers: Int) -> String {
        var picks: [Double] = []
        var exchanges: [Double] = []
        for round in 0..<7 {
            var pool = BusyPool(kind, servers: servers, seed: UInt64(round))
            picks.append(pool.time(40_000) { $0.pickOnly() })
            exchanges.append(pool.time(40_000) { $0.exchange() })
        }
        return "\(Int(picks.sorted()[3].rounded())) / \(Int(exchanges.sorted()[3].rounded()))"
    }

    /// A pool with two requests under way for each server, up to a thousand.
    private struct BusyPool {
        let view: PoolView
        let balancer: any Balancer
        var random: RandomSource
        var now = Instant(nanoseconds: 1_000_000_000)
        var running: ContiguousArray<Int> = []
        var oldest = 0

        init(_ kind: BalancerKind, servers: Int, seed: UInt64) {
            view = PoolView(weights: Array(repeating: 1, count: servers))
            balancer = kind.makeBalancer(for: view)
            random = RandomSource(seed: seed)
            for _ in 0..<min(1_000, 2 * servers) {
                running.append(pick())
                view.begin(running[running.count - 1])
            }
            // Every server has been heard of.
            for _ in 0..<2 * servers { exchange() }
        }

        mutating func pick() -> Int {
            now = now + Interval(nanoseconds: 20_000)
            let request = PickRequest(key: random.next(), now: now)
            return balancer.pick(view, request, excluding: .none, random: &random) ?? 0
        }

        mutating func pickOnly() { oldest &+= pick() & 0 }

        mutating func exchange() {
            let done = running[oldest]
            let latency = Interval(nanoseconds: Int64(4_000_000 + random.next() & 0x1f_ffff))
            view.end(done, Observation(.success, latency: latency, now: now))
            let next = pick()
            view.begin(next)
            running[oldest] = next
            oldest &+= 1
            if oldest == running.count { oldest = 0 }
        }

        mutating func time(_ count: Int, _ body: (inout BusyPool) -> Void) -> Double {
            let clock = ContinuousClock()
            let elapsed = clock.measure { for _ in 0..<count { body(&self) } }
            return elapsed / .nanoseconds(1) / Double(count)
        }
    }
}
