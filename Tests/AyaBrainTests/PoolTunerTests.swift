internal import AyaBrain
internal import AyaCore
internal import Glibc
internal import Testing

/// A tuner at a simulated pool, against the same pool left as it was.
@Suite struct PoolTunerTests {
    private struct Course {
        /// Of the last third of the minutes.
        var loss = 0.0
        var settings = PoolSettings()
        var changes: [TuningChange] = []
        var isWithinBounds = true
    }

    private static let everything = TuningBounds([
        .weights: 1...100, .concurrency: 4...1_000, .responseTimeout: 0.5...30, .outlierLatency: 1.5...10,
        .retryBudget: 0.05...0.5, .hedgeAfter: 0.01...5,
    ])

    private static func run(
        _ service: SimulatedService, _ bounds: TuningBounds?, minutes: Int = 90,
        carried: CapacityCurve.Estimate? = nil, disturb: (inout SimulatedService, Int) -> Void = { _, _ in }
    ) -> Course {
        var service = service
        var tuner = PoolTuner()
        var course = Course()
        var losses: [Double] = []
        for minute in 0..<minutes {
            disturb(&service, minute)
            let interval = service.minute()
            losses.append(interval.loss)
            guard let bounds else { continue }
            let step = tuner.observe(
                interval, service.settings, within: bounds, carried: carried, weight: Double(service.servers.count))
            if case .change(let change) = step {
                service.settings = change.after
                tuner.applied(change)
                course.changes.append(change)
                if !change.isReversal { course.isWithinBounds = course.isWithinBounds && isWithin(change, bounds) }
            }
        }
        let last = losses.suffix(minutes / 3)
        course.loss = last.reduce(0, +) / Double(last.count)
        course.settings = service.settings
        return course
    }

    private static func isWithin(_ change: TuningChange, _ bounds: TuningBounds) -> Bool {
        guard let range = bounds[change.knob] else { return false }
        if change.knob == .weights { return change.after.weights.values.allSatisfy { range.contains(Double($0)) } }
        return change.value.map { range.contains($0) } ?? false
    }

    private static let ordinary = Array(repeating: SimulatedService.Server(), count: 5)

    /// What a knob brings in a condition that it is for, as a difference of losses; the mean of two seeds.
    private static func gain(
        of knob: Knob, _ servers: [SimulatedService.Server], rate: Double, _ settings: PoolSettings = PoolSettings(),
        carried: CapacityCurve.Estimate? = nil
    ) -> (gain: Double, course: Course) {
        var sum = 0.0
        var last = Course()
        for seed in 1...2 {
            let service = SimulatedService(servers, rate: rate, settings: settings, seed: UInt64(seed))
            let fixed = run(service, nil)
            last = run(service, TuningBounds([knob: everything[knob] ?? 0...0]), carried: carried)
            #expect(last.isWithinBounds)
            sum += fixed.loss - last.loss
        }
        return (sum / 2, last)
    }

    @Test func weightsRelieveSlowServers() {
        var servers = Array(repeating: SimulatedService.Server(places: 1), count: 5)
        servers[3].speed = 0.3
        servers[4].speed = 0.3
        let (gain, course) = Self.gain(of: .weights, servers, rate: 25)
        #expect(gain > 0.3, "\(gain) \(course.changes.map(\.text))")
        #expect((course.settings.weights["3"] ?? 0) < (course.settings.weights["0"] ?? 0) * 3 / 4)
    }

    @Test func aLimitKeepsServersFromDrowning() {
        // Beyond their places, every further request costs all of them.
        let servers = Array(repeating: SimulatedService.Server(speed: 0.25, places: 1, crowding: 1.4), count: 5)
        let carried = CapacityCurve.Estimate(throughput: 3.5, isSeen: true, quietLatency: 0.22, confidence: 0.8)
        var settings = PoolSettings()
        settings.responseTimeout = 3
        let (gain, course) = Self.gain(of: .concurrency, servers, rate: 24, settings, carried: carried)
        #expect(gain > 0.3, "\(gain) \(course.changes.map(\.text))")
        #expect(course.settings.concurrency.map { $0 < 20 } == true)
    }

