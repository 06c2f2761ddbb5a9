internal import Glibc

/// What one server of a pool can carry, learned from how its latency and errors go with its throughput.
///
/// Throughput is divided into levels 15 % apart; each remembers its latency and share of failures, older ones counting
/// less. As a busier server is never the quicker for it, neighbouring levels that say so are averaged (isotonic
/// regression by pooling, Ayer et al. 1955). The knee is where latency is twice what it is on a quiet server, or where
/// one request in a hundred more fails.
package struct CapacityCurve: Sendable {
    /// The most that a server should be given.
    package struct Estimate: Sendable, Equatable {
        /// Requests a second of a server of weight one.
        package var throughput: Double
        /// Whether the knee was seen; otherwise it lies further up, and the estimate is as far as may be assumed.
        package var isSeen: Bool
        /// In seconds, of a quiet server.
        package var quietLatency: Double
        /// From 0 to 1.
        package var confidence: Double

        package init(throughput: Double, isSeen: Bool, quietLatency: Double, confidence: Double) {
            self.throughput = throughput
            self.isSeen = isSeen
            self.quietLatency = quietLatency
            self.confidence = confidence
        }
    }

    /// A level as it is told: the middle of its throughput, mean seconds, share of failures.
    package struct Point: Sendable, Equatable {
        package var throughput: Double
        package var latency: Double
        package var failures: Double
        package var weight: Double
    }

    private struct Level: Sendable, Equatable {
        var weight: Float = 0
        var latency: Float = 0
        var failures: Float = 0
    }

    private static let levels = 128
    private static let spacing = log(1.15)
    /// The level of one request a second.
    private static let unit = 40
    private static let memory: Float = 200
    /// A single interval counts at most as so many times what its level has: trouble that is none of load passes.
    private static let cut: Float = 3
    private static let trusted: Float = 4
    private static let slower = 2.0
    private static let failing = 0.01
    /// Seconds by which latency must rise at least, to say anything.
    private static let noticeable = 0.002
    /// How far beyond what was seen a server may be loaded, at a time.
    private static let beyond = 1.25

    /// Of a busier server, an answer in less than this share of the present time is one to other requests.
    private static let other = 0.5
    /// Intervals over which the present is averaged.
    private static let present = 30.0

    private var levels = ContiguousArray(repeating: Level(), count: CapacityCurve.levels)
    /// What servers do lately.
    private var recent: (throughput: Double, latency: Double, weight: Double) = (0, 0, 0)

    package init() {}

    /// - Parameters:
    ///   - throughput: requests a second of one server, for weight one.
    ///   - latency: their mean seconds.
    ///   - failures: the share that failed, from 0 to 1.
    package mutating func observe(throughput: Double, latency: Double, failures: Double) {
        guard throughput > 0.01, throughput < 1e8, latency > 0, latency < 1e5, failures >= 0, failures <= 1 else {
            return
        }
        let index = Self.level(of: throughput)
        var level = levels[index]
        let known = level.weight >= Self.trusted
        let bounded = known ? min(Float(latency), Self.cut * level.latency) : Float(latency)
        level.weight = min(level.weight + 1, Self.memory)
        level.latency += (bounded - level.latency) / level.weight
        level.failures += (Float(failures) - level.failures) / level.weight
        levels[index] = level
        recent.weight = min(recent.weight + 1, Self.present)
        recent.throughput += (throughput - recent.throughput) / recent.weight
        recent.latency += (latency - recent.latency) / recent.weight
    }

    /// What was seen, by throughput.
    package var points: [Point] {
        levels.indices.filter { levels[$0].weight >= 1 }.map { index in
            Point(
                throughput: Self.throughput(of: index), latency: Double(levels[index].latency),
                failures: Double(levels[index].failures), weight: Double(levels[index].weight))
        }
    }

    /// Whether servers are slower now than they should ever be: no time to give any up.
    package var isStrained: Bool {
        guard let quiet = estimate?.quietLatency, recent.weight >= Double(Self.trusted) else { return false }
        return recent.latency > max(Self.slower * quiet, quiet + Self.noticeable)
    }

    /// Nil before enough was seen.
    package var estimate: Estimate? {
        let seen = points.filter { $0.weight >= Double(Self.trusted) && isOfPresentKind($0) }
        guard seen.count >= 2, let last = seen.last else { return nil }
        let latencies = Isotonic.increasing(seen.map { ($0.latency, $0.weight) })
        let failures = Isotonic.increasing(seen.map { ($0.failures, $0.weight) })
        let quiet = latencies[0]
        let limit = max(Self.slower * quiet, quiet + Self.noticeable)
        let mostFailures = failures[0] + Self.failing
        if let beyond = seen.indices.first(where: { latencies[$0] > limit || failures[$0] > mostFailures }), beyond > 0
        {
            let share = min(
                Self.crossing(latencies[beyond - 1], latencies[beyond], limit),
                Self.crossing(failures[beyond - 1], failures[beyond], mostFailures))
            let (below, above) = (seen[beyond - 1].throughput, seen[beyond].throughput)
            let weight = min(seen[beyond - 1].weight, seen[beyond].weight)
            return Estimate(
                throughput: below + share * (above - below), isSeen: true, quietLatency: quiet,
                confidence: weight / (weight + 4))
        }
        // All of it well below: a little more than that may be assumed, less where latency rises already.
        let rise = (latencies[latencies.count - 1] - quiet) / max(limit - quiet, 1e-9)
        let more = 1 + (Self.beyond - 1) * max(0, 1 - rise)
        return Estimate(
            throughput: last.throughput * more, isSeen: false, quietLatency: quiet,
            confidence: 0.5 * last.weight / (last.weight + 8))
    }

    /// Who has sent many cheap requests for a while has not made servers carry more of the usual ones.
    private func isOfPresentKind(_ point: Point) -> Bool {
        guard recent.weight >= Self.present, point.throughput > 1.5 * recent.throughput else { return true }
        return point.latency > Self.other * recent.latency
    }

    /// Where between two levels a limit is crossed, from 0 to 1.
    private static func crossing(_ below: Double, _ above: Double, _ limit: Double) -> Double {
        above > limit ? min(max((limit - below) / (above - below), 0), 1) : 1
    }

    private static func level(of throughput: Double) -> Int {
        min(max(Int((log(throughput) / spacing).rounded()) + unit, 0), levels - 1)
    }

    private static func throughput(of level: Int) -> Double { exp(Double(level - unit) * spacing) }
}
