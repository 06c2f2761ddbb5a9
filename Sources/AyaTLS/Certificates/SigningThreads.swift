internal import AyaReactor
internal import Glibc
internal import Synchronization

/// The threads that sign with large keys, for the whole process: none until the first such signature.
@safe final class SigningThreads: @unchecked Sendable {
    static let shared = SigningThreads()

    /// Each takes a processor's time from the workers, so a burst of handshakes shall not have all of it.
    private static let count = 2

    // Safe: `waiting` is made once and never moved; semaphores are made for sharing. The rest is behind the mutex.
    private let waiting: UnsafeMutablePointer<sem_t>
    private let state = Mutex(State())

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var threads = 0
    }

    private init() {
        unsafe waiting = .allocate(capacity: 1)
        unsafe sem_init(waiting, 0, 0)
    }

    func run(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.threads < Self.count else { return false }
            state.threads += 1
            return true
        }
        if needsThread, !PlainThread({ self.work() }).start() { state.withLock { $0.threads -= 1 } }
        unsafe sem_post(waiting)
    }

    private func work() {
        while true {
            while unsafe sem_wait(waiting) != 0 {}
            let job = state.withLock { state -> (@Sendable () -> Void)? in
                guard state.next < state.jobs.count else { return nil }
                defer { state.next += 1 }
                let job = state.jobs[state.next]
                if state.next == state.jobs.count - 1 {
                    state.jobs.removeAll(keepingCapacity: true)
                    state.next = -1
                }
                return job
            }
            job?()
        }
    }
}
