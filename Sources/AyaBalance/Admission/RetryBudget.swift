package import AyaCore

/// How many retries and hedges a pool may still get: a share of its recent requests and a few besides.
///
/// A limit on the tries of each exchange is no limit on load: when everything fails, two tries each double it just when
/// servers can bear least. The share is of what was asked within ten seconds, in ten parts that are dropped one by one.
package struct RetryBudget: Sendable {
    private var requests = InlineArray<10, UInt32>(repeating: 0)
    private var retries = InlineArray<10, UInt32>(repeating: 0)
    private var requestsInWindow = 0
    private var retriesInWindow = 0
    private var slot = 0
    private var slotEnds = Instant(nanoseconds: 0)
    /// Of what `note` was told last.
    private var noted = 0
    private let share: Double
    private let floor: Int

    private static let slots = 10
    private static let slotLength = Interval.seconds(1)

    /// - Parameters:
    ///   - share: retries for each request, of the last ten seconds.
    ///   - floor: retries in ten seconds that need no requests, for pools with little traffic.
    package init(share: Double, floor: Int = 10) {
        self.share = share.isFinite ? max(0, share) : 0
        self.floor = max(0, floor)
    }

    /// Notes a request's first try.
    package mutating func request(now: Instant) { add(1, now) }

    /// The same for those since the last time, by the number of all there ever were: for who counts them anyway.
    package mutating func note(total: Int, now: Instant) {
        guard total > noted else { return }
        add(total &- noted, now)
        noted = total
    }

    private mutating func add(_ count: Int, _ now: Instant) {
        if now >= slotEnds { turn(to: now) }
        requests[slot] &+= UInt32(clamping: count)
        requestsInWindow &+= Int(UInt32(clamping: count))
    }

    /// Takes one retry; false when there is none left.
    package mutating func take(now: Instant) -> Bool {
        if now >= slotEnds { turn(to: now) }
        guard retriesInWindow < floor + Int(share * Double(requestsInWindow)) else { return false }
        retries[slot] &+= 1
        retriesInWindow &+= 1
        return true
    }

    /// Drops what is older than the window.
    private mutating func turn(to now: Instant) {
        let behind = (now - slotEnds).nanoseconds / Self.slotLength.nanoseconds &+ 1
        for _ in 0..<min(behind, Int64(Self.slots)) {
            slot = slot == Self.slots &- 1 ? 0 : slot &+ 1
            requestsInWindow &-= Int(requests[slot])
            retriesInWindow &-= Int(retries[slot])
            requests[slot] = 0
            retries[slot] = 0
        }
        let next = Instant(nanoseconds: slotEnds.nanoseconds &+ behind &* Self.slotLength.nanoseconds)
        slotEnds = next
    }
}
