internal import AyaBrain
internal import AyaCore
internal import Glibc

/// A pool at work, request by request: servers that share themselves among what they were given, timeouts, retries,
/// hedges, ejections and a limit, as far as tuning can feel them.
struct SimulatedService {
    /// What is wrong with a world, and with whom.
    struct Server {
        /// Work it does in a second, in that of an ordinary one.
        var speed = 1.0
        /// Requests at once that it does at full speed.
        var places = 4.0
        /// Share of requests that hang for a minute.
        var hanging = 0.0
        /// Share of requests that take some times as long.
        var slow = 0.0
        var failing = 0.0
        /// How much more than its share a request takes of a crowded server: 1 is fair sharing.
        var crowding = 1.0
    }

    var servers: [Server]
    /// Requests a second.
    var rate: Double
    /// Seconds of work.
    var work = 0.05
    var settings: PoolSettings
    private(set) var random: RandomSource
    private var now = 0.0
    private var queue = EventHeap()
    private var requests: [Request] = []
    private var free: [Int] = []
    private var inFlight: [Int]
    private var admitted = 0
    private var ejectedUntil: [Double]
    private var retryTokens = 0.0
    private var hedgeTokens = 0.0
    private var credit: [Double]

    private struct Request {
        var start = 0.0
        var attempts = 0
        var open = 0
        var isDone = false
        var number = 0
    }

    init(_ servers: [Server], rate: Double, settings: PoolSettings, seed: UInt64) {
        self.servers = servers
        self.rate = rate
        self.settings = settings
        random = RandomSource(seed: seed)
        inFlight = Array(repeating: 0, count: servers.count)
        ejectedUntil = Array(repeating: -1, count: servers.count)
        credit = Array(repeating: 0, count: servers.count)
        for server in servers.indices { self.settings.weights["\(server)"] = settings.weights["\(server)"] ?? 1 }
        queue.push(EventHeap.Event(time: 0, kind: .arrival, request: 0, server: 0, number: 0))
    }

    private struct Tally {
        var latencies: [Double] = []
        var errors = 0
        var attempts: [Int]
        var failures: [Int]
        var times: [[Double]]
    }

    /// What it does in the next minute.
    mutating func minute() -> PoolInterval {
        let end = now + 60
        let count = servers.count
        var tally = Tally(
            attempts: Array(repeating: 0, count: count), failures: Array(repeating: 0, count: count),
            times: Array(repeating: [], count: count))
        var nextLook = now
        while let event = queue.next, event.time < end {
            queue.pop()
            now = event.time
            if now >= nextLook {
                eject(tally)
                nextLook = now + 10
            }
            handle(event, &tally)
        }
        now = end
        let latencies = tally.latencies.sorted()
        return PoolInterval(
            requests: Double(latencies.count), errors: Double(tally.errors),
            latency: latencies.reduce(0, +) / Double(max(1, latencies.count)), p50: Self.quantile(latencies, 0.5),
            p99: Self.quantile(latencies, 0.99),
            servers: servers.indices.map { server in
                let times = tally.times[server].sorted()
                return PoolInterval.Server(
                    name: "\(server)", attempts: Double(tally.attempts[server]),
                    failures: Double(tally.failures[server]),
                    latency: times.reduce(0, +) / Double(max(1, times.count)), p99: Self.quantile(times, 0.99))
            })
    }

    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    private mutating func handle(_ event: EventHeap.Event, _ tally: inout Tally) {
        switch event.kind {
        case .arrival:
            queue.push(
                .init(time: now - log(1 - uniform()) / rate, kind: .arrival, request: 0, server: 0, number: 0))
            arrive(&tally)
        case .failure, .answer:
            inFlight[event.server] -= 1
            guard isCurrent(event) else { return }
            requests[event.request].open -= 1
            if event.kind == .answer {
                tally.times[event.server].append(now - event.begun)
                finish(event.request, nil, &tally)
            } else {
                tally.failures[event.server] += 1
                retryOrFail(event.request, &tally)
            }
        case .timeout:
            // The server does not know, and works on.
            guard isCurrent(event), !requests[event.request].isDone else { return }
            requests[event.request].open -= 1
            tally.failures[event.server] += 1
            tally.times[event.server].append(settings.responseTimeout)
            retryOrFail(event.request, &tally)
        case .hedge:
            guard isCurrent(event), requests[event.request].attempts == 1, hedgeTokens >= 1 else { return }
            hedgeTokens -= 1
            attempt(event.request, &tally)
        }
    }

