internal import FoundationEssentials
internal import Glibc

/// What `aya top` knows of a running Aya: its status, the values of each second, and what happens.
///
/// Values come as a feed; where there is none, they are the differences of the counters in the status. When the
/// connection is lost, what is known stays, and each second it is tried again.
struct TopSource {
    private let client: AdminClient
    private(set) var report: ServerReport?
    /// By name of series.
    private(set) var values: [String: Double] = [:]
    /// How many seconds' values have come.
    private(set) var samples = 0
    private(set) var past = Past()
    private(set) var events: [TopEvent] = []
    /// Why nothing comes; nil while something does.
    private(set) var problem: String?
    private var live: EventStream?
    private var log: EventStream?
    private var hasNoFeed = false
    private var nextLook = 0.0
    private var lookedAt: (time: Double, report: ServerReport)?
    private var hasNews = true

    /// The last minutes of what the overview draws.
    struct Past {
        var requests: [Double] = []
        var errors: [Double] = []
        var p99: [Double] = []
    }

    private static let mostEvents = 500
    private static let pastLength = 240

    init(_ aya: RunningAya) { client = AdminClient(aya, patience: 3) }

    /// Whether something has changed since this was asked last.
    mutating func takeNews() -> Bool {
        defer { hasNews = false }
        return hasNews
    }

    /// Waits for something to come until a time of `TopClock`; tells which of two other descriptors have something.
    @discardableResult
    mutating func wait(until deadline: Double, for first: Int32 = -1, _ second: Int32 = -1) -> (Bool, Bool) {
        connect()
        var polled = [first, second, live?.descriptor ?? -1, log?.descriptor ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let milliseconds = Int32(min(10_000, max(0, (deadline - TopClock.now) * 1_000).rounded(.up)))
        guard unsafe poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return (false, false) }
        if polled[2].revents != 0 { readLive() }
        if polled[3].revents != 0 { readLog() }
        return (polled[0].revents != 0, polled[1].revents != 0)
    }

    // MARK: the connection

    private mutating func connect() {
        let now = TopClock.now
        guard now >= nextLook else { return }
        if live == nil, !hasNoFeed { open() } else if hasNoFeed { look() }
        nextLook = now + 1
    }

    private mutating func open() {
        do throws(AdminClient.Failure) {
            live = EventStream(try client.begin("/v1/live"))
            if log == nil { log = EventStream(try client.begin("/v1/events")) }
            look()
        } catch {
            lose(error.description)
        }
    }

    private mutating func lose(_ reason: String) {
        problem = reason
        live?.close()
        log?.close()
        (live, log, lookedAt) = (nil, nil, nil)
        // What comes back may be another Aya.
        hasNoFeed = false
        hasNews = true
    }

    /// Asks for the status.
    private mutating func look() {
        let body: [UInt8]
        do throws(AdminClient.Failure) {
            body = try client.get("/v1/status")
        } catch {
            return lose(error.description)
        }
        guard let found = ServerReport(json: body) else { return lose("what answers is not Aya, or another version") }
        let now = TopClock.now
        if let lookedAt, now - lookedAt.time > 0.2 {
            let rates = found.rates(since: lookedAt.report, seconds: now - lookedAt.time)
            if hasNoFeed { take(rates) } else { values.merge(rates) { known, _ in known } }
        }
        (report, problem, hasNews) = (found, nil, true)
        lookedAt = (now, found)
    }

    private mutating func take(_ next: [String: Double]) {
        values = next
        samples += 1
        past.requests.append(next["aya/requests"] ?? 0)
        past.errors.append(next["aya/errors"] ?? 0)
        past.p99.append(next["aya/latency_p99"] ?? 0)
        guard past.requests.count > Self.pastLength else { return }
        past.requests.removeFirst()
        past.errors.removeFirst()
        past.p99.removeFirst()
    }

    // MARK: feeds

    private struct Sample: Decodable {
        var values: [String: Double]
    }

    private mutating func readLive() {
        switch live?.read() {
        case .events(let events):
            for event in events where event.name == "sample" {
                guard let sample = try? JSONDecoder().decode(Sample.self, from: Data(event.data)) else { continue }
                take(sample.values)
                look()
            }
        case .refused:
            // History is switched off, or this Aya has none.
            live?.close()
            live = nil
            hasNoFeed = true
        case .ended: lose("the connection was closed")
        case nil: break
        }
    }

    private mutating func readLog() {
        switch log?.read() {
        case .events(let events):
            let read = events.compactMap { TopEvent(json: $0.data) }
            guard !read.isEmpty else { return }
            self.events = (self.events + read).suffix(Self.mostEvents)
            hasNews = true
        case .refused, .ended: lose("the connection was closed")
        case nil: break
        }
    }
}

/// A line of Aya's log.
struct TopEvent {
    var time = ""
    var level = ""
    var message = ""
    /// `key=value`, in order of the keys.
    var fields = ""

    init?(json: [UInt8]) {
        guard let members = try? JSONDecoder().decode([String: String].self, from: Data(json)),
            let message = members["message"]
        else { return nil }
        self.message = message
        time = String((members["timestamp"] ?? "").dropFirst(11).prefix(8))
        level = members["level"] ?? ""
        let rest = members.filter { !["message", "timestamp", "level"].contains($0.key) }
        fields = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
