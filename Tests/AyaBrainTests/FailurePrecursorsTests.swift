internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

/// A pool of which every ten seconds are reported: load by the hour, latency by load, each server a little different.
private struct SimulatedPool {
    enum Decline: CaseIterable {
        /// Slower by the minute, as with a leak, then errors.
        case leak
        /// A disk that sometimes stalls, more and more often.
        case stalls
        /// Resets that retries hide, more and more.
        case resets
    }

    static let intervalsPerDay = 8_640
    private(set) var random: RandomSource
    private let speeds: [Double]

    init(servers: Int, seed: UInt64) {
        var random = RandomSource(seed: seed)
        speeds = (0..<servers).map { _ in Double.random(in: 0.8...1.4, using: &random) }
        self.random = random
    }

    /// - Parameter decline: what the first server suffers, from 0, nothing, to 1, where clients see errors.
    mutating func interval(_ number: Int, shared: Double = 1, decline: (Decline, Double)? = nil) -> [ServerInterval] {
        let hour = Double(number) / Double(Self.intervalsPerDay)
        let load = 0.55 + 0.35 * sin(2 * .pi * hour)
        return speeds.indices.map { index in
            let attempts = (300 * load * Double.random(in: 0.8...1.2, using: &random)).rounded()
            var latency = 0.02 * speeds[index] * shared / (1.1 - load) * exp(0.12 * gaussian())
            var failures = Double.random(in: 0..<1, using: &random) < attempts * 0.000_1 ? 1.0 : 0
            if index == 0, let (kind, extent) = decline {
                switch kind {
                case .leak: latency *= 1 + 1.5 * extent * extent
                case .stalls: if Double.random(in: 0..<1, using: &random) < extent { latency *= 1.8 }
                case .resets:
                    failures += (attempts * 0.01 * extent * Double.random(in: 0...2, using: &random)).rounded()
                }
            }
            return ServerInterval(server: "\(index)", attempts: attempts, failures: failures, latency: latency)
        }
    }

    private mutating func gaussian() -> Double {
        (-2 * log(Double.random(in: 0.000_001..<1, using: &random))).squareRoot()
            * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
    }
}

@Suite struct FailurePrecursorsTests {
    /// Declines of ten to thirty minutes, at any hour: at least seven in ten are seen before clients see errors.
    @Test func drainsMostBeforeTheFirstError() {
        var seen = 0
        var all = 0
        for decline in SimulatedPool.Decline.allCases {
            for seed in 1...8 {
                var pool = SimulatedPool(servers: 6, seed: UInt64(seed))
                var precursors = FailurePrecursors()
                let start = 500 + seed * 900
                let length = 60 + seed * 15
                var isEarly = false
                for number in (start - 500)..<(start + length) where !isEarly {
                    let extent = Double(number - start) / Double(length)
                    let advice = precursors.observe(
                        pool.interval(number, decline: extent > 0 ? (decline, extent) : nil))
                    isEarly = advice.contains { $0.server == "0" } && extent > 0
                }
                all += 1
                if isEarly { seen += 1 }
            }
        }
        #expect(Double(seen) / Double(all) >= 0.7, "\(seen) of \(all)")
    }

    @Test func drainsNoMoreThanOnceADayForNothing() {
        var pool = SimulatedPool(servers: 6, seed: 77)
        var precursors = FailurePrecursors()
        let days = 2
        let advice = (0..<days * SimulatedPool.intervalsPerDay).flatMap { precursors.observe(pool.interval($0)) }
        #expect(advice.count <= days)
    }

    /// A slow database is no server's fault.
    @Test func blamesNoServerForWhatSlowsAll() {
        var pool = SimulatedPool(servers: 6, seed: 5)
        var precursors = FailurePrecursors()
        for number in 0..<1_500 {
            let shared = number < 700 ? 1 : 1 + Double(number - 700) / 200
            #expect(precursors.observe(pool.interval(number, shared: shared)).isEmpty)
        }
    }

    @Test func neverAdvisesForMoreThanAThird() {
        var precursors = FailurePrecursors()
        var advised: Set<String> = []
        for number in 0..<400 {
            let intervals = (0..<9).map { index in
                let isSick = number > 200 && index < 4
                return ServerInterval(
                    server: "\(index)", attempts: 100, failures: isSick ? 1 : 0,
                    latency: isSick ? 0.5 : 0.1 + 0.001 * Double((number + index) % 3))
            }
            advised.formUnion(precursors.observe(intervals).map(\.server))
        }
        #expect(advised.count == 3 && advised.isSubset(of: ["0", "1", "2", "3"]))
    }

    @Test func learnsFromFalseAdvice() {
        var pool = SimulatedPool(servers: 4, seed: 3)
        var precursors = FailurePrecursors()
        var confidences: [Double] = []
        // A server that is slower every other hour and never fails.
        for number in 0..<4_000 {
            let isSlow = number > 300 && number / 400 % 2 == 0
            confidences += precursors.observe(pool.interval(number, decline: isSlow ? (.leak, 0.8) : nil))
                .map(\.confidence)
        }
        #expect(confidences.first == 0.5)
        #expect(confidences.last.map { $0 < 0.4 } == true)
        #expect(confidences.count <= 6)
    }

    @Test func oddNumbersAreNoSigns() {
        var precursors = FailurePrecursors()
        for value in [Double.nan, .infinity, -1, 0, 1e308, 1e-308] {
            for _ in 0..<100 {
                let advice = precursors.observe([
                    ServerInterval(server: "a", attempts: 10, failures: 0, latency: value),
                    ServerInterval(server: "b", attempts: value, failures: value, latency: 1),
                    ServerInterval(server: "c", attempts: 10, failures: 0, latency: 1),
                    ServerInterval(server: "c", attempts: 10, failures: 0, latency: 1),
                ])
                #expect(advice.count <= 1)
            }
        }
        #expect(precursors.observe([]).isEmpty)
    }
}
