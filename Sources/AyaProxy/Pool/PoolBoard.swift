package import AyaBalance
internal import Synchronization

/// What all workers and the control plane tell each other of one pool.
///
/// Workers write what they see of each server into cells of their own, which others read now and then: plain stores
/// and loads, no worker waits for another and no cache line has two writers. Verdicts go the other way: whoever has
/// one (probes, outlier watch, the admin API) writes it from any thread and raises the version, which workers compare
/// before each pick.
@safe package final class PoolBoard: @unchecked Sendable {
    package let serverCount: Int
    package let workerCount: Int
    // Safe: the pointers never change and what they point to is atomic.
    private let cells: UnsafeMutablePointer<Atomic<Int>>
    private let verdicts: UnsafeMutablePointer<Atomic<UInt64>>
    private let versions = Atomic<Int>(1)
    /// A pair for each worker: its latest change of tactic.
    private let tactics: UnsafeMutablePointer<Atomic<UInt64>>
    private let cellCount: Int
    /// Words of one worker's cells: whole pairs of cache lines, as processors fetch them two at a time.
    private let stride: Int

    /// What one worker has seen of one server since the start, and what runs there now.
    package struct Seen: Sendable, Equatable {
        package var inFlight = 0
        package var successes = 0
        package var failures = 0
        /// Of the successes, in nanoseconds, summed.
        package var latency = 0

        package init() {}

        package static func + (one: Seen, other: Seen) -> Seen {
            var sum = one
            sum.inFlight &+= other.inFlight
            sum.successes &+= other.successes
            sum.failures &+= other.failures
            sum.latency &+= other.latency
            return sum
        }
    }

    private static let fields = 4

    package init(weights: [Int], workers: Int) {
        serverCount = weights.count
        workerCount = workers
        stride = (weights.count * Self.fields + 15) / 16 * 16
        cellCount = stride * workers
        unsafe cells = .allocate(capacity: max(1, cellCount))
        for index in 0..<cellCount { unsafe (cells + index).initialize(to: Atomic(0)) }
        unsafe tactics = .allocate(capacity: max(1, 2 * workers))
        for index in 0..<2 * workers { unsafe (tactics + index).initialize(to: Atomic(0)) }
        unsafe verdicts = .allocate(capacity: max(1, serverCount))
        for (index, weight) in weights.enumerated() {
            unsafe (verdicts + index).initialize(to: Atomic(UInt64(UInt32(clamping: weight)) << 32))
        }
    }

    /// What of these is said, or not said, of a server that another board has at `former` holds here too.
    func take(_ holds: PoolView.Holds, from other: PoolBoard, at former: Int, for server: Int) {
        let known = other.holds(former).intersection(holds)
        if !known.isEmpty { set(known, true, on: server) }
        set(holds.subtracting(known), false, on: server)
    }

    deinit {
        unsafe cells.deinitialize(count: cellCount)
        unsafe cells.deallocate()
        unsafe tactics.deinitialize(count: 2 * workerCount)
        unsafe tactics.deallocate()
        unsafe verdicts.deinitialize(count: serverCount)
        unsafe verdicts.deallocate()
    }

    // MARK: what workers have seen

    /// To be called by that worker alone.
    func tell(_ seen: Seen, of server: Int, worker: Int) {
        let first = worker &* stride &+ server &* Self.fields
        unsafe cells[first].store(seen.inFlight, ordering: .relaxed)
        unsafe cells[first &+ 1].store(seen.successes, ordering: .relaxed)
        unsafe cells[first &+ 2].store(seen.failures, ordering: .relaxed)
        unsafe cells[first &+ 3].store(seen.latency, ordering: .relaxed)
    }

    /// To be called by that worker alone.
    func tell(inFlight: Int, of server: Int, worker: Int) {
        unsafe cells[worker &* stride &+ server &* Self.fields].store(inFlight, ordering: .relaxed)
    }

    /// What all workers but one have seen of a server.
    func seen(_ server: Int, without worker: Int) -> Seen {
        var sum = Seen()
        for other in 0..<workerCount where other != worker { sum = sum + seen(server, worker: other) }
        return sum
    }

    /// All workers together.
    package func seen(_ server: Int) -> Seen {
        (0..<workerCount).reduce(Seen()) { sum, worker in sum + seen(server, worker: worker) }
    }

    private func seen(_ server: Int, worker: Int) -> Seen {
        let first = worker &* stride &+ server &* Self.fields
        var seen = Seen()
        seen.inFlight = unsafe cells[first].load(ordering: .relaxed)
        seen.successes = unsafe cells[first &+ 1].load(ordering: .relaxed)
        seen.failures = unsafe cells[first &+ 2].load(ordering: .relaxed)
        seen.latency = unsafe cells[first &+ 3].load(ordering: .relaxed)
        return seen
    }

    // MARK: tactics

    /// To be called by that worker alone.
    func tell(_ change: Selection.Change, worker: Int) {
        let report = TacticReport(change)
        unsafe tactics[2 &* worker &+ 1].store(report.words.1, ordering: .relaxed)
        unsafe tactics[2 &* worker].store(report.words.0, ordering: .releasing)
    }

    /// What a worker's `auto` changed to last; nil when it never did.
    package func tactic(worker: Int) -> TacticReport? {
        let first = unsafe tactics[2 &* worker].load(ordering: .acquiring)
        return unsafe TacticReport(words: (first, tactics[2 &* worker &+ 1].load(ordering: .relaxed)))
    }

    // MARK: verdicts

    /// Rises with every verdict.
    package var version: Int { versions.load(ordering: .relaxed) }

    /// Takes a server out of the choice of every worker, or lifts that hold. False when it was so already.
    @discardableResult
    package func set(_ hold: PoolView.Holds, _ held: Bool, on server: Int) -> Bool {
        let bits = UInt64(hold.rawValue)
        let old =
            unsafe held
            ? verdicts[server].bitwiseOr(bits, ordering: .relaxed).oldValue
            : verdicts[server].bitwiseAnd(~bits, ordering: .relaxed).oldValue
        guard (old & bits == bits) != held else { return false }
        versions.add(1, ordering: .releasing)
        return true
    }

    /// Ejects a server unless so many are ejected already; false then, and when it was ejected before.
    @discardableResult
    package func eject(_ server: Int, atMost limit: Int) -> Bool {
        let ejected = (0..<serverCount).reduce(0) { $0 + (holds($1).contains(.ejected) ? 1 : 0) }
        return ejected < limit && set(.ejected, true, on: server)
    }

    package func setWeight(_ weight: Int, of server: Int) {
        let wanted = UInt64(UInt32(clamping: weight)) << 32
        var known = unsafe verdicts[server].load(ordering: .relaxed)
        while true {
            let (exchanged, current) = unsafe verdicts[server].compareExchange(
                expected: known, desired: known & 0xffff_ffff | wanted, ordering: .relaxed)
            if exchanged { break }
            known = current
        }
        versions.add(1, ordering: .releasing)
    }

    package func holds(_ server: Int) -> PoolView.Holds {
        PoolView.Holds(rawValue: UInt16(truncatingIfNeeded: unsafe verdicts[server].load(ordering: .acquiring)))
    }

    package func weight(_ server: Int) -> Int {
        Int(unsafe verdicts[server].load(ordering: .acquiring) >> 32)
    }
}
