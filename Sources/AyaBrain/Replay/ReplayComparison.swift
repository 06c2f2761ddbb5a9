/// The brain's policy beside those that it should beat: a reactive one that costs as much, the fixed number of servers
/// that is as seldom in overload, and the one that costs as much.
package struct ReplayComparison: Sendable {
    package struct Row: Sendable {
        package var name: String
        package var outcome: ReplayOutcome
    }

    package let rows: [Row]

    package init(_ replay: CapacityReplay, _ policy: CapacityPolicy) {
        let own = replay.run(.predictive(policy))
        rows = [
            Row(name: "by forecast", outcome: own),
            Row(name: "by reaction, at the same cost", outcome: Self.reactive(replay, policy, hours: own.serverHours)),
            Row(
                name: "fixed, with as little overload",
                outcome: Self.fixed(replay, policy, overload: own.overloadSeconds)),
        ]
    }

    /// The one with the highest utilisation that costs no less.
    private static func reactive(
        _ replay: CapacityReplay, _ policy: CapacityPolicy, hours: Double
    ) -> ReplayOutcome {
        var (cheap, dear) = (2, 100)
        func run(_ percent: Int) -> ReplayOutcome {
            replay.run(.reactive(target: Double(percent) / 100, least: policy.least, most: policy.most))
        }
        // Fewer servers at a higher utilisation: the boundary is found by halving.
        while dear - cheap > 1 {
            let middle = (dear + cheap) / 2
            if run(middle).serverHours >= hours { cheap = middle } else { dear = middle }
        }
        return run(cheap)
    }

    private static func fixed(
        _ replay: CapacityReplay, _ policy: CapacityPolicy, overload: Double
    ) -> ReplayOutcome {
        var (few, many) = (policy.least, policy.most)
        while few < many {
            let middle = (few + many) / 2
            if replay.run(.fixed(middle)).overloadSeconds <= overload { many = middle } else { few = middle + 1 }
        }
        return replay.run(.fixed(many))
    }
}
