internal import CAyaSystem
internal import Synchronization

/// Runs the tasks of one worker on that worker's thread.
///
/// A task started with `executorPreference:` set to this stays on the thread for life. Jobs enqueued by the thread
/// itself go into a plain ring without a lock; jobs and messages from other threads go through a mailbox with an
/// eventfd that wakes the loop.
package final class WorkerExecutor: TaskExecutor, @unchecked Sendable {
    // Safe: `jobs`, `head`, `tail` and `owner` are used by the owning thread alone once it runs; `owner` is written
    // before any task exists. Everything else is behind `mailbox`.
    private var jobs: ContiguousArray<UnownedJob?>
    private var head = 0
    private var tail = 0
    private var owner: UInt = 0
    private let mailbox = Mutex(Mailbox())
    let wakeDescriptor: Int32

    private struct Mailbox {
        var jobs: [UnownedJob] = []
        var messages: [@Sendable (Worker) -> Void] = []
        var signalled = false
    }

    init() throws(SystemError) {
        let descriptor = aya_eventfd()
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        wakeDescriptor = descriptor
        jobs = ContiguousArray(repeating: nil, count: 1024)
    }

    deinit { _ = aya_close(wakeDescriptor) }

    /// Binds the executor to the calling thread; once, before its loop starts.
    func adopt() { owner = aya_thread_identity() }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if aya_thread_identity() == owner {
            push(job)
        } else {
            deliver { $0.jobs.append(job) }
        }
    }

    /// Runs `message` on the worker's thread, after what waits there already.
    package func post(_ message: @escaping @Sendable (Worker) -> Void) {
        deliver { $0.messages.append(message) }
    }

    private func deliver(_ put: (inout Mailbox) -> Void) {
        let signal = mailbox.withLock { box in
            put(&box)
            defer { box.signalled = true }
            return !box.signalled
        }
        if signal { _ = aya_eventfd_signal(wakeDescriptor) }
    }

    private func push(_ job: UnownedJob) {
        if tail &- head == jobs.count { grow() }
        jobs[tail & (jobs.count &- 1)] = job
        tail &+= 1
    }

    private func grow() {
        var larger = ContiguousArray<UnownedJob?>(repeating: nil, count: jobs.count * 2)
        for index in head..<tail { larger[index & (larger.count - 1)] = jobs[index & (jobs.count - 1)] }
        jobs = larger
    }

    var hasJobs: Bool { head != tail }

    /// Runs every job, those that jobs enqueue too.
    func runJobs() {
        let executor = unsafe asUnownedTaskExecutor()
        while head != tail {
            let index = head & (jobs.count &- 1)
            head &+= 1
            if let job = jobs[index] { unsafe job.runSynchronously(on: executor) }
        }
    }

    /// Takes over what other threads left.
    func collectMail(for worker: Worker) {
        _ = aya_eventfd_drain(wakeDescriptor)
        let (jobs, messages) = mailbox.withLock { box in
            defer { box = Mailbox() }
            return (box.jobs, box.messages)
        }
        for job in jobs { push(job) }
        for message in messages { message(worker) }
    }
}
