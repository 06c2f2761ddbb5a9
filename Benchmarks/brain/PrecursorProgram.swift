internal import AyaBrain
internal import AyaCore
internal import Glibc

/// A pool of six servers under the load of a trace: how often one is drained for nothing, and how many declines are seen
/// before clients see an error.
///
/// `brain-bench precursors < trace.csv`; STEP_SECONDS, DECLINES (40), SEED (1). Servers differ in speed, and are reported
/// every ten seconds. A decline takes 12 to 30 minutes from the first sign to the first error: slower by the minute, stalls
/// that become frequent, or resets that retries hide.
enum PrecursorProgram {
    private enum Decline: CaseIterable { case leak, stalls, resets }

    private static let interval = 10.0
    /// Intervals of history before a decline, so that there are habits.
    private static let before = 720

    static func run() {
        let history = History(Sample.all(in: StandardInput.all()), step: number("STEP_SECONDS"), limit: 1_000_000)
        let peak = history.values.filter(\.isFinite).max() ?? 1
        var pool = Pool(
            loads: history.values.map { $0.isFinite ? 0.9 * max(0, $0) / peak : 0 }, step: history.step,
            seed: UInt64(number("SEED") ?? 1))
        let count = Int(Double(history.values.count) * history.step / interval)
        guard count > 2 * before else { return print("the trace is too short") }
        var watch = FailurePrecursors()
        let mistakes = (0..<count).reduce(0) { sum, index in
            sum + watch.observe(pool.intervals(at: index, decline: nil)).count
        }
        let days = Double(count) * interval / 86_400
        let declines = Int(number("DECLINES") ?? 40)
        var seen = 0
        for number in 0..<declines where isSeen(number, of: declines, &pool, count) { seen += 1 }
        print(
            "days \(days) servers 6 false \(mistakes) per day \(Double(mistakes) / days) declines \(declines) early "
                + "\(seen)")
    }

    private static func isSeen(_ number: Int, of declines: Int, _ pool: inout Pool, _ count: Int) -> Bool {
        let kind = Decline.allCases[number % Decline.allCases.count]
        let length = 72 + number * 37 % 109
        let start = before + (count - before - length) * number / declines
        var watch = FailurePrecursors()
        for index in start - before..<start + length {
            let extent = Double(index - start) / Double(length)
            let advice = watch.observe(pool.intervals(at: index, decline: extent > 0 ? (kind, extent) : nil))
            if extent > 0, advice.contains(where: { $0.server == "0" }) { return true }
        }
        return false
    }

    private static func number(_ name: String) -> Double? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).flatMap { unsafe Double(String(cString: $0)) }
    }

    private struct Pool {
        let loads: [Double]
        let step: Double
        var random: RandomSource
        let speeds: [Double]

        init(loads: [Double], step: Double, seed: UInt64) {
            self.loads = loads
            self.step = step
            var random = RandomSource(seed: seed)
            speeds = (0..<6).map { _ in Double.random(in: 0.8...1.4, using: &random) }
            self.random = random
        }

        mutating func intervals(at index: Int, decline: (Decline, Double)?) -> [ServerInterval] {
            let place = min(Int(Double(index) * PrecursorProgram.interval / step), loads.count - 1)
            let load = loads[place]
            return speeds.indices.map { server in
                let attempts = (300 * load * Double.random(in: 0.8...1.2, using: &random)).rounded()
                // Few requests scatter more.
                let scatter = 0.12 + 0.5 / max(1, attempts).squareRoot()
                var latency = 0.02 * speeds[server] / (1.1 - load) * exp(scatter * gaussian())
                var failures = Double.random(in: 0..<1, using: &random) < attempts * 0.000_1 ? 1.0 : 0
                if server == 0, let (kind, extent) = decline {
                    switch kind {
                    case .leak: latency *= 1 + 1.5 * extent * extent
                    case .stalls: if Double.random(in: 0..<1, using: &random) < extent { latency *= 1.8 }
                    case .resets:
                        failures += (attempts * 0.01 * extent * Double.random(in: 0...2, using: &random)).rounded()
                    }
                }
                return ServerInterval(
                    server: "\(server)", attempts: attempts, failures: min(failures, attempts), latency: latency)
            }
        }

        private mutating func gaussian() -> Double {
            (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
                * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
        }
    }
}
