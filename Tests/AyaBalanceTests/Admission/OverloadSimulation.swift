internal import AyaBalance
internal import AyaCore
internal import Foundation

/// Twenty servers that share their processors among the requests they have, a balancer with two choices in front of
/// them, and clients that come whether or not anybody has time for them and give up after a second.
///
/// Work is log-normal with a mean of 50 ms, so the longest is a hundred times the usual. Each server was promised four
/// processors and has 5.08; load is in terms of what was promised. Of all requests 10 % are critical, 30 % high, 40 %
/// normal and 20 % sheddable.
struct OverloadSimulation {
    struct Outcome {
        var offered = [0, 0, 0, 0]
        var answered = [0, 0, 0, 0]
        var shed = [0, 0, 0, 0]
        /// Of the answered, in nanoseconds.
        var latencies: [[Int64]] = [[], [], [], []]
        /// In seconds of a processor.
        var capacity = 0.0

        static func + (one: Outcome, other: Outcome) -> Outcome {
            var sum = one
            for index in 0..<4 {
                sum.offered[index] += other.offered[index]
                sum.answered[index] += other.answered[index]
                sum.shed[index] += other.shed[index]
                sum.latencies[index] += other.latencies[index]
            }
            sum.capacity += other.capacity
            return sum
        }

        var share: [Double] { zip(answered, offered).map { Double($0) / Double(max(1, $1)) } }
        var shedShare: Double { Double(shed.reduce(0, +)) / Double(max(1, offered.reduce(0, +))) }
        /// Answers, as a share of what servers could give.
        var goodput: Double { Double(answered.reduce(0, +)) * OverloadSimulation.meanWork / capacity }

