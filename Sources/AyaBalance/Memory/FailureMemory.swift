internal import AyaCore

/// Which servers fail what they are given, so that failing fast never looks like being fast.
///
/// A server that answers errors within a millisecond has the least in flight and the lowest latency: every balancer
/// that follows either would send it everything. Such a server is put on probation: it leaves the choice but for a
/// trial now and then, ever rarer while it fails and ever more often when it succeeds, until it is trusted again.
///
/// What fails everywhere is not the server's fault: failures count only as far as the pool as a whole has fewer.
struct FailureMemory {
    /// A trial is due after so many picks of others: each failure multiplies that by 8, each success divides it by 4,
    /// and below the least the server is trusted again.
    private static let firstSpacing: UInt32 = 256
    private static let leastSpacing: UInt32 = 16
    private static let mostSpacing: UInt32 = 4096
    /// Where picks are rare, this much time stands for one of them.
    private static let timePerPick: Int64 = 4_000_000
    /// So many successes in a row make earlier probations forgotten.
    private static let atonement: Int32 = 256
    /// Failures among recent outcomes, beyond what the pool has, that cost a server its trust.
    private static let tolerated: Float = 0.15

    private struct Record {
        /// Share of failures among the latest dozen or two of outcomes.
        var rate: Float = 0
        /// Failures in a row, or successes when negative.
        var run: Int32 = 0
        /// With what the next probation begins: longer for those who relapse.
        var entry = FailureMemory.firstSpacing
        /// 0: trusted.
        var spacing: UInt32 = 0
        /// When its next trial is due, in picks and in time; the earlier counts.
        var duePick: UInt64 = 0
        var dueTime: Int64 = 0
    }

    private var records: ContiguousArray<Record>
    private var poolRate: Float = 0
    private var picks: UInt64 = 0
    private(set) var onProbation: ContiguousArray<Int32> = []
    /// No trial is due before both.
    private var nextPick: UInt64 = .max
    private var nextTime: Int64 = .max

    init(capacity: Int) { records = ContiguousArray(repeating: Record(), count: capacity) }

    @inline(__always) func isTrusted(_ server: Int) -> Bool { records[server].spacing == 0 }

    /// True when the server's trust changed.
    mutating func observe(_ server: Int, _ observation: Observation) -> Bool {
        switch observation.outcome {
        case .abandoned: return false
        case .success: return succeeded(server, observation.now)
        case .failure: return failed(server, observation.now)
        }
    }

    /// The same for what other workers saw.
    mutating func hear(_ server: Int, _ hearsay: Hearsay) -> Bool {
        var isChanged = false
        // Many at once say no more than a few: a millisecond is a moment.
        for _ in 0..<min(hearsay.failures, 3) where failed(server, hearsay.now) { isChanged.toggle() }
        for _ in 0..<min(hearsay.successes, 3) where succeeded(server, hearsay.now) { isChanged.toggle() }
        return isChanged
    }

    private mutating func succeeded(_ server: Int, _ now: Instant) -> Bool {
        poolRate -= poolRate / 256
        records[server].rate -= records[server].rate / 16
        records[server].run = max(min(records[server].run, 0) &- 1, -Self.atonement)
        guard records[server].spacing > 0 else {
            if records[server].run == -Self.atonement { records[server].entry = Self.firstSpacing }
            return false
        }
        records[server].spacing /= 4
        if records[server].spacing < Self.leastSpacing || records[server].rate < 2 * poolRate {
            return restore(server)
        }
        schedule(server, now)
        return false
    }

    private mutating func failed(_ server: Int, _ now: Instant) -> Bool {
        poolRate += (1 - poolRate) / 256
        records[server].rate += (1 - records[server].rate) / 16
        records[server].run = max(records[server].run, 0) &+ 1
        let record = records[server]
        if record.spacing > 0 {
            records[server].spacing = min(Self.mostSpacing, record.spacing &* 8)
            schedule(server, now)
            return false
        }
        // Two in a row say much in a pool that hardly ever fails, and little in one that often does.
        let isSuspect =
            record.run >= 2 && poolRate < 0.01 || record.run >= 3 && poolRate < 0.05
            || record.rate > Self.tolerated + 2 * poolRate
        guard isSuspect else { return false }
        records[server].spacing = record.entry
        records[server].entry = min(Self.mostSpacing, record.entry &* 4)
        onProbation.append(Int32(truncatingIfNeeded: server))
        schedule(server, now)
        return true
    }

    /// Whoever takes a server into the choice vouches for it: what it did before is forgotten.
    mutating func forget(_ server: Int) {
        if records[server].spacing > 0 { _ = restore(server) }
        records[server] = Record()
    }

    private mutating func restore(_ server: Int) -> Bool {
        records[server].spacing = 0
        records[server].rate = 0
        onProbation.removeAll { Int($0) == server }
        findNext()
        return true
    }

    private mutating func schedule(_ server: Int, _ now: Instant) {
        let spacing = records[server].spacing
        records[server].duePick = picks &+ UInt64(spacing)
        records[server].dueTime = now.nanoseconds &+ Int64(spacing) &* Self.timePerPick
        findNext()
    }

    private mutating func findNext() {
        nextPick = .max
        nextTime = .max
        for server in onProbation {
            nextPick = min(nextPick, records[Int(server)].duePick)
            nextTime = min(nextTime, records[Int(server)].dueTime)
        }
    }

    /// To be called once a pick: a server on probation whose trial is due. Until that trial ends there is no other.
    @inline(__always)
    mutating func trial(_ view: PoolView, _ now: Instant, excluding excluded: borrowing ExcludedServers) -> Int? {
        picks &+= 1
        guard picks >= nextPick || now.nanoseconds >= nextTime else { return nil }
        return dueTrial(view, now, excluding: excluded)
    }

    private mutating func dueTrial(
        _ view: PoolView, _ now: Instant, excluding excluded: borrowing ExcludedServers
    ) -> Int? {
        for server in onProbation {
            let server = Int(server)
            let record = records[server]
            guard picks >= record.duePick || now.nanoseconds >= record.dueTime else { continue }
            schedule(server, now)
            if view.isEligible(server), !excluded.contains(server) { return server }
        }
        return nil
    }
}
