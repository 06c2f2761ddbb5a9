internal import AyaReactor
internal import Glibc

/// The signals that steer a running Aya, as a stream.
public struct Signals: Sendable {
    /// What the operator asked for.
    public enum Request: Sendable {
        /// SIGTERM or SIGINT: drain, then exit.
        case stop
        /// SIGHUP: read the configuration again, and reopen the logs.
        case reload
        /// SIGUSR2: have another process take over.
        case upgrade
    }

    /// Requests as they come, for one reader.
    public let requests: AsyncStream<Request>

    /// Takes the signals over for the whole process, once. SIGPIPE is ignored: a closed connection is an error of its
    /// send.
    /// - Throws: `StartError` when the system refuses.
    public static func watch() throws(StartError) -> Signals {
        let source: SignalSource
        do {
            source = try SignalSource([SIGTERM, SIGINT, SIGHUP, SIGUSR2])
        } catch {
            throw StartError("can not watch signals: \(error)")
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        let thread = PlainThread {
            while true {
                let number = source.next()
                guard number > 0 else { return continuation.finish() }
                switch number {
                case SIGHUP: continuation.yield(.reload)
                case SIGUSR2: continuation.yield(.upgrade)
                default: continuation.yield(.stop)
                }
            }
        }
        guard thread.start() else { throw StartError("can not start the signal thread") }
        return Signals(requests: stream)
    }
}
