internal import AyaReactor
internal import Synchronization

/// How workers whose exchanges wait for the same places tell each other of places that became free.
///
/// `max_connections` holds over all workers, so a place may become free on one while only others have somebody waiting.
/// Each worker states how many wait there; whoever frees a place and sees a longer line elsewhere calls that worker.
/// Nothing is touched while nobody waits but one flag that is read.
final class Turnstile: Sendable {
    private let lines: Mutex<[Line?]>
    private let waiting: Waiting

    private struct Line {
        let executor: WorkerExecutor
        let called: @Sendable (Worker) -> Void
    }

    /// One number a worker, and the sum of all.
    // Safe: the pointer never changes, and what it points to is atomic.
    @safe private final class Waiting: @unchecked Sendable {
        let counts: UnsafeMutablePointer<Atomic<Int>>
        let workers: Int
        let all = Atomic<Int>(0)

        init(workers: Int) {
            self.workers = workers
            unsafe counts = .allocate(capacity: max(1, workers))
            for index in 0..<workers { unsafe (counts + index).initialize(to: Atomic(0)) }
        }

        deinit {
            unsafe counts.deinitialize(count: workers)
            unsafe counts.deallocate()
        }
    }

    init(workers: Int) {
        lines = Mutex([Line?](repeating: nil, count: workers))
        waiting = Waiting(workers: workers)
    }

    /// Says how that worker is called.
    func join(_ worker: Worker, called: @escaping @Sendable (Worker) -> Void) {
        let line = Line(executor: worker.executor, called: called)
        lines.withLock { if worker.index < $0.count { $0[worker.index] = line } }
    }

    /// States how many wait on that worker.
    func tell(_ count: Int, worker: Int) {
        guard worker < waiting.workers else { return }
        let before = unsafe waiting.counts[worker].exchange(count, ordering: .relaxed)
        waiting.all.add(count &- before, ordering: .sequentiallyConsistent)
    }

    /// Whether anybody waits anywhere.
    var isNeeded: Bool { waiting.all.load(ordering: .sequentiallyConsistent) != 0 }

    /// Calls the worker where most wait, if that are more than here; false when there is none.
    func callLonger(than count: Int, from worker: Int) -> Bool {
        var longest = count
        var found: Int?
        for other in 0..<waiting.workers where other != worker {
            let there = unsafe waiting.counts[other].load(ordering: .relaxed)
            if there > longest { (longest, found) = (there, other) }
        }
        guard let found, let line = lines.withLock({ $0[found] }) else { return false }
        line.executor.post(line.called)
        return true
    }
}
