internal import Glibc

/// The signals that steer a running Aya, as a stream.
///
/// They are blocked in every thread, and one thread of its own waits for them: no handler runs in the middle of
/// anything. `block` must be called before any other thread starts, since threads inherit the mask.
public struct Signals: Sendable {
    /// What the operator asked for.
    public enum Request: Sendable {
        /// SIGTERM or SIGINT: drain, then exit.
        case stop
        /// SIGHUP: apply the configuration anew and reopen logs.
        case reload
    }

    private let pair: AsyncStream<Request>

    /// Blocks the signals in this thread and in all it starts from now on, and begins to wait for them. SIGPIPE is
    /// ignored: a closed connection is an error of its send.
    public static func block() -> Signals {
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        let waiter = SignalThread { number in
            _ = continuation.yield(number == SIGHUP ? .reload : .stop)
        }
        waiter.start()
        return Signals(pair: stream)
    }

    /// Requests as they come, for one reader.
    public var requests: AsyncStream<Request> { pair }
}

/// The thread that waits for signals.
private final class SignalThread: Sendable {
    private let deliver: @Sendable (Int32) -> Void

    init(deliver: @escaping @Sendable (Int32) -> Void) { self.deliver = deliver }

    func start() {
        var thread = pthread_t()
        // Safe: the reference is retained here and released by the new thread, which never ends.
        _ = unsafe pthread_create(
            &thread, nil,
            { reference in
                if let reference = unsafe reference {
                    unsafe Unmanaged<SignalThread>.fromOpaque(reference).takeRetainedValue().wait()
                }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    private func wait() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
        while true {
            var number: Int32 = 0
            if unsafe sigwait(&set, &number) == 0 { deliver(number) }
        }
    }
}
