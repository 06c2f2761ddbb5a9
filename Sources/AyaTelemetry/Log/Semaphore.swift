internal import Glibc

/// A counting semaphore: what a thread of its own sleeps on while there is nothing to do.
///
/// A condition variable rather than a POSIX semaphore, because the latter's waits follow the wall clock, which jumps.
// Safe: mutex and condition are made for several threads; their memory lives as long as this object and never moves,
// and `count` is touched under the mutex only.
@safe package final class Semaphore: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var count = 0

    package init() {
        var monotonic = pthread_condattr_t()
        unsafe pthread_condattr_init(&monotonic)
        unsafe pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_cond_init(condition, &monotonic)
        unsafe pthread_condattr_destroy(&monotonic)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    package func signal() {
        unsafe pthread_mutex_lock(mutex)
        count += 1
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    package func wait() { _ = wait(.seconds(1_000_000_000)) }

    /// False when the time is over.
    package func wait(_ patience: Duration) -> Bool {
        let (seconds, attoseconds) = patience.components
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = Int64(deadline.tv_nsec) + attoseconds / 1_000_000_000
        deadline.tv_sec += Int(min(max(seconds, 0), 1_000_000_000) + nanoseconds / 1_000_000_000)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while count == 0 {
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return false }
        }
        count -= 1
        return true
    }
}
