internal import Glibc
internal import Synchronization

/// A thread of the system, for loops that block: Swift's concurrency pool must not be blocked.
package final class PlainThread: Sendable {
    private let body: @Sendable () -> Void
    private let handle = Mutex<pthread_t?>(nil)

    package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Nobody waits for it any more: its stack goes when it ends.
    deinit {
        if let thread = handle.withLock(\.self) { _ = pthread_detach(thread) }
    }

    /// Starts it, once; false when the system has no thread to give.
    package func start() -> Bool {
        var thread = pthread_t()
        // Safe: the reference is retained here and released by the new thread.
        let code = unsafe pthread_create(
            &thread, nil,
            { reference in
                if let reference = unsafe reference {
                    unsafe Unmanaged<PlainThread>.fromOpaque(reference).takeRetainedValue().body()
                }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard code == 0 else { return false }
        handle.withLock { $0 = thread }
        return true
    }

    /// Waits for its end; blocks the calling thread.
    package func join() {
        let thread = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let thread { _ = pthread_join(thread, nil) }
    }
}
