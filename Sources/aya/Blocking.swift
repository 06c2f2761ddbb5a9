internal import Dispatch
internal import Synchronization

/// Runs asynchronous work to its end while this thread waits.
///
/// Commands are plain functions for it: what they print and how they end follows from one thread.
enum Blocking {
    static func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let isDone = DispatchSemaphore(value: 0)
        let outcome = Outcome<Value>()
        Task.detached {
            do {
                outcome.set(.success(try await work()))
            } catch {
                outcome.set(.failure(error))
            }
            isDone.signal()
        }
        isDone.wait()
        return try outcome.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>>(.failure(CancellationError()))
        func set(_ new: Result<Value, any Error>) { result.withLock { $0 = new } }
        func get() throws -> Value { try result.withLock { $0 }.get() }
    }
}
