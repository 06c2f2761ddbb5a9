internal import AyaBalance
internal import AyaCore
internal import AyaHealth
internal import AyaReactor
internal import AyaTestSupport
internal import Synchronization
internal import Testing

/// A prober on its thread, asking a server that a test plays.
struct ProberTests {
    /// Good or bad as a test says.
    private final class Switch: Probe, Sendable {
        let isGood: Box<Bool>
        init(_ isGood: Box<Bool>) { self.isGood = isGood }

        func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
            guard isGood.value else { throw ProbeFailure("status 500") }
        }
    }

    // Safe: filled and used on the worker's thread alone.
    private final class Confined: @unchecked Sendable {
        var probers: [Prober] = []
    }

    private struct News: Sendable, Equatable {
        var isDown: Bool
        var reason: String
    }

    private func withProbers(
        _ count: Int = 1, interval: Interval = .milliseconds(20), _ probe: @escaping @Sendable () -> any Probe,
        _ body: (Box<[News]>, WorkerThread) async throws -> Void
    ) async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        let news = Box<[News]>([])
        let confined = Confined()
        thread.post { worker in
            confined.probers = (0..<count).map { position in
                let prober = Prober(
                    probe(), rule: HealthState.Rule(rise: 2, fall: 3),
                    schedule: ProbeSchedule(interval: interval, jitter: 0.1), timeout: .milliseconds(500),
                    worker: worker
                ) { prober, turned in
                    let told = News(isDown: prober.state.isDown, reason: prober.reason)
                    if turned { news.change { $0.append(told) } }
                }
                prober.start(position: position, count: count)
                return prober
            }
        }
        try await body(news, thread)
        thread.post { worker in
            for prober in confined.probers { prober.stop() }
            worker.breakOff()
            worker.stop()
        }
        await Background { thread.join() }.value
        confined.probers = []
    }

    @Test func verdictsTurn() async throws {
        let isGood = Box(true)
        try await withProbers {
            Switch(isGood)
        } _: { news, _ in
            #expect(await eventually { news.value.count == 1 })
            #expect(news.value == [News(isDown: false, reason: "probes are good")])
            isGood.set(false)
            #expect(await eventually { news.value.count == 2 })
            #expect(news.value.last == News(isDown: true, reason: "status 500 (3 of 3 probes)"))
            isGood.set(true)
            #expect(await eventually { news.value.count == 3 })
            #expect(news.value.last == News(isDown: false, reason: "probes are good"))
        }
    }

    @Test func theFirstResultDecides() async throws {
        let isGood = Box(false)
        try await withProbers(interval: .seconds(60)) {
            Switch(isGood)
        } _: { news, _ in
            #expect(await eventually { news.value.count == 1 })
            #expect(news.value == [News(isDown: true, reason: "status 500 (first probe)")])
        }
    }

    /// Parked probers hold neither a task nor a socket.
    @Test func parkedProbersHoldNothing() async throws {
        let listener = try PeerListener()
        let endpoint = BoundEndpoint.address(listener.address)
        try await withProbers(100, interval: .seconds(60)) {
            TCPProbe(endpoint)
        } _: { news, thread in
            #expect(await eventually { news.value.count == 100 })
            #expect(news.value.allSatisfy { !$0.isDown })
            #expect(await eventually { await thread.ask { $0.tasks.count } < 50 })
        }
    }
}
