internal import Glibc

/// What tuning goes by: the last intervals of a pool, and what was usual for each of its servers.
package struct TuningEvidence: Sendable {
    static let recentIntervals = 5
    /// Intervals before habits mean anything.
    static let settled = 20.0
    private static let memory = 120.0
    /// By how much what was seen once counts less with each interval.
    private static let fading = 0.98

    struct Habit: Sendable {
        var count = 0.0
        /// The longest tail of late, in seconds.
        var tail = 0.0
        /// Logarithm of the latency as a multiple of the neighbours', and its variance.
        var ratio = 0.0
        var variance = 0.0
    }

    private(set) var recent: [PoolInterval] = []
    private(set) var habits: [String: Habit] = [:]

    mutating func add(_ interval: PoolInterval) {
        recent.append(interval)
        if recent.count > Self.recentIntervals { recent.removeFirst() }
        let telling = interval.servers.filter(\.isTelling)
        let names = Set(interval.servers.map(\.name))
        habits = habits.filter { names.contains($0.key) }
        let middle = Self.median(telling.map(\.latency))
        for server in telling {
            var habit = habits[server.name] ?? Habit()
            habit.count = min(habit.count + 1, Self.memory)
            habit.tail = max(server.p99, Self.fading * habit.tail)
            if middle > 0 {
                let difference = log(server.latency / middle) - habit.ratio
                habit.ratio += difference / habit.count
                habit.variance += (difference * difference - habit.variance) / habit.count
            }
            habits[server.name] = habit
        }
    }

    /// After a change, or when something else has happened, what was before says little.
    mutating func forgetRecent() { recent = [] }

    var isWhole: Bool { recent.count == Self.recentIntervals }

    /// The servers over the recent intervals; only those that had work in all of them.
    var servers: [PoolInterval.Server] {
        var sums: [String: (count: Int, server: PoolInterval.Server)] = [:]
        for interval in recent {
            for one in interval.servers where one.isTelling {
                var sum = sums[one.name] ?? (0, .init(name: one.name, attempts: 0, failures: 0, latency: 0, p99: 0))
                sum.count += 1
                sum.server.attempts += one.attempts
                sum.server.failures += one.failures
                sum.server.latency += one.latency * one.attempts
                sum.server.p99 = max(sum.server.p99, one.p99)
                sums[one.name] = sum
            }
        }
        return sums.values.filter { $0.count == recent.count }.map { sum in
            var server = sum.server
            server.latency /= server.attempts
            return server
        }.sorted { $0.name < $1.name }
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// Two digits that matter.
    static func rounded(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return value }
        let scale = pow(10, log10(value).rounded(.down) - 1)
        return (value / scale).rounded() * scale
    }

    /// Three digits, for people.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0, abs(value) < 1e12, abs(value) > 1e-6 else { return "\(value)" }
        let scale = pow(10, 2 - log10(abs(value)).rounded(.down))
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}

/// Where a knob should stand, and why.
struct Proposal: Equatable {
    var settings: PoolSettings
    var reason: String
}
