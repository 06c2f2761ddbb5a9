internal import AyaCore
internal import Testing

@testable internal import AyaReactor

/// The wheel against a plain list of deadlines, under seeded chance.
struct TimerWheelTests {
    private final class Probe: Waiter {
        var fired = 0
        override func parkedTimeout() { fired += 1 }
    }

    private static let tick = Int64(1) << TimerWheel.tickShift

    private static func worker() throws -> Worker { try Worker(index: 0, executor: WorkerExecutor()) }

    @Test(arguments: UInt64(1)...16)
    func firesOnceNeverEarlyAtMostATickLate(seed: UInt64) throws {
        let worker = try Self.worker()
        var random = RandomSource(seed: seed)
        var now = worker.now
        let probes = (0..<200).map { _ in Probe(worker: worker) }
        var expected: [Int: Instant] = [:]
        for _ in 0..<500 {
            for _ in 0..<Int.random(in: 0..<8, using: &random) {
                let index = Int.random(in: probes.indices, using: &random)
                let probe = probes[index]
                probe.fired = 0
                switch Int.random(in: 0..<10, using: &random) {
                case 0:
                    probe.retire()
                    expected[index] = nil
                case 1:
                    probe.setDeadline(.distantFuture)
                    expected[index] = nil
                default:
                    // Milliseconds, seconds, minutes or days: every level of the wheel and beyond the last.
                    let spreads: [Int64] = [20, 2_000, 200_000, 600_000_000]
                    let spread = spreads[Int.random(in: 0..<4, using: &random)]
                    let deadline = now + .milliseconds(Int64.random(in: 0...spread, using: &random))
                    probe.setDeadline(deadline)
                    expected[index] = deadline
                }
            }
            if let sleep = worker.timers.sleepLimit(now: now), let first = expected.values.min() {
                let latest = max(now.nanoseconds, first.nanoseconds + Self.tick) - now.nanoseconds
                #expect(Int64(sleep) * 1_000_000 <= latest + 1_000_000, "the loop would sleep past a deadline")
            } else {
                #expect(expected.isEmpty, "the loop would sleep without end")
            }
            let steps: [Int64] = [1, 10, 700, 40_000]
            let step = steps[Int.random(in: 0..<4, using: &random)]
            now = now + .milliseconds(Int64.random(in: 0...step, using: &random))
            worker.timers.advance(to: now)
            for (index, probe) in probes.enumerated() {
                if let deadline = expected[index] {
                    if probe.fired > 0 {
                        #expect(probe.fired == 1 && deadline <= now, "early, or more than once")
                        expected[index] = nil
                        probe.fired = 0
                    } else {
                        let due = (deadline.nanoseconds >> TimerWheel.tickShift) + 1
                        #expect(due > now.nanoseconds >> TimerWheel.tickShift, "more than a tick late")
                    }
                } else {
                    #expect(probe.fired == 0, "fired without a deadline")
                }
            }
        }
    }

    @Test func aWaiterThatGoesAwayLeavesTheWheel() throws {
        let worker = try Self.worker()
        var probe: Probe? = Probe(worker: worker)
        probe?.setDeadline(worker.now + .seconds(1))
        #expect(worker.timers.sleepLimit(now: worker.now) != nil)
        probe = nil
        #expect(worker.timers.sleepLimit(now: worker.now) == nil)
        worker.timers.advance(to: worker.now + .seconds(2))
    }

    @Test func aTimeoutMaySetTheNext() throws {
        final class Periodic: Waiter {
            var times: [Instant] = []
            override func parkedTimeout() {
                times.append(deadline)
                setDeadline(deadline + .milliseconds(100))
            }
        }
        let worker = try Self.worker()
        let periodic = Periodic(worker: worker)
        periodic.setDeadline(worker.now + .milliseconds(100))
        for step in 1...1000 { worker.timers.advance(to: worker.now + .milliseconds(Int64(step) * 10)) }
        #expect((99...100).contains(periodic.times.count))
        periodic.retire()
        #expect(worker.timers.sleepLimit(now: worker.now) == nil)
    }
}
