internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The thread that history is kept on: what it does may block on the disk, which neither workers nor the few threads of
/// the control plane should.
///
/// It lives as long as this executor, which the actor holds that runs on it.
final class HistoryThread: SerialExecutor {
    private let queue = Queue()

    /// What the thread sees: it must not keep the executor alive.
    private final class Queue: Sendable {
        let jobs = Mutex<[@Sendable () -> Void]?>([])
        let work = Semaphore()

        func add(_ job: @escaping @Sendable () -> Void) {
            jobs.withLock { $0?.append(job) }
            work.signal()
        }

        func end() {
            jobs.withLock { $0 = nil }
            work.signal()
        }
    }

    /// Nil when the system has no thread.
    init?() {
        let queue = queue
        let thread = PlainThread {
            while true {
                queue.work.wait()
                let waiting = queue.jobs.withLock { jobs in
                    defer { jobs = jobs.map { _ in [] } }
                    return jobs
                }
                guard let waiting else { return }
                for job in waiting { job() }
            }
        }
        guard thread.start() else { return nil }
    }

    deinit { queue.end() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Safe: a job's actor holds this executor until the job has run.
        let executor = unsafe asUnownedSerialExecutor()
        queue.add { unsafe job.runSynchronously(on: executor) }
    }
}
