internal import Synchronization

/// The body of an answer that goes on for as long as there is something to tell and somebody who listens.
///
/// Whoever tells never waits: what a client does not take is kept up to a bound, and a client that falls further behind
/// is let go.
package final class ServiceFeed: Sendable {
    private let state = Mutex(State())
    private let bound: Int

    private struct State {
        var pending: [UInt8] = []
        var isEnded = false
        var wake: (@Sendable () -> Void)?
        var close: (@Sendable () -> Void)?
    }

    /// - Parameter bound: bytes that may wait.
    package init(bound: Int = 256 << 10) { self.bound = bound }

    /// Tells something, from any thread.
    package func push(_ bytes: [UInt8]) {
        let wake = state.withLock { state in
            guard !state.isEnded else { return state.wake }
            if state.pending.count + bytes.count > bound { state.isEnded = true } else { state.pending += bytes }
            return state.wake
        }
        wake?()
    }

    /// Tells something if there is room for it; else false, and nothing of it is told.
    package func offer(_ bytes: [UInt8]) -> Bool {
        let (isTaken, wake) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard !state.isEnded, state.pending.count + bytes.count <= bound else { return (false, nil) }
            state.pending += bytes
            return (true, state.wake)
        }
        wake?()
        return isTaken
    }

    /// Nothing more will be told.
    package func end() {
        let wake = state.withLock { state in
            state.isEnded = true
            return state.wake
        }
        wake?()
    }

    /// Has `close` called once when nobody listens any more.
    package func whenClosed(_ close: @escaping @Sendable () -> Void) { state.withLock { $0.close = close } }

    /// Has `wake` called when there is something to take.
    package func listen(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    /// What was told since, and whether that was all.
    package func take() -> (bytes: [UInt8], isEnded: Bool) {
        state.withLock { state in
            defer { state.pending = [] }
            return (state.pending, state.isEnded)
        }
    }

    /// The client has left.
    package func close() {
        let close = state.withLock { state in
            defer { state.close = nil }
            state.isEnded = true
            state.wake = nil
            return state.close
        }
        close?()
    }
}
