package import AyaCore
package import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry
internal import Synchronization

/// Calls one service again and again and keeps the connection between two calls.
///
/// Calls are straight-line code on sockets of the reactor; who calls may block for them or await them.
package final class HTTPCaller: Sendable {
    private let thread: CallThread
    private let trust: CallTrust?
    private let line: CallLine

    /// - Parameter trust: nil when it is not called by https.
    /// - Parameter resolve: names to addresses; it may block for long.
    package init(
        on thread: CallThread, trust: CallTrust?, resolve: @escaping @Sendable (String) async -> IPAddress?
    ) {
        self.thread = thread
        self.trust = trust
        line = CallLine(resolve: resolve)
    }

    deinit {
        // The connection that is kept belongs to the thread.
        let line = line
        thread.post { line.idle.take()?.close() }
    }

    /// Blocks until there is an answer, ten seconds at most.
    package func call(_ call: HTTPCall) -> Result<HTTPAnswer, CallFault> {
        final class Outcome: Sendable {
            let result = Mutex<Result<HTTPAnswer, CallFault>?>(nil)
        }
        let (done, outcome) = (Semaphore(), Outcome())
        begin(call) { result in
            outcome.result.withLock { $0 = result }
            done.signal()
        }
        // Longer than a call may take: only a thread that has ended leaves it unanswered.
        _ = done.wait(.seconds(15))
        return outcome.result.withLock { $0 } ?? .failure(CallFault("no answer in time"))
    }

    package func callAsync(_ call: HTTPCall) async -> Result<HTTPAnswer, CallFault> {
        await withCheckedContinuation { continuation in begin(call) { continuation.resume(returning: $0) } }
    }

    private func begin(_ call: HTTPCall, _ end: @escaping @Sendable (Result<HTTPAnswer, CallFault>) -> Void) {
        guard let worker = thread.worker() else { return end(.failure(CallFault("the system has no thread"))) }
        let (line, trust) = (line, trust)
        worker.post { worker in
            HTTPConversation(call, on: line, trust, worker: worker, end).startServing()
        }
    }
}

/// What calls of one service share: the connection that is kept, sessions of TLS, the service's address.
// Safe: beyond its constants it is used on the calls' thread alone.
final class CallLine: @unchecked Sendable {
    let resolve: @Sendable (String) async -> IPAddress?
    let sessions = TLSSessions()
    var idle: Socket?

    init(resolve: @escaping @Sendable (String) async -> IPAddress?) { self.resolve = resolve }
}
