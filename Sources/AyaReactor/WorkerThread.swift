internal import CAyaSystem

/// A running worker as other threads see it: they post messages to it and wait for its end.
package final class WorkerThread: Sendable {
    package let index: Int
    private let executor: WorkerExecutor
    private let thread: PlainThread

    /// Starts the thread, runs `setUp` on it, then the loop. `processor` pins the thread; its name shows in `top`.
    package init(
        index: Int, processor: Int?, name: String? = nil, setUp: @escaping @Sendable (Worker) -> Void
    ) throws(SystemError) {
        let executor = try WorkerExecutor()
        self.executor = executor
        self.index = index
        let thread = PlainThread {
            if let processor { _ = aya_pin_thread(Int32(processor)) }
            aya_block_broken_pipe_signal()
            unsafe aya_name_thread(name ?? "aya-\(index)")
            guard let worker = try? Worker(index: index, executor: executor) else { return }
            setUp(worker)
            worker.run()
        }
        guard thread.start() else { throw SystemError.noThread }
        self.thread = thread
    }

    /// Runs `message` on the worker's thread, soon.
    package func post(_ message: @escaping @Sendable (Worker) -> Void) { executor.post(message) }

    /// Runs `question` on the worker's thread and brings its answer back.
    package func ask<Answer: Sendable>(_ question: @escaping @Sendable (Worker) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            post { continuation.resume(returning: question($0)) }
        }
    }

    /// Has `last` done on the thread, breaks off what still waits there, and stops the loop once all of it has had its
    /// turn; blocks the calling thread until then.
    package func end(_ last: @escaping @Sendable () -> Void) {
        post { worker in
            last()
            worker.breakOff()
            worker.atTurnEnd(LastTurn(worker))
        }
        join()
    }

    private final class LastTurn: TurnEndWork {
        private let worker: Worker
        init(_ worker: Worker) { self.worker = worker }
        func flush() { worker.stop() }
    }

    /// Waits until the loop has ended; blocks the calling thread.
    package func join() { thread.join() }
}

/// Facts about the process that decide how many workers there are and how much they may open.
package enum Machine {
    /// The processors this process may run on.
    package static func processors() -> [Int] {
        var list = [Int32](repeating: 0, count: 1024)
        let count = unsafe aya_allowed_processors(&list, 1024)
        return count > 0 ? list.prefix(Int(count)).map(Int.init) : [0]
    }

    /// Raises the soft limit of open descriptors to the hard one and returns it.
    package static func raiseDescriptorLimit() -> Int { Int(aya_open_file_limit()) }

    /// Gives free heap pages back to the system.
    package static func trimHeap() { aya_trim_heap() }

    package static func wallClock() -> Int64 { aya_wall_nanoseconds() }

    /// Whether something keeps the wall clock in step; nil when the system does not tell.
    package static var isClockKept: Bool? {
        let answer = aya_clock_is_kept()
        return answer < 0 ? nil : answer == 1
    }
}