    @Test func aTimeoutCutsOffWhatHangs() {
        var servers = Self.ordinary
        servers[2].hanging = 0.08
        let (gain, course) = Self.gain(of: .responseTimeout, servers, rate: 15)
        #expect(gain > 0.5, "\(gain) \(course.changes.map(\.text))")
        #expect(course.settings.responseTimeout < 5)
    }

    @Test func aThresholdFindsTheServerThatIsOff() {
        let (gain, course) = {
            var sum = 0.0
            var last = Course()
            for seed in 1...2 {
                let service = SimulatedService(Self.ordinary, rate: 15, settings: PoolSettings(), seed: UInt64(seed))
                // It was well while habits were learned.
                let falls: (inout SimulatedService, Int) -> Void = { service, minute in
                    if minute == 50 { service.servers[1].speed = 0.2 }
                }
                let fixed = Self.run(service, nil, disturb: falls)
                last = Self.run(service, TuningBounds([.outlierLatency: 1.5...10]), disturb: falls)
                sum += fixed.loss - last.loss
            }
            return (sum / 2, last)
        }()
        #expect(gain > 0.3, "\(gain) \(course.changes.map(\.text))")
        #expect(course.settings.outlierLatency.map { $0 < 4 } == true)
    }

    @Test func theRetryBudgetFollowsWhatRetriesAreGoodFor() {
        var settings = PoolSettings()
        settings.retryBudget = 0.1
        // One of four fails now and then: a retry elsewhere saves the request, when there is one to spend.
        var servers = Self.ordinary
        servers[0].failing = 0.6
        servers[1].failing = 0.3
        let (gain, course) = Self.gain(of: .retryBudget, servers, rate: 15, settings)
        #expect(gain > 0.3, "\(gain) \(course.changes.map(\.text))")
        #expect(course.settings.retryBudget > 0.15)
        // Where all fail, retries are load and nothing else.
        let broken = Array(repeating: SimulatedService.Server(failing: 0.9), count: 5)
        settings.retryBudget = 0.5
        let useless = Self.gain(of: .retryBudget, broken, rate: 15, settings).course
        #expect(useless.settings.retryBudget < 0.3, "\(useless.changes.map(\.text))")
    }

    @Test func hedgesComeInTime() {
        var settings = PoolSettings()
        settings.hedgeAfter = 2
        let servers = Array(repeating: SimulatedService.Server(slow: 0.04), count: 5)
        let (gain, course) = Self.gain(of: .hedgeAfter, servers, rate: 15, settings)
        #expect(gain > 0.15, "\(gain) \(course.changes.map(\.text))")
        #expect(course.settings.hedgeAfter.map { $0 < 0.5 } == true)
    }

    @Test func doesNoHarmWhereAllIsWell() {
        for seed in 1...2 {
            var settings = PoolSettings()
            settings.hedgeAfter = 0.2
            let service = SimulatedService(Self.ordinary, rate: 15, settings: settings, seed: UInt64(seed))
            let fixed = Self.run(service, nil)
            let tuned = Self.run(service, Self.everything)
            #expect(tuned.loss < fixed.loss + 0.05, "\(tuned.loss - fixed.loss) \(tuned.changes.map(\.text))")
            #expect(tuned.changes.count <= 12 && tuned.isWithinBounds)
        }
    }

