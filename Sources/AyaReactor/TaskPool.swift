/// Tasks of one worker that serve whatever waiter is ready next.
///
/// A task costs 3.5 KiB and about a microsecond to make, and more than a thousand instructions to put to sleep and
/// wake. Instead of one for each connection, as many live as exchanges are under way; one that has finished an
/// exchange goes on with the next waiter of the turn and sleeps only when there is none.
package final class TaskPool {
    private let executor: WorkerExecutor
    private var idle: [Runner] = []
    /// Waiters that are to be served, in the order they came; from `next` on.
    private var ready: ContiguousArray<Waiter?> = []
    private var next = 0
    /// Tasks alive, idle ones too.
    package private(set) var count = 0

    init(executor: WorkerExecutor) {
        self.executor = executor
        idle.reserveCapacity(256)
        ready.reserveCapacity(256)
    }

    /// Has the waiter served in this turn.
    func start(_ waiter: Waiter) { ready.append(waiter) }

    var hasReady: Bool { next < ready.count }

    /// Runs what is ready: first the tasks that sleep on an event that came, since each may end and go on with a
    /// waiter, then as many more as the rest needs.
    func run() {
        executor.runJobs()
        while hasReady {
            lend()
            executor.runJobs()
        }
    }

    private func lend() {
        if let runner = idle.popLast() { return runner.wake() }
        count += 1
        // Safe: the task runs on this worker's thread alone, as everything that can reach the runner.
        nonisolated(unsafe) let confined = Runner()
        nonisolated(unsafe) let pool = self
        Task.detached(executorPreference: executor) { unsafe await confined.run(in: pool) }
    }

    fileprivate func takeReady() -> Waiter? {
        guard next < ready.count else { return nil }
        let waiter = ready[next].take()
        next += 1
        if next == ready.count {
            ready.removeAll(keepingCapacity: true)
            next = 0
        }
        return waiter
    }

    fileprivate func put(back runner: Runner) { idle.append(runner) }
    fileprivate func ended() { count -= 1 }

    /// Ends half of the idle tasks beyond a handful.
    func trim() {
        let surplus = max(0, idle.count - 16) / 2
        for runner in idle.prefix(surplus) { runner.end() }
        idle.removeFirst(surplus)
    }

    @safe fileprivate final class Runner {
        private var continuation: UnsafeContinuation<Void, Never>?
        private var isEnding = false

        func run(in pool: TaskPool) async {
            while !isEnding {
                while let waiter = pool.takeReady() { await waiter.serve() }
                pool.put(back: self)
                // Safe: resumed once, by `wake`, after the pool has handed the runner out.
                unsafe await suspend { unsafe continuation = $0 }
            }
            pool.ended()
        }

        func wake() {
            if let waiting = unsafe continuation {
                unsafe continuation = nil
                unsafe waiting.resume()
            }
        }

        func end() {
            isEnding = true
            wake()
        }
    }
}
