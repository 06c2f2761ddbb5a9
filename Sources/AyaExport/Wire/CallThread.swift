internal import AyaCore
internal import AyaReactor
internal import Synchronization

/// The thread that Aya's own calls over the network are made on: a worker of the reactor without listeners. It begins
/// with the first call.
package final class CallThread: Sendable {
    private let thread = Mutex<WorkerThread?>(nil)

    package init() {}

    /// Nil when the system has no thread.
    func worker() -> WorkerThread? {
        thread.withLock { thread in
            if thread == nil { thread = try? WorkerThread(index: 0, processor: nil, name: "aya-export") { _ in } }
            return thread
        }
    }

    /// Has something done there, unless the thread has ended or never begun.
    func post(_ message: @escaping @Sendable () -> Void) {
        thread.withLock { $0 }?.post { _ in message() }
    }

    /// Ends the thread; calls under way fail.
    package func end() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.end {}
    }
}
