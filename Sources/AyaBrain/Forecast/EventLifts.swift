internal import Glibc

/// What known events do to a series: learned by comparing each past occurrence with what the seasons around it suggest.
struct EventLifts {
    /// The history with past occurrences cut out, so that models learn what is usual.
    let usual: [Double]
    /// By name.
    let lifts: [String: EventLift]
    /// For each step ahead: the product of the lifts of the events that cover it, and how unsure it is.
    let ahead: [EventLift]

    init(_ events: [KnownEvent], _ history: History, horizon: Int, seasons: [Int]) {
        let count = history.values.count
        let occurrences = events.map { (event: $0, steps: Self.steps(of: $0, history)) }
        var covering = Array(repeating: 0, count: count)
        for occurrence in occurrences {
            for index in occurrence.steps.clamped(to: 0..<count) { covering[index] += 1 }
        }
        let cut = history.values.indices.map { covering[$0] > 0 ? .nan : history.values[$0] }
        usual = cut
        let leading = cut.firstIndex { !GapFilling.isGap($0) } ?? count
        let filled = Array(repeating: 0, count: leading) + GapFilling.filled(cut, seasons: seasons)
        var lifts: [String: EventLift] = [:]
        for (event, steps) in occurrences {
            var lift = lifts[event.name] ?? EventLift()
            if let expected = event.expectedLift, expected > 0, expected.isFinite { lift.expected = log(expected) }
            // Where two events overlap, nobody knows which did what.
            let seen = steps.clamped(to: leading..<count).filter {
                covering[$0] == 1 && !GapFilling.isGap(history.values[$0])
            }
            if !seen.isEmpty {
                let actual = seen.reduce(0) { $0 + max(0, history.values[$1]) }
                let usual = seen.reduce(0) { $0 + max(0, filled[$1]) }
                lift.seen.append(log((actual + 1) / (usual + 1)))
            }
            lifts[event.name] = lift
        }
        self.lifts = lifts
        ahead = (count..<count + horizon).map { step in
            var product = EventLift()
            for (event, steps) in occurrences where steps.contains(step) {
                if let lift = lifts[event.name] { product.multiply(by: lift) }
            }
            return product
        }
    }

    /// The steps that an event covers, counted from the beginning of the history; bounded whatever its times.
    private static func steps(of event: KnownEvent, _ history: History) -> Range<Int> {
        let last = Double(history.values.count - 1)
        func step(_ time: Double) -> Int {
            let steps = last + (time - history.end) / history.step
            return Int(min(max(steps.isNaN ? -1e9 : steps, -1e9), 1e9).rounded(.up))
        }
        let start = step(event.start)
        return start..<max(start, step(event.start + event.length))
    }
}

/// How much an event multiplies a value by, as logarithms.
struct EventLift {
    var expected: Double?
    /// Of each past occurrence.
    var seen: [Double] = []
    private var others = 0.0
    private var othersVariance = 0.0

    /// One to which nothing was added does nothing.
    init() {}

    mutating func multiply(by other: EventLift) {
        others += other.logarithm
        othersVariance += other.variance
    }

    /// The mean of what was seen and what is expected.
    var logarithm: Double {
        let all = seen + (expected.map { [$0] } ?? [])
        return others + (all.isEmpty ? 0 : all.reduce(0, +) / Double(all.count))
    }

    /// No event is believed to do more than a thousandfold.
    var factor: Double { exp(min(max(logarithm, -Self.most), Self.most)) }

    /// Of the logarithm for the next occurrence, at most a factor of ten either way.
    var deviation: Double { min(variance.squareRoot(), log(10)) }

    private static let most = log(1_000.0)

    /// The spread so far, and doubt about its mean. One that was never seen may be half as strong or twice.
    private var variance: Double {
        guard !seen.isEmpty || expected != nil else { return othersVariance }
        guard !seen.isEmpty else { return othersVariance + 0.5 * 0.5 }
        let mean = seen.reduce(0, +) / Double(seen.count)
        let spread = seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } + 0.2 * 0.2
        return othersVariance + spread / Double(seen.count) * (1 + 1 / Double(seen.count))
    }
}
