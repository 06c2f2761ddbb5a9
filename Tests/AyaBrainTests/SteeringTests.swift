internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

/// Somebody who sends what he likes wants the number of servers to swing, or to be too small when he stops.
@Suite("Steering the number of servers")
struct SteeringTests {
    /// Requests a second besides the honest ones: of a tenth of their work, and of ten times as much.
    struct Attack {
        var cheap = 0.0
        var costly = 0.0
    }

    struct Minute {
        var servers: Int
        /// Honest requests a second.
        var honest: Double
        /// That the servers that are there carry beside what the attacker sends, as a share of what they must.
        var isOverloaded: Bool
    }

    /// Servers carry 100 honest requests a second each; honest demand goes from 200 to 600 and back in eight hours.
    static func run(hours: Int, _ attack: (Int) -> Attack) -> [Minute] {
        var mind = PoolMind()
        var policy = CapacityPolicy(least: 2, most: 40, leadTime: 300)
        policy.costWeight = 0.25
        mind.configure(policy)
        var (ready, coming) = (7, [(at: Int, servers: Int)]())
        var minutes: [Minute] = []
        for minute in 0..<60 * hours {
            while let first = coming.first, first.at <= minute { ready = max(ready, coming.removeFirst().servers) }
            let honest = 400 - 200 * cos(Double(minute) / 480 * 2 * .pi)
            let sent = attack(minute)
            let rate = honest + sent.cheap + sent.costly
            let work = 0.02 * honest + 0.002 * sent.cheap + 0.2 * sent.costly
            let load = work / (2 * Double(ready))
            let service = work / rate
            let latency = service * (1 + pow(min(load, 0.98), 1.45) / (2 * (1 - min(load, 0.98))))
            for _ in 0..<6 {
                let intervals = (0..<ready).map { server in
                    ServerInterval(
                        server: "\(server)", attempts: 10 * min(rate, rate / max(load, 1e-9)) / Double(ready),
                        failures: 0, latency: min(latency, 2))
                }
                _ = mind.observe(intervals, seconds: 10)
            }
            minutes.append(Minute(servers: ready, honest: honest, isOverloaded: load > 1))
            // The forecast believes that the last quarter of an hour goes on.
            let point = Forecast.Point(
                mean: rate, low80: 0.85 * rate, high80: 1.15 * rate, low95: 0.8 * rate, high95: 1.2 * rate)
            let forecast = Forecast(points: Array(repeating: point, count: 20), voices: [])
            let advice = mind.plan(
                at: Double(60 * minute), servers: ready, known: ready, demand: rate, forecast: forecast, step: 60)
            guard let advice else { continue }
            if advice.servers > ready { coming.append((minute + 5, advice.servers)) } else { ready = advice.servers }
        }
        return minutes
    }

    /// What holds whatever is sent.
    static func check(_ minutes: [Minute]) {
        for (index, minute) in minutes.enumerated() {
            #expect((2...40).contains(minute.servers))
            guard index > 0 else { continue }
            let before = minutes[index - 1].servers
            #expect(minute.servers >= before - max(1, before / 5), "a fifth at a time: \(index)")
            let start = minutes[max(0, index - 5)].servers
            #expect(minute.servers <= max(start + 1, 2 * start), "doubled in a lead time at most: \(index)")
        }
    }

    @Test func withoutAnybodyItFollowsDemand() {
        let minutes = Self.run(hours: 24) { _ in Attack() }
        Self.check(minutes)
        #expect(minutes.dropFirst(960).allSatisfy { !$0.isOverloaded })
        #expect(minutes.dropFirst(960).map(\.servers).min() ?? 0 <= 5)
    }

    /// Many cheap requests make servers look as if they carried ten times as much.
    @Test func cheapRequestsDoNotMakeServersLookStrong() {
        let minutes = Self.run(hours: 32) { (960..<1_200).contains($0) ? Attack(cheap: 3_000) : Attack() }
        Self.check(minutes)
        let after = minutes[1_200...]
        let overloaded = after.count { $0.isOverloaded }
        #expect(overloaded <= 15, "\(overloaded) minutes: \(after.prefix(60).map(\.servers))")
        #expect(after.dropFirst(120).allSatisfy { Double($0.servers) >= $0.honest / 130 })
    }

    /// Few requests that cost a lot make servers look weak; that passes.
    @Test func costlyRequestsAreABoundedDetour() {
        let minutes = Self.run(hours: 40) { (960..<1_080).contains($0) ? Attack(costly: 30) : Attack() }
        Self.check(minutes)
        let after = minutes.dropFirst(1_080 + 480)
        #expect(after.allSatisfy { $0.servers <= 20 }, "\(after.map(\.servers))")
    }

    /// Pulses at the pace of decisions, of random size: no swinging.
    @Test(arguments: [1 as UInt64, 2, 3]) func pulsesDoNotMakeItSwing(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let pulses = (0..<60 * 40).map { minute in
            minute > 960 && Double.random(in: 0...1, using: &random) < 0.3
                ? Attack(cheap: Double.random(in: 0...20_000, using: &random)) : Attack()
        }
        let minutes = Self.run(hours: 40) { pulses[$0] }
        Self.check(minutes)
        var turns = 0
        var direction = 0
        for (before, after) in zip(minutes, minutes.dropFirst()) where before.servers != after.servers {
            let now = after.servers > before.servers ? 1 : -1
            if direction != 0, now != direction { turns += 1 }
            direction = now
        }
        // Each way up and down takes a quarter of an hour of patience.
        #expect(turns <= 40 * 4, "\(turns)")
        #expect(minutes.dropFirst(960).count { $0.isOverloaded && $0.honest > 100 * Double($0.servers) } <= 5)
    }

    /// Half of the servers are down and clients have left: no moment to give servers up.
    @Test func nothingIsGivenUpWhileServersAreMissing() {
        var mind = PoolMindTests.learned()
        mind.configure(CapacityPolicy(least: 1, most: 10, leadTime: 300))
        for minute in 0..<60 {
            let advice = mind.plan(
                at: Double(60 * minute), servers: 5, known: 10, demand: 10, forecast: PoolMindTests.flat(10), step: 60)
            #expect(advice == nil)
        }
        // They are back, and not needed.
        let advice = (60..<70).compactMap {
            mind.plan(
                at: Double(60 * $0), servers: 10, known: 10, demand: 10, forecast: PoolMindTests.flat(10), step: 60)
        }
        #expect(!advice.isEmpty)
    }
}