        func percentile(_ share: Double, _ classes: [Int] = [0, 1, 2, 3]) -> Double {
            let sorted = classes.flatMap { latencies[$0] }.sorted()
            guard !sorted.isEmpty else { return 0 }
            return Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) / 1e6
        }
    }

    static let meanWork = 0.05
    private static let processors = 4 * 1.27
    private static let patience = 1.0

    private struct Job {
        var finishes: Double  // in the server's virtual time
        var began: Double
        var criticality: Int
        var isMeasured: Bool
    }

    private struct Server {
        var jobs: [Job] = []
        var virtual = 0.0
        var last = 0.0
        var version = 0

        var rate: Double {
            jobs.isEmpty ? 0 : min(1, OverloadSimulation.processors / Double(jobs.count))
        }

        mutating func advance(to now: Double) {
            virtual += (now - last) * rate
            last = now
        }
    }

    private struct Event {
        var time: Double
        var server: Int
        var version: Int
    }

    private var servers = [Server](repeating: Server(), count: 20)
    private var events: [Event] = []
    private var random: RandomSource
    private var now = 0.0
    private var inFlight = 0
    private var outcome = Outcome()
    private var limit: AdaptiveLimit?
    private var shedder = Shedder()
    private let usesClasses: Bool

    init(seed: UInt64, limit: AdaptiveLimit? = nil, usesClasses: Bool = true) {
        random = RandomSource(seed: seed)
        self.limit = limit
        self.usesClasses = usesClasses
    }

    mutating func run(load: Double, warmUp: Double = 8, seconds: Double = 16) -> Outcome {
        let rate = load * Double(servers.count) * 4 / Self.meanWork
        var nextArrival = 0.0
        while nextArrival < warmUp + seconds {
            if let event = events.first, event.time <= nextArrival {
                removeEvent()
                now = event.time
                finish(event)
            } else {
                now = nextArrival
                arrive(isMeasured: now >= warmUp)
                nextArrival += -log(uniform()) / rate
            }
        }
        // What is under way comes to its end, and counts.
        while let event = events.first {
            removeEvent()
            now = event.time
            finish(event)
        }
        outcome.capacity = seconds * Double(servers.count) * Self.processors
        return outcome
    }

    // MARK: clients

    private mutating func arrive(isMeasured: Bool) {
        let point = uniform()
        let criticality = point < 0.1 ? 0 : point < 0.4 ? 1 : point < 0.8 ? 2 : 3
        let normal = (-2 * log(uniform())).squareRoot() * cos(6.283_185_307_179_586 * uniform())
        let work = Self.meanWork * exp(normal - 0.5)
        let user = random.next()
        if isMeasured { outcome.offered[criticality] += 1 }
        guard admits(criticality, user) else {
            if isMeasured { outcome.shed[criticality] += 1 }
            return
        }
        inFlight += 1
        let running = inFlight
        limit?.began(inFlight: running)
        let server = pick()
        servers[server].advance(to: now)
        servers[server].jobs.append(
            Job(
                finishes: servers[server].virtual + work, began: now, criticality: criticality, isMeasured: isMeasured))
        schedule(server)
    }

    private mutating func admits(_ criticality: Int, _ user: UInt64) -> Bool {
        guard let limit else { return true }
        guard usesClasses else { return inFlight < limit.limit }
        shedder.watch(demand: inFlight, limit: limit.limit, now: instant)
        return shedder.passes(
            Shedder.priority(criticality: criticality, user: user), demand: inFlight, limit: limit.limit,
            ceiling: limit.ceiling)
    }

    // MARK: servers

    private mutating func pick() -> Int {
        let one = Int(random.next() % 20)
        var other = Int(random.next() % 19)
        if other >= one { other += 1 }
        return servers[one].jobs.count <= servers[other].jobs.count ? one : other
    }

    private mutating func finish(_ event: Event) {
        guard servers[event.server].version == event.version else { return }
        servers[event.server].advance(to: now)
        let virtual = servers[event.server].virtual
        let jobs = servers[event.server].jobs
        let kept = jobs.filter { $0.finishes > virtual + 1e-9 && now < $0.began + Self.patience - 1e-9 }
        for job in jobs where job.finishes <= virtual + 1e-9 || now >= job.began + Self.patience - 1e-9 {
            end(job, isAnswered: job.finishes <= virtual + 1e-9)
        }
        servers[event.server].jobs = kept
        schedule(event.server)
    }

    private mutating func end(_ job: Job, isAnswered: Bool) {
        inFlight -= 1
        shedder.ended()
        let latency = Interval(nanoseconds: Int64((now - job.began) * 1e9))
        let (running, moment) = (inFlight, instant)
        _ = limit?.ended(after: latency, inFlight: running, now: moment)
        guard job.isMeasured, isAnswered else { return }
        outcome.answered[job.criticality] += 1
        outcome.latencies[job.criticality].append(latency.nanoseconds)
    }

    /// The next job that ends here, or is given up.
    private mutating func schedule(_ index: Int) {
        servers[index].version += 1
        let server = servers[index]
        guard !server.jobs.isEmpty else { return }
        var first = Double.infinity
        for job in server.jobs {
            first = min(first, now + max(0, job.finishes - server.virtual) / server.rate, job.began + Self.patience)
        }
        addEvent(Event(time: first, server: index, version: server.version))
    }

    private var instant: Instant { Instant(nanoseconds: 1_000_000_000 + Int64(now * 1e9)) }

    private mutating func uniform() -> Double { (Double(random.next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    // MARK: the events, a binary heap

    private mutating func addEvent(_ event: Event) {
        var index = events.count
        events.append(event)
        while index > 0, events[(index - 1) / 2].time > event.time {
            events[index] = events[(index - 1) / 2]
            index = (index - 1) / 2
        }
        events[index] = event
    }

    private mutating func removeEvent() {
        let last = events.removeLast()
        guard !events.isEmpty else { return }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < events.count else { break }
            if child + 1 < events.count, events[child + 1].time < events[child].time { child += 1 }
            guard events[child].time < last.time else { break }
            events[index] = events[child]
            index = child
        }
        events[index] = last
    }
}
