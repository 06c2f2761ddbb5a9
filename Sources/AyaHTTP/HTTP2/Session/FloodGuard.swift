internal import AyaCore

/// Tells a peer that works from one that only makes work.
///
/// What costs us and brings nobody anything (settings, pings, empty frames, resets, windows opened by a few bytes)
/// takes from an allowance; real work and time give back to it. Honest peers stay far from its end at any speed,
/// because what they cause is in proportion to what they transfer.
struct FloodGuard {
    /// A burst that is borne, and what comes back a second.
    private static var mostFrames: Int { 2000 }
    private static var framesPerSecond: Int { 200 }
    private static var mostResets: Int { 400 }
    private static var resetsPerSecond: Int { 40 }

    private var frames = FloodGuard.mostFrames
    private var resets = FloodGuard.mostResets
    private var refilled: Int64 = .min

    /// To be called about once for each read.
    mutating func refill(_ now: Instant) {
        let second = now.nanoseconds >> 30
        if refilled == .min { refilled = second }
        let passed = Int(clamping: min(60, max(0, second &- refilled)))
        guard passed > 0 else { return }
        refilled = second
        frames = min(Self.mostFrames, frames &+ passed &* Self.framesPerSecond)
        resets = min(Self.mostResets, resets &+ passed &* Self.resetsPerSecond)
    }

    /// A frame that brings nothing; false when there were too many.
    mutating func spendFrame(_ cost: Int = 1) -> Bool {
        frames &-= cost
        return frames >= 0
    }

    /// A stream that ended before its work was done, by the peer's will or its fault.
    mutating func spendReset() -> Bool {
        resets &-= 1
        return resets >= 0
    }

    /// An exchange came to its end.
    mutating func earnExchange() {
        resets = min(Self.mostResets, resets &+ 1)
        frames = min(Self.mostFrames, frames &+ 4)
    }

    /// So many bytes of bodies went either way.
    mutating func earn(bytes: Int) {
        frames = min(Self.mostFrames, frames &+ (bytes >> 9))
    }
}
