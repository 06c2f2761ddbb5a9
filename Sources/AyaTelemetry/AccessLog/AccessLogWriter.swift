package import AyaCore
internal import Glibc
internal import Synchronization

/// Writes the access log on a thread of its own, so that a slow or full disk never holds up a worker.
///
/// Between the two stands a bounded queue of blocks. When the disk is full or fails, the writer says so once, keeps its
/// block and tries again each second, from the byte where it stopped; the queue fills up and further blocks are refused.
package final class AccessLogWriter: Sendable {
    package enum Destination: Sendable, Hashable {
        case standardError
        case file(path: String)
    }

    /// Opening the file failed.
    package struct OpenError: Error, CustomStringConvertible {
        package let path: String
        package let code: Int32
        package var description: String { "can not open access log '\(path)': \(SystemCall.message(code))" }
    }

    package static let blockSize = 64 * 1024

    private struct State {
        var queue: [Block] = []
        var spare: [Block] = []
        var submitted: UInt64 = 0
        var finished: UInt64 = 0
        var waiters: [(for: UInt64, Semaphore)] = []
        var isReopenWanted = false
        var isClosing = false
    }

    /// A block on its way between two threads.
    // Safe: whoever hands a block over lets go of it, so it has one owner at each moment.
    private struct Block: @unchecked Sendable {
        let buffer: Buffer
        var records = 0
    }

    private let state = Mutex(State())
    private let wake = Semaphore()
    private let ended = Semaphore()
    private let limit: Int
    private let output: LogFile
    private let log: Log
    private let lost = Atomic<UInt64>(0)

    /// - Parameter blockLimit: how many full blocks may wait.
    package init(_ destination: Destination, blockLimit: Int = 64, log: Log) throws(OpenError) {
        limit = max(1, blockLimit)
        self.log = log
        switch destination {
        case .standardError: output = LogFile(standardError: ())
        case .file(let path):
            output = LogFile(path: path)
            let code = output.open()
            guard code == 0 else { throw OpenError(path: path, code: code) }
        }
        SystemCall.startThread { [self] in run() }
    }

    /// Records that were accepted but never reached the file.
    package var lostRecords: UInt64 { lost.load(ordering: .relaxed) }

    /// An empty block: one that has been written, or a new one.
    package func emptyBlock() -> Buffer {
        let spare = state.withLock { $0.spare.popLast() }
        return spare?.buffer ?? Buffer(capacity: Self.blockSize)
    }

    /// Takes a block over; the caller must not touch it any more. False when the queue is full or closed: then its
    /// records are gone.
    package func submit(_ buffer: Buffer, records: Int) -> Bool {
        let block = Block(buffer: buffer, records: records)
        let isTaken = state.withLock { state in
            guard state.queue.count < limit, !state.isClosing else {
                recycle(block, &state)
                return false
            }
            state.queue.append(block)
            state.submitted += 1
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

    /// Waits until everything submitted so far is written; false when that takes longer than `patience`.
    package func flush(patience: Duration = .seconds(5)) -> Bool {
        let done = Semaphore()
        let isWaiting = state.withLock { state in
            guard state.finished < state.submitted else { return false }
            state.waiters.append((for: state.submitted, done))
            return true
        }
        return !isWaiting || done.wait(patience)
    }

    /// Writes what is queued, gives up on what can not be written, and ends the thread.
    package func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return }
        wake.signal()
        ended.wait()
    }

    // MARK: the writer's thread

    private func run() {
        while true {
            reopenIfWanted()
            if let block = state.withLock({ $0.queue.isEmpty ? nil : $0.queue.removeFirst() }) {
                write(block)
                finish(block)
            } else if state.withLock({ $0.isClosing }) {
                break
            } else {
                wake.wait()
            }
        }
        output.close()
        ended.signal()
    }

    private func write(_ block: Block) {
        var isFailing = false
        while !block.buffer.isEmpty {
            let code = output.write(block.buffer)
            if code == 0 { continue }
            if !isFailing {
                log.error("access log can not be written", ["reason": SystemCall.message(code)])
                isFailing = true
            }
            if !output.isWorthRetrying(code) || state.withLock({ $0.isClosing }) {
                lost.add(UInt64(block.records), ordering: .relaxed)
                return
            }
            _ = wake.wait(.seconds(1))
            reopenIfWanted()
        }
        if isFailing { log.notice("access log is written again", [:]) }
    }

    private func finish(_ block: Block) {
        let ready = state.withLock { state in
            state.finished += 1
            recycle(block, &state)
            let ready = state.waiters.filter { $0.for <= state.finished }
            state.waiters.removeAll { $0.for <= state.finished }
            return ready.map(\.1)
        }
        for waiter in ready { waiter.signal() }
    }

    private func reopenIfWanted() {
        let isWanted = state.withLock { state in
            defer { state.isReopenWanted = false }
            return state.isReopenWanted
        }
        guard isWanted else { return }
        let code = output.open()
        if code != 0 { log.error("access log can not be reopened", ["reason": SystemCall.message(code)]) }
    }

    private func recycle(_ block: Block, _ state: inout State) {
        guard state.spare.count < 16 else { return }
        block.buffer.clear()
        state.spare.append(Block(buffer: block.buffer))
    }
}