    @Test func takesBackWhatMakesThingsWorse() throws {
        // A tenth of the requests takes eight times as long: a timeout that knows the median alone would cut them.
        var tuner = PoolTuner()
        var settings = PoolSettings()
        var steps: [TuningStep] = []
        let bounds = TuningBounds([.responseTimeout: 0.1...30])
        for minute in 0..<200 {
            // The world gets worse with each change, whatever it is.
            let isTuned = settings.responseTimeout < 30
            let interval = PoolInterval(
                requests: 1_000, errors: isTuned ? 40 : 0, latency: 0.1, p50: 0.05,
                p99: 0.3 + 0.01 * Double(minute % 3),
                servers: (0..<3).map { .init(name: "\($0)", attempts: 300, failures: 0, latency: 0.1, p99: 0.3) })
            guard let step = tuner.observe(interval, settings, within: bounds) else { continue }
            steps.append(step)
            if case .change(let change) = step {
                settings = change.after
                tuner.applied(change)
            }
        }
        let changes = steps.compactMap { step in if case .change(let change) = step { change } else { nil } }
        #expect(changes.count >= 4 && settings.responseTimeout == 30)
        for (index, change) in changes.enumerated() { #expect(change.isReversal == (index % 2 == 1)) }
        // It rests twice as long each time: three attempts in two hundred minutes at most.
        #expect(changes.count <= 6)
        #expect(changes.last?.reason.hasPrefix("it made things worse") == true)
    }

    @Test func inDoubtNothingIsTurned() {
        var tuner = PoolTuner()
        let service = SimulatedService(
            [.init(speed: 0.4), .init(), .init(), .init()], rate: 15, settings: PoolSettings(), seed: 1)
        var doubtful = service
        for _ in 0..<40 {
            let step = tuner.observe(
                doubtful.minute(), doubtful.settings, within: Self.everything, isInDoubt: true)
            #expect(step == nil)
        }
        // A trial that is overtaken by something else is taken back.
        var settings = doubtful.settings
        var change: TuningChange?
        for _ in 0..<40 where change == nil {
            if case .change(let found) = tuner.observe(doubtful.minute(), settings, within: Self.everything) {
                change = found
                tuner.applied(found)
                settings = found.after
            }
        }
        #expect(change != nil)
        var reversal: TuningChange?
        for _ in 0..<10 where reversal == nil {
            if case .change(let found) = tuner.observe(
                doubtful.minute(), settings, within: Self.everything, isInDoubt: true)
            {
                reversal = found
            }
        }
        #expect(reversal?.isReversal == true && reversal?.after == change?.before)
    }

    /// Whoever knows the rules sends traffic that makes each change look good or bad as suits them best. They get no
    /// further than the bounds, and no more changes than a day may have.
    @Test func canNotBeSteeredBeyondItsBounds() {
        var random = RandomSource(seed: 5)
        var tuner = PoolTuner()
        var settings = PoolSettings()
        for server in 0..<4 { settings.weights["\(server)"] = 1 }
        var changes = 0
        for minute in 0..<4_000 {
            let mood = Double.random(in: 0..<1, using: &random)
            let scale = exp(3 * sin(Double(minute) / 40) * mood)
            let interval = PoolInterval(
                requests: 1_000 * (minute % 97 < 60 ? 1 : exp(mood)), errors: mood < 0.2 ? 300 * mood : 0,
                latency: 0.05 * scale, p50: 0.03 * scale, p99: 0.03 * scale * (2 + 40 * mood),
                servers: (0..<4).map { server in
                    let own = server == minute / 50 % 4 ? 30 * mood : 1
                    return .init(
                        name: "\(server)", attempts: 300, failures: 100 * mood * mood, latency: 0.05 * scale * own,
                        p99: 0.5 * scale * own)
                })
            let carried = CapacityCurve.Estimate(
                throughput: 1e6 * mood, isSeen: true, quietLatency: 10 * mood, confidence: 1)
            let step = tuner.observe(interval, settings, within: Self.everything, carried: carried, weight: 4)
            guard case .change(let change) = step else { continue }
            changes += 1
            if !change.isReversal { #expect(Self.isWithin(change, Self.everything), "\(change.text)") }
            settings = change.after
            tuner.applied(change)
        }
        #expect(changes <= 24 * 2 * 4)
    }

    @Test func oddNumbersTurnNothing() {
        var tuner = PoolTuner()
        for value in [Double.nan, .infinity, -1, 0, 1e308, 1e-308] {
            for _ in 0..<30 {
                let interval = PoolInterval(
                    requests: value, errors: value, latency: value, p50: value, p99: value,
                    servers: [.init(name: "a", attempts: value, failures: value, latency: value, p99: value)])
                let step = tuner.observe(interval, PoolSettings(), within: Self.everything)
                #expect(step == nil)
            }
        }
    }
}
