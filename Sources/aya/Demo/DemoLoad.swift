internal import AyaTelemetry
internal import Glibc
internal import Synchronization

/// A gentle load: a few clients on threads of their own, each with one keep-alive connection and a fixed pace.
final class DemoLoad: Sendable {
    /// What happened in a time.
    struct Tally {
        var requests = 0
        var failures = 0
        var latency = Histogram()
    }

    private struct State {
        var window = Tally()
        var total = Tally()
        var running = 0
    }

    private let port: UInt16
    /// Between two requests of a client.
    private let pace: Duration
    private let state = Mutex(State())
    private let isStopped = Atomic(false)

    /// `rate` is in requests a second, over all clients.
    init(port: UInt16, clients: Int, rate: Int) {
        self.port = port
        pace = .seconds(1) * clients / rate
        for client in 0..<clients {
            state.withLock { $0.running += 1 }
            // Not all at the same moment.
            Self.startThread { self.run(after: self.pace * client / clients) }
        }
    }

    /// What happened since it was last asked.
    func takeWindow() -> Tally {
        state.withLock { state in
            defer { state.window = Tally() }
            return state.window
        }
    }

    var total: Tally { state.withLock { $0.total } }

    /// Waits until every client has ended.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        while state.withLock({ $0.running }) > 0 { usleep(1_000) }
    }

    private func run(after delay: Duration) {
        let clock = ContinuousClock()
        var client = DemoClient(port: port)
        var next = clock.now + delay
        while !isStopped.load(ordering: .relaxed) {
            let wait = next - clock.now
            if wait > .zero { usleep(UInt32(wait / .microseconds(1))) }
            let begin = clock.now
            let succeeded = client.ask()
            record(succeeded, clock.now - begin)
            // After a stall the pace goes on from now: a demonstration must not hammer to catch up.
            next = max(next + pace, clock.now)
        }
        client.close()
        state.withLock { $0.running -= 1 }
    }

    private func record(_ succeeded: Bool, _ latency: Duration) {
        let nanoseconds = Int64(latency / .nanoseconds(1))
        state.withLock { state in
            state.window.record(succeeded, nanoseconds)
            state.total.record(succeeded, nanoseconds)
        }
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        final class Start: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        // Safe: the box is retained here and released by the new thread.
        _ = unsafe pthread_create(
            &thread, nil,
            { box in
                if let box = unsafe box { unsafe Unmanaged<Start>.fromOpaque(box).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Start(body)).toOpaque())
        pthread_detach(thread)
    }
}

extension DemoLoad.Tally {
    fileprivate mutating func record(_ succeeded: Bool, _ nanoseconds: Int64) {
        requests += 1
        if succeeded { latency.record(nanoseconds) } else { failures += 1 }
    }
}
