internal import AyaCore
package import AyaHTTP
package import AyaTelemetry
internal import Synchronization

/// The way of records from all workers to one who watches them, as server-sent events.
///
/// It can not hurt: workers never wait for it, a rate bounds the work that it makes, and what its reader does not take
/// in time is dropped, counted, and told.
package final class TapChannel: Sendable {
    /// For whoever watches.
    package let feed: ServiceFeed
    let filter: TapFilter
    /// A random number below it means that a record is told; nil: all are.
    let threshold: UInt64?

    private let slotLimit: UInt64
    /// The number of the present tenth of a second in the upper half, and how many were admitted in it.
    private let slot = Atomic<UInt64>(0)
    /// Records that were dropped and not told of yet.
    private let untold = Atomic<Int>(0)
    /// Records that may still be admitted; they count down to the limit's end.
    private let remaining: Atomic<Int>
    private let limit: Int?
    private let state = Mutex(State())

    private struct State {
        var delivered = 0
        var dropped = 0
    }

    package init(_ wish: TapWish) {
        feed = ServiceFeed(bound: 1 << 20)
        filter = wish.filter
        threshold = wish.share < 1 ? UInt64(wish.share * 0x1p64) : nil
        slotLimit = UInt64((wish.rate + 9) / 10)
        limit = wish.limit
        remaining = Atomic(wish.limit ?? .max)
        feed.push(Array("retry: 1000\n\n".utf8))
    }

    /// Whether one more record may be told now; the rate and the limit are counted.
    func admit(at now: Instant) -> Bool {
        guard limit == nil || remaining.load(ordering: .relaxed) > 0 else { return false }
        let number = UInt64(bitPattern: now.nanoseconds / 100_000_000) & 0xffff_ffff
        var known = slot.load(ordering: .relaxed)
        while true {
            let wanted = known >> 32 == number ? known &+ 1 : number << 32 | 1
            guard wanted & 0xffff_ffff <= slotLimit else {
                untold.add(1, ordering: .relaxed)
                return false
            }
            let (isExchanged, found) = slot.compareExchange(expected: known, desired: wanted, ordering: .relaxed)
            if isExchanged { break }
            known = found
        }
        guard limit != nil else { return true }
        return remaining.subtract(1, ordering: .relaxed).newValue >= 0
    }

    /// Hands over what a worker gathered: whole events.
    func deliver(_ events: [UInt8], records: Int) {
        let isAtEnd = state.withLock { state in
            if feed.offer(events) {
                state.delivered += records
            } else {
                untold.add(records, ordering: .relaxed)
                if limit != nil { remaining.add(records, ordering: .relaxed) }
            }
            return limit.map { state.delivered >= $0 } ?? false
        }
        if isAtEnd { feed.end() }
    }

    /// A record that was admitted and can not be written.
    func drop() {
        untold.add(1, ordering: .relaxed)
        if limit != nil { remaining.add(1, ordering: .relaxed) }
    }

    /// Tells how many were dropped since it did so last. To be called about once a second; any worker may.
    func reportDrops() {
        guard untold.load(ordering: .relaxed) > 0 else { return }
        state.withLock { state in
            let count = untold.exchange(0, ordering: .relaxed)
            guard count > 0 else { return }
            let total = state.dropped &+ count
            if feed.offer(Array("event: dropped\ndata: {\"count\":\(count),\"total\":\(total)}\n\n".utf8)) {
                state.dropped = total
            } else {
                untold.add(count, ordering: .relaxed)
            }
        }
    }
}