    private func isCurrent(_ event: EventHeap.Event) -> Bool {
        requests[event.request].number == event.number && !requests[event.request].isDone
    }

    private mutating func arrive(_ tally: inout Tally) {
        if let limit = settings.concurrency, admitted >= limit {
            tally.errors += 1
            tally.latencies.append(0.001)
            return
        }
        admitted += 1
        retryTokens = min(20, retryTokens + settings.retryBudget)
        hedgeTokens = min(20, hedgeTokens + 0.05)
        let index = free.popLast() ?? requests.count
        if index == requests.count { requests.append(Request()) }
        requests[index] = Request(start: now, number: requests[index].number + 1)
        attempt(index, &tally)
        if let after = settings.hedgeAfter {
            queue.push(
                .init(time: now + after, kind: .hedge, request: index, server: 0, number: requests[index].number))
        }
    }

    private mutating func attempt(_ request: Int, _ tally: inout Tally) {
        let server = pick()
        let one = servers[server]
        requests[request].attempts += 1
        requests[request].open += 1
        tally.attempts[server] += 1
        inFlight[server] += 1
        let crowd = max(1, Double(inFlight[server]) / one.places)
        var time = work * exp(0.4 * gaussian()) / one.speed * pow(crowd, one.crowding)
        if uniform() < one.slow { time *= 8 }
        if uniform() < one.hanging { time = 60 }
        let fails = uniform() < one.failing
        let number = requests[request].number
        queue.push(
            .init(
                time: now + (fails ? 0.002 : time), kind: fails ? .failure : .answer, request: request, server: server,
                number: number, begun: now))
        queue.push(
            .init(
                time: now + settings.responseTimeout, kind: .timeout, request: request, server: server, number: number))
    }

    /// In turn, as often as weights say.
    private mutating func pick() -> Int {
        let ready = servers.indices.filter { ejectedUntil[$0] <= now }
        let sum = ready.reduce(0.0) { $0 + Double(settings.weights["\($1)"] ?? 1) }
        for server in ready { credit[server] += Double(settings.weights["\(server)"] ?? 1) }
        let chosen = ready.max { credit[$0] < credit[$1] } ?? 0
        credit[chosen] -= sum
        return chosen
    }

    private mutating func retryOrFail(_ request: Int, _ tally: inout Tally) {
        guard requests[request].open == 0 else { return }
        if requests[request].attempts < 3, retryTokens >= 1 {
            retryTokens -= 1
            attempt(request, &tally)
        } else {
            finish(request, "failed", &tally)
        }
    }

    private mutating func finish(_ request: Int, _ problem: String?, _ tally: inout Tally) {
        requests[request].isDone = true
        admitted -= 1
        tally.latencies.append(now - requests[request].start)
        if problem != nil { tally.errors += 1 }
        free.append(request)
    }

    private mutating func eject(_ tally: Tally) {
        guard let threshold = settings.outlierLatency else { return }
        let means = tally.times.map { $0.isEmpty ? 0 : $0.suffix(40).reduce(0, +) / Double($0.suffix(40).count) }
        for server in servers.indices where ejectedUntil[server] <= now && tally.times[server].count >= 10 {
            let others = means.indices.filter { $0 != server && means[$0] > 0 }.map { means[$0] }.sorted()
            guard !others.isEmpty, ejectedUntil.count(where: { $0 > now }) < servers.count / 2 else { continue }
            if means[server] > threshold * others[others.count / 2] { ejectedUntil[server] = now + 300 }
        }
    }

    private mutating func uniform() -> Double { Double.random(in: 0..<1, using: &random) }
    private mutating func gaussian() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}

/// Events by their time.
struct EventHeap {
    enum Kind { case arrival, answer, failure, timeout, hedge }

    struct Event {
        var time: Double
        var kind: Kind
        var request: Int
        var server: Int
        var number: Int
        var begun = 0.0
    }

    private var events: [Event] = []

    var next: Event? { events.first }

    mutating func push(_ event: Event) {
        events.append(event)
        var index = events.count - 1
        while index > 0, events[(index - 1) / 2].time > events[index].time {
            events.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop() {
        guard let last = events.popLast(), !events.isEmpty else { return }
        events[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < events.count else { return }
            let child = left + 1 < events.count && events[left + 1].time < events[left].time ? left + 1 : left
            guard events[child].time < events[index].time else { return }
            events.swapAt(index, child)
            index = child
        }
    }
}
