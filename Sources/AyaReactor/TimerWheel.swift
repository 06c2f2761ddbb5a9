package import AyaCore

/// Deadlines of one worker, kept in four wheels of 64 slots with a tick of a millisecond.
///
/// A connection moves its deadline several times an exchange, nearly always to a later instant. So a waiter is
/// re-linked only when its deadline comes *before* the slot it sits in; a deadline moved later is noticed when the
/// old slot comes round, and the waiter moves on then. Setting a deadline is one store on the steady path.
@safe package final class TimerWheel {
    /// A waiter's place in a slot's list.
    @unsafe struct Links {
        var previous: Unmanaged<Waiter>?
        var next: Unmanaged<Waiter>?
        /// The tick of the slot, or `Int64.max` when not linked.
        var tick = Int64.max
        var slot = -1
    }

    /// 2^20 nanoseconds: a hedge waits for some ten milliseconds, and one that comes late is of no use.
    static let tickShift: Int64 = 20
    private static let slotBits: Int64 = 6
    private static let levels = 4

    // Safe: the lists hold waiters unretained; a waiter takes itself out in `retire` and at the latest in `deinit`.
    private var heads: ContiguousArray<Unmanaged<Waiter>?>
    private var occupied: InlineArray<4, UInt64> = [0, 0, 0, 0]
    private var current: Int64

    package init(now: Instant) {
        unsafe heads = ContiguousArray(repeating: nil, count: 64 * Self.levels)
        current = now.nanoseconds >> Self.tickShift
    }

    /// Makes sure that the waiter is looked at when its deadline passes.
    func schedule(_ waiter: Waiter) {
        let due = Self.tick(of: waiter.deadline)
        if unsafe waiter.timer.tick <= due { return }
        remove(waiter)
        link(waiter, at: due)
    }

    func remove(_ waiter: Waiter) {
        let links = unsafe waiter.timer
        guard unsafe links.slot >= 0 else { return }
        if let previous = unsafe links.previous {
            unsafe previous._withUnsafeGuaranteedRef { unsafe $0.timer.next = links.next }
        } else {
            unsafe heads[links.slot] = links.next
            if unsafe links.next == nil { unsafe occupied[links.slot >> 6] &= ~(1 << UInt64(links.slot & 63)) }
        }
        if let next = unsafe links.next {
            unsafe next._withUnsafeGuaranteedRef { unsafe $0.timer.previous = links.previous }
        }
        unsafe waiter.timer = Links()
    }

    /// Fires every deadline up to `now`.
    func advance(to now: Instant) {
        let target = now.nanoseconds >> Self.tickShift
        while current < target {
            current += 1
            var level = 1
            while level < Self.levels, current & ((1 << (Self.slotBits * Int64(level))) - 1) == 0 {
                empty(level * 64 + Self.index(current, level), now: now)
                level += 1
            }
            empty(Self.index(current, 0), now: now)
        }
    }

    /// How long the loop may sleep, in milliseconds rounded up; nil when nothing is scheduled.
    func sleepLimit(now: Instant) -> Int? {
        var earliest = Int64.max
        for level in 0..<Self.levels where occupied[level] != 0 {
            let shift = Self.slotBits * Int64(level)
            let position = (current >> shift) & 63
            // Bit 0 after the rotation is the slot after the present one.
            let start = UInt64((position + 1) & 63)
            let rotated = occupied[level] >> start | (start == 0 ? 0 : occupied[level] << (64 - start))
            let distance = Int64(rotated.trailingZeroBitCount) + 1
            earliest = min(earliest, ((current >> shift) + distance) << shift)
        }
        guard earliest < .max else { return nil }
        let nanoseconds = (earliest << Self.tickShift) - now.nanoseconds
        return nanoseconds <= 0 ? 0 : Int(nanoseconds / 1_000_000) + 1
    }

    /// Empties a slot: what is due fires, the rest moves to where it belongs now.
    private func empty(_ slot: Int, now: Instant) {
        while let head = unsafe heads[slot] {
            let waiter = unsafe head.takeUnretainedValue()
            remove(waiter)
            if waiter.deadline <= now {
                waiter.timerFired()
            } else if waiter.deadline < .distantFuture {
                link(waiter, at: Self.tick(of: waiter.deadline))
            }
        }
    }

    private func link(_ waiter: Waiter, at due: Int64) {
        let furthest = (Int64(1) << (Self.slotBits * Int64(Self.levels))) - 1
        let tick = min(max(due, current + 1), current + furthest)
        let distance = tick - current
        var level = 0
        while distance >> (Self.slotBits * Int64(level + 1)) != 0 { level += 1 }
        let slot = level * 64 + Self.index(tick, level)
        let this = unsafe Unmanaged.passUnretained(waiter)
        let next = unsafe heads[slot]
        unsafe waiter.timer = Links(previous: nil, next: next, tick: tick, slot: slot)
        if let next = unsafe next { unsafe next._withUnsafeGuaranteedRef { unsafe $0.timer.previous = this } }
        unsafe heads[slot] = this
        occupied[level] |= 1 << UInt64(slot & 63)
    }

    private static func index(_ tick: Int64, _ level: Int) -> Int { Int(tick >> (slotBits * Int64(level)) & 63) }

    /// The first tick at which the deadline has passed.
    private static func tick(of deadline: Instant) -> Int64 { (deadline.nanoseconds >> tickShift) + 1 }
}
