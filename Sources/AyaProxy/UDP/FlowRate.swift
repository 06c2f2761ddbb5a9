internal import AyaCore

/// How fast new flows may appear. Source addresses of datagrams are easily forged, and each new one costs a socket and
/// memory until the idle time; a flood is held to this rate, while flows that exist go on undisturbed.
struct FlowRate {
    /// New flows a second on one listener and worker, and how many may come at once.
    static let perSecond: Int64 = 20_000
    static let burst: Int64 = 20_000
    /// Nanoseconds that earn one.
    private static let interval = 1_000_000_000 / perSecond

    private var available = burst
    private var since: Instant

    init(now: Instant) { since = now }

    mutating func take(now: Instant) -> Bool {
        let elapsed = min(max(0, (now - since).nanoseconds), 1_000_000_000)
        let earned = elapsed / Self.interval
        available = min(Self.burst, available + earned)
        // What a second and more has earned fills the burst; of a shorter time the remainder counts on.
        since = elapsed < 1_000_000_000 ? since + Interval(nanoseconds: earned * Self.interval) : now
        guard available > 0 else { return false }
        available -= 1
        return true
    }
}
