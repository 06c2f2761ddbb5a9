internal import AyaCore
internal import Synchronization

/// One way out for records, an access log or the export of traces: selects, forms and delivers them on a thread of its
/// own, so that a slow disk or a dead collector holds up neither a worker nor another outlet.
///
/// Between workers and thread stands a bounded queue of blocks. When the target fails, the outlet says so once, keeps its
/// batch and tries again from the record where it stopped; meanwhile the queue fills up and further blocks are refused.
/// What is lost is counted.
package final class RecordOutlet: RecordReader {
    package let name: String
    /// What it is, in messages.
    private let noun: String
    package let wants: RecordWants

    private struct State {
        var queue: [(block: RecordBlock, hub: RecordHub)] = []
        var counts = AccessLogCounts()
        /// Blocks that were taken, and that are dealt with.
        var taken: UInt64 = 0
        var finished: UInt64 = 0
        var waiters: [(for: UInt64, Semaphore)] = []
        var isReopenWanted = false
        var isClosing = false
        /// It closes, and its target has not taken what it was given last: nothing more is tried.
        var isGivenUp = false
    }

    /// What the thread works with.
    // Safe: used by the outlet's thread alone once it runs.
    private struct Work: @unchecked Sendable {
        let sink: any LogSink
        let batch: LogBatch
        let formatter: LineFormatter
    }

    private let state = Mutex(State())
    private let wake = Semaphore()
    private let ended = Semaphore()
    private let selection: any RecordSelection
    private let limits: LogBatchLimits
    private let queueLimit: Int
    private let log: Log

    /// - Parameter queueLimit: how many blocks of 64 KiB may wait.
    package init(
        _ name: String, noun: String = "access log", _ selection: some RecordSelection,
        _ formatter: sending LineFormatter, wants: RecordWants = RecordWants(), to sink: sending any LogSink,
        queueLimit: Int = 64, log: Log
    ) {
        self.name = name
        self.noun = noun
        self.selection = selection
        self.log = log
        self.queueLimit = max(1, queueLimit)
        var all = formatter.format.wants
        all.add(wants)
        self.wants = all
        limits = sink.limits
        let work = Work(sink: sink, batch: LogBatch(capacity: sink.limits.bytes), formatter: formatter)
        SystemCall.startThread { [self] in
            run(work)
        }
    }

    package var counts: AccessLogCounts {
        state.withLock { state in
            var counts = state.counts
            counts.queuedBlocks = state.queue.count
            return counts
        }
    }

    package func offer(_ block: RecordBlock, from hub: RecordHub) -> Bool {
        let isTaken = state.withLock { state in
            guard state.queue.count < queueLimit, !state.isClosing else {
                state.counts.dropped &+= UInt64(block.count)
                return false
            }
            state.queue.append((block, hub))
            state.taken += 1
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Goes on in a new file of the same name, after the old one was renamed.
    package func reopen() {
        state.withLock { $0.isReopenWanted = true }
        wake.signal()
    }

    /// Waits until everything taken so far is dealt with; false when that takes longer than `patience`.
    package func flush(patience: Duration = .seconds(5)) -> Bool {
        let done = Semaphore()
        let isWaiting = state.withLock { state in
            guard state.finished < state.taken else { return false }
            state.waiters.append((for: state.taken, done))
            return true
        }
        return !isWaiting || done.wait(patience)
    }

    /// Delivers what is queued, gives up on what can not be delivered, and ends the thread.
    package func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return }
        wake.signal()
        ended.wait()
    }

    // MARK: the outlet's thread

    private var isClosing: Bool { state.withLock { $0.isClosing } }
    private var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

    private func run(_ work: Work) {
        while true {
            reopenIfWanted(work.sink)
            if let next = take() {
                if isGivenUp { drop(next) } else { gather(next, work) }
            } else if isClosing {
                break
            } else {
                wake.wait()
            }
        }
        work.sink.close()
        ended.signal()
    }

    private func take() -> (block: RecordBlock, hub: RecordHub)? {
        state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() }
    }

    /// Delivers a block together with those that come while its records may wait.
    private func gather(_ first: (block: RecordBlock, hub: RecordHub), _ work: Work) {
        var next: (block: RecordBlock, hub: RecordHub)? = first
        var blocks: UInt64 = 0
        let deadline = ContinuousClock.now + limits.patience
        while let (block, hub) = next {
            format(block, work)
            hub.finish(block)
            blocks += 1
            next = nil
            while next == nil, limits.patience > .zero, work.batch.buffer.room >= limits.bytes / 2, !isClosing {
                next = take()
                let rest = deadline - ContinuousClock.now
                if next == nil, rest <= .zero || !wake.wait(rest) { break }
            }
        }
        deliver(work)
        settle(blocks)
    }

    private func drop(_ next: (block: RecordBlock, hub: RecordHub)) {
        count(lost: next.block.count)
        next.hub.finish(next.block)
        settle(1)
    }

    private func format(_ block: RecordBlock, _ work: Work) {
        let (sink, batch, formatter) = (work.sink, work.batch, work.formatter)
        PackedRecord.forEach(in: block.buffer) { record in
            guard selection.takes(record) else { return }
            if batch.append({ sink.append(record, formatter, to: &$0) }) { return }
            deliver(work)
            if !batch.append({ sink.append(record, formatter, to: &$0) }) { count(lost: 1) }
        }
    }

    /// Until all of the batch is delivered, or lost.
    private func deliver(_ work: Work) {
        let (sink, batch) = (work.sink, work.batch)
        defer { batch.clear() }
        var pause = limits.retry.lowerBound
        var isFailing = false
        while !batch.isEmpty {
            let before = batch.count
            let result = sink.deliver(batch)
            state.withLock { $0.counts.records &+= UInt64(before - batch.count) }
            switch result {
            case .done: continue
            case .taken(let lost, let reason):
                tell(reason)
                state.withLock { state in
                    state.counts.records &-= UInt64(lost)
                    state.counts.dropped &+= UInt64(lost)
                }
            case .refused(let reason):
                tell(reason)
                return count(lost: batch.count)
            case .failed(let reason):
                state.withLock { $0.counts.failures &+= 1 }
                if !isFailing { tell(reason) }
                isFailing = true
                let isOver = state.withLock { state in
                    state.isGivenUp = state.isClosing
                    return state.isClosing
                }
                if isOver { return count(lost: batch.count) }
                _ = wake.wait(pause)
                pause = min(pause * 2, limits.retry.upperBound)
                reopenIfWanted(sink)
            }
        }
        if isFailing { log.notice("\(noun) goes on", ["name": name]) }
    }

    private func tell(_ reason: String) {
        log.error("\(noun) can not be written", ["name": name, "reason": reason])
    }

    private func count(lost: Int) { state.withLock { $0.counts.dropped &+= UInt64(lost) } }

    private func settle(_ blocks: UInt64) {
        let ready = state.withLock { state in
            state.finished += blocks
            let ready = state.waiters.filter { $0.for <= state.finished }
            state.waiters.removeAll { $0.for <= state.finished }
            return ready.map(\.1)
        }
        for waiter in ready { waiter.signal() }
    }

    private func reopenIfWanted(_ sink: any LogSink) {
        let isWanted = state.withLock { state in
            defer { state.isReopenWanted = false }
            return state.isReopenWanted
        }
        guard isWanted, let problem = sink.reopen() else { return }
        log.error("\(noun) can not be reopened", ["name": name, "reason": problem])
    }
}
