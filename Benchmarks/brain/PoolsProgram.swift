internal import AyaBrain
internal import Glibc

/// What a thousand pools of four servers cost, as the running brain treats them: servers every ten seconds, four series
/// every minute, a forecast of three days of minutes every quarter of an hour.
///
/// `brain-bench pools`; POOLS (1000), MINUTES (20).
enum PoolsProgram {
    static func run() {
        let pools = Int(number("POOLS") ?? 1_000)
        let minutes = Int(number("MINUTES") ?? 20)
        var minds = Array(repeating: PoolMind(), count: pools)
        var watch = AnomalyWatch(capacity: 4 * pools)
        let past = (0..<4_320).map { 100 + 50 * sin(Double($0) / 1_440 * 2 * .pi) + Double($0 * 7_919 % 13) }
        let forecaster = Forecaster(horizon: 60, seasons: Forecaster.calendarSeasons(step: 60))
        var spent = (servers: 0.0, series: 0.0, forecasts: 0.0)
        for minute in 0..<minutes {
            spent.servers += seconds {
                for step in 0..<6 {
                    for pool in minds.indices {
                        let intervals = (0..<4).map { server in
                            ServerInterval(
                                server: "10.0.0.\(server):80", attempts: Double(900 + (step * 31 + pool) % 200),
                                failures: 0, latency: 0.02 + Double((minute + pool) % 7) * 0.001)
                        }
                        _ = minds[pool].observe(intervals, seconds: 10)
                    }
                }
            }
            spent.series += seconds {
                for pool in minds.indices {
                    let subject = Subject([.pool: "pool\(pool)"])
                    for (index, measure) in [SeriesName.Measure.requests, .errors, .latency, .bytes].enumerated() {
                        let value = past[(minute * 13 + pool) % past.count] / Double(index + 1)
                        _ = watch.observe(
                            Sample(time: 1_700_000_000 + Double(minute) * 60, value: value),
                            of: SeriesName(measure, of: subject))
                    }
                }
            }
            spent.forecasts += seconds {
                for _ in 0..<pools / 15 { _ = forecaster.forecast(past) }
            }
        }
        let whole = Double(minutes) * 60
        for (name, value) in [
            ("servers", spent.servers), ("series", spent.series), ("forecasts", spent.forecasts),
            ("all", spent.servers + spent.series + spent.forecasts),
        ] { print("\(name): \((value / whole * 1e5).rounded() / 1e3) % of a processor") }
    }

    private static func seconds(_ work: () -> Void) -> Double {
        let before = clock()
        work()
        return Double(clock() - before) / Double(CLOCKS_PER_SEC)
    }

    private static func number(_ name: String) -> Double? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).flatMap { unsafe Double(String(cString: $0)) }
    }
}
