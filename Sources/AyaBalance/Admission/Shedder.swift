package import AyaCore

/// Turns work away by what it is worth, so that an overload costs those who mind least instead of everybody a little.
///
/// After WeChat's DAGOR (Zhou and others, SoCC 2018): criticality comes first, and within it a level that follows from
/// the user, so that some users get all of a page and others none of it, rather than everybody half of every page. A
/// histogram of what came in the last window turns the share that the pool can take into a threshold. The share follows
/// from what the pool finished and from how far it is from its limit.
package struct Shedder: Sendable {
    /// Levels of users within a criticality.
    package static let levels = 128
    private static let priorities = 4 * levels
    private static let windowLength = Interval.milliseconds(100)
    /// A window with less work goes on, up to four more lengths.
    private static let enough = 50
    /// Older work counts half once there is so much newer.
    private static let memory: UInt32 = 512

    /// By priority, of the last few hundred pieces of work at least.
    private var histogram = InlineArray<512, UInt32>(repeating: 0)
    private var remembered: UInt32 = 0
    private var offered = 0
    private var finished = 0
    private var windowEnds = Instant(nanoseconds: 0)
    /// Smoothed, a window.
    private var offeredRate = 0.0
    private var finishedRate = 0.0
    /// The share of work that comes before each priority.
    private var ranks = InlineArray<512, Float>(repeating: 0)
    /// The share that may pass; 1 while there is no overload.
    package private(set) var share = 1.0

    package init() {}

    package var isShedding: Bool { share < 1 }

    /// 0 goes first. `user` is any hash of who asks, with the hour in it, so that nobody is always the last.
    package static func priority(criticality: Int, user: UInt64) -> Int {
        min(max(criticality, 0), 3) &* levels &+ Int(user & UInt64(levels &- 1))
    }

    /// Whether work may pass; to be asked once for each piece of work, which it also counts.
    ///
    /// - Parameters:
    ///   - demand: what is in flight and what waits.
    ///   - limit: what may be in flight.
    ///   - ceiling: what may be in flight at the very most.
    package mutating func passes(_ priority: Int, demand: Int, limit: Int, ceiling: Int) -> Bool {
        histogram[priority] &+= 1
        remembered &+= 1
        offered &+= 1
        guard demand < ceiling else { return false }
        guard share < 1 else { return true }
        let lead = share - Double(ranks[priority])
        return Double(demand) < Double(limit) * (1 + (lead > 0 ? 4 * lead : lead))
    }

    /// Work that passed came to its end.
    package mutating func ended() { finished &+= 1 }

    /// Looks at the past window when it is over.
    ///
    /// - Parameters:
    ///   - demand: what is in flight and what waits.
    ///   - limit: what may be in flight.
    package mutating func watch(demand: Int, limit: Int, now: Instant) {
        let late = (now - windowEnds).nanoseconds
        guard late >= 0, offered >= Self.enough || late >= 4 * Self.windowLength.nanoseconds else { return }
        let isFirst = late >= 20 * Self.windowLength.nanoseconds
        windowEnds = now + Self.windowLength
        offeredRate = isFirst ? Double(offered) : 0.7 * offeredRate + 0.3 * Double(offered)
        finishedRate = isFirst ? Double(finished) : 0.7 * finishedRate + 0.3 * Double(finished)
        adjust(fullness: Double(demand) / Double(max(1, limit)))
        offered = 0
        finished = 0
    }

    private mutating func adjust(fullness: Double) {
        guard isShedding || fullness > 1 else {
            if remembered >= Self.memory { rank() }
            return
        }
        // What comes to an end makes room for as much; what lies above or below the limit is settled over a few windows.
        let room = finishedRate * (1 + 0.4 * min(1, max(-1, 1 - fullness)))
        let wanted = offeredRate > 0 ? min(1, room / offeredRate) : 1
        share = min(1, max(0.01, 0.5 * share + 0.5 * wanted))
        if share > 0.99, fullness < 0.9 { share = 1 }
        rank()
    }

    private mutating func rank() {
        guard remembered > 0 else { return }
        let all = Float(remembered)
        let forgets = remembered >= Self.memory
        var before: UInt32 = 0
        var kept: UInt32 = 0
        for priority in 0..<Self.priorities {
            ranks[priority] = Float(before) / all
            before &+= histogram[priority]
            if forgets { histogram[priority] /= 2 }
            kept &+= histogram[priority]
        }
        remembered = kept
    }
}
