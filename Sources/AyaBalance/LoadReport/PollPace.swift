package import AyaCore

/// How often servers are asked for their load by a balancer that lives on fresh answers.
///
/// Prequal's paper has some questions for each pick, put to servers by chance. Here one thread asks for all workers: as
/// many questions, spread over the servers, so that the answers are as fresh while the picks themselves ask nobody and
/// eight workers do not ask eight times.
package struct PollPace: Sendable {
    /// Between two questions to one server while there is little work.
    private let longest: Interval
    private let serverCount: Int
    private var total: Int?
    private var at = Instant(nanoseconds: 0)
    private var picksPerSecond = 0.0

    /// More often than that, asking is a load of its own.
    private static let shortest = Interval.milliseconds(10)

    package init(longest: Interval, servers: Int) {
        self.longest = max(longest, Self.shortest)
        serverCount = max(1, servers)
    }

    /// - Parameter total: the work that was given out so far.
    /// - Returns: the time between two questions to one server from now on.
    package mutating func interval(total latest: Int, now: Instant) -> Interval {
        let passed = (now - at).seconds
        if let total, passed > 0 {
            let rate = Double(max(0, latest &- total)) / passed
            // Up at once, down over a few looks: an answer too many costs less than one that is old.
            picksPerSecond = max(rate, 0.7 * picksPerSecond)
        }
        total = latest
        at = now
        let questions = picksPerSecond * Double(Prequal.probesPerPick) / Double(serverCount)
        guard questions > 0 else { return longest }
        return max(Self.shortest, min(longest, Interval(nanoseconds: Int64(min(1e18, 1e9 / questions)))))
    }
}
