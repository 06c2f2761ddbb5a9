/// What can be registered with a worker's epoll set.
package protocol EventTarget: AnyObject {
    func event(_ bits: UInt32)
    /// Ends it for good, when the worker ends.
    func close()
    /// Whom the events concern, where that is a waiter.
    var waiter: Waiter? { get }
}

extension EventTarget {
    package var waiter: Waiter? { nil }
}

/// The targets a worker watches, by the token that epoll hands back.
///
/// A token carries its slot's generation: an event that was queued for a socket closed earlier in the same turn finds
/// another generation and is dropped, instead of reaching whoever took the slot over.
struct SocketTable {
    static let mailboxToken = UInt64.max

    private struct Slot {
        var target: (any EventTarget)?
        var generation: UInt32 = 0
    }

    private var slots: ContiguousArray<Slot> = []
    private var free: ContiguousArray<Int> = []

    var count: Int { slots.count - free.count }

    /// Everything that is watched.
    var targets: [any EventTarget] { slots.compactMap(\.target) }

    mutating func insert(_ target: any EventTarget) -> Int {
        let index: Int
        if let reused = free.popLast() {
            index = reused
        } else {
            index = slots.count
            slots.append(Slot())
        }
        slots[index].target = target
        return index
    }

    func token(_ slot: Int) -> UInt64 { UInt64(slots[slot].generation) << 32 | UInt64(slot) }

    func member(_ token: UInt64) -> (any EventTarget)? {
        let slot = Int(token & 0xffff_ffff)
        guard slot < slots.count, slots[slot].generation == UInt32(token >> 32) else { return nil }
        return slots[slot].target
    }

    /// Everybody whose events these are.
    var waiters: [Waiter] { slots.compactMap { $0.target?.waiter } }

    mutating func remove(_ slot: Int) {
        guard slots.indices.contains(slot), slots[slot].target != nil else { return }
        slots[slot].target = nil
        slots[slot].generation &+= 1
        free.append(slot)
    }
}
