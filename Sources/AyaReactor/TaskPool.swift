/// Tasks of one worker that serve whatever waiter is ready next.
///
/// A task costs 3.5 KiB and about a microsecond to make. Instead of one for each connection, as many live as
/// exchanges are under way; each takes a ready waiter, runs its `serve`, and comes back for the next.
package final class TaskPool {
    private let executor: WorkerExecutor
    private var idle: [Runner] = []
    /// Tasks alive, idle ones too.
    package private(set) var count = 0

    init(executor: WorkerExecutor) {
        self.executor = executor
        idle.reserveCapacity(256)
    }

    func start(_ waiter: Waiter) {
        if let runner = idle.popLast() {
            runner.start(waiter)
        } else {
            count += 1
            let runner = Runner(waiter)
            // Safe: the task runs on this worker's thread alone, as everything that can reach the runner.
            nonisolated(unsafe) let confined = runner
            nonisolated(unsafe) let pool = self
            Task.detached(executorPreference: executor) { unsafe await confined.run(in: pool) }
        }
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
        private var work: Waiter?
        private var continuation: UnsafeContinuation<Void, Never>?

        init(_ work: Waiter) { self.work = work }

        func run(in pool: TaskPool) async {
            while let waiter = work {
                await waiter.serve()
                work = nil
                pool.put(back: self)
                // Safe: resumed once, by `start` or `end`, each after the pool has handed the runner out.
                unsafe await suspend { unsafe continuation = $0 }
            }
            pool.ended()
        }

        func start(_ waiter: Waiter) {
            work = waiter
            end()
        }

        func end() {
            if let waiting = unsafe continuation {
                unsafe continuation = nil
                unsafe waiting.resume()
            }
        }
    }
}
