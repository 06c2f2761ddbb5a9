internal import Glibc

/// One server of a simulation.
struct SimulatedServer {
    fileprivate enum Model {
        case sharing(Sharing)
        case slots(Slots)
    }

    /// Processor sharing in virtual time: a request is done when the work that each one got reaches its own mark.
    fileprivate struct Sharing {
        let allocation: Double
        var cores: Double
        let hasAntagonist: Bool
        var virtual = 0.0
        var latest = 0.0
        var rate = 0.0
        var waiting: [(mark: Double, request: Int)] = []
    }

    fileprivate struct Slots {
        let count: Int
        let period: Double
        let stall: Double
        var busy: [(until: Double, request: Int)] = []
        var queue: [(request: Int, work: Double)] = []
        var queueStart = 0
    }

    private var model: Model
    var speed: Double
    private(set) var version = 0
    private(set) var inFlight = 0
    /// What requests of late took, and what was in flight when they came: what a probe is told.
    private var recent: [(at: Double, inFlight: Int, latency: Double)] = []
    private var recentNext = 0

    init(_ server: Scenario.Server) {
        switch server {
        case .sharing(let cores, let speed, let hasAntagonist):
            self.speed = speed
            model = .sharing(
                Sharing(allocation: cores, cores: hasAntagonist ? cores : cores * 1.27, hasAntagonist: hasAntagonist))
        case .slots(let count, let speed, let period, let stall):
            self.speed = speed
            model = .slots(Slots(count: count, period: period, stall: stall))
        }
    }

    var hasAntagonist: Bool {
        if case .sharing(let sharing) = model { sharing.hasAntagonist } else { false }
    }

    mutating func begin(_ request: Int, work: Double, at now: Double) {
        inFlight += 1
        version += 1
        switch model {
        case .sharing(var sharing):
            model = .slots(Slots(count: 0, period: 0, stall: 0))
            sharing.advance(to: now)
            sharing.waiting.append((mark: sharing.virtual + work, request: request))
            sharing.setRate(speed)
            model = .sharing(sharing)
        case .slots(var slots):
            model = .slots(Slots(count: 0, period: 0, stall: 0))
            slots.queue.append((request: request, work: work))
            slots.start(at: now, speed: speed)
            model = .slots(slots)
        }
    }

    /// When the next request will be done, if nothing changes.
    var nextCompletion: Double? {
        switch model {
        case .sharing(let sharing):
            guard let least = sharing.waiting.map(\.mark).min() else { return nil }
            return sharing.latest + max(0, least - sharing.virtual) / sharing.rate
        case .slots(let slots): return slots.busy.map(\.until).min()
        }
    }

    /// The request that is done now.
    mutating func complete(at now: Double) -> Int? {
        version += 1
        switch model {
        case .sharing(var sharing):
            model = .slots(Slots(count: 0, period: 0, stall: 0))
            defer { model = .sharing(sharing) }
            sharing.advance(to: now)
            guard let index = sharing.waiting.indices.min(by: { sharing.waiting[$0].mark < sharing.waiting[$1].mark })
            else { return nil }
            let request = sharing.waiting[index].request
            sharing.waiting.swapAt(index, sharing.waiting.count - 1)
            sharing.waiting.removeLast()
            sharing.setRate(speed)
            inFlight -= 1
            return request
        case .slots(var slots):
            model = .slots(Slots(count: 0, period: 0, stall: 0))
            defer { model = .slots(slots) }
            guard let index = slots.busy.indices.min(by: { slots.busy[$0].until < slots.busy[$1].until }) else {
                return nil
            }
            let request = slots.busy[index].request
            slots.busy.remove(at: index)
            slots.start(at: now, speed: speed)
            inFlight -= 1
            return request
        }
    }

    /// Takes back a request that nobody waits for any more.
    mutating func cancel(_ request: Int, at now: Double) {
        version += 1
        switch model {
        case .sharing(var sharing):
            sharing.advance(to: now)
            if let index = sharing.waiting.firstIndex(where: { $0.request == request }) {
                sharing.waiting.remove(at: index)
                inFlight -= 1
            }
            sharing.setRate(speed)
            model = .sharing(sharing)
        case .slots(var slots):
            if let index = slots.queue[slots.queueStart...].firstIndex(where: { $0.request == request }) {
                slots.queue.remove(at: index)
                inFlight -= 1
            } else if let index = slots.busy.firstIndex(where: { $0.request == request }) {
                slots.busy.remove(at: index)
                slots.start(at: now, speed: speed)
                inFlight -= 1
            }
            model = .slots(slots)
        }
    }

    /// The machine's other tenant takes more or less.
    mutating func disturb(at now: Double, factor: Double) {
        guard case .sharing(var sharing) = model else { return }
        version += 1
        sharing.advance(to: now)
        sharing.cores = sharing.allocation * factor
        sharing.setRate(speed)
        model = .sharing(sharing)
    }

    /// It becomes so many times faster.
    mutating func change(speedBy factor: Double, at now: Double) {
        if case .sharing(var sharing) = model {
            sharing.advance(to: now)
            sharing.setRate(speed * factor)
            model = .sharing(sharing)
        }
        version += 1
        speed *= factor
    }

    // MARK: what it tells of itself

    /// The time that one more request would take here for each second of work, as things stand.
    var costOfOneMore: Double {
        let load = Double(inFlight + 1)
        switch model {
        case .sharing(let sharing): return max(1, load / sharing.cores) / speed + 1e-6 * load
        case .slots(let slots): return max(1, load / Double(slots.count)) / speed + 1e-6 * load
        }
    }

    mutating func note(inFlight: Int, latency: Double, at now: Double) {
        let note = (at: now, inFlight: inFlight, latency: latency)
        if recent.count < 64 {
            recent.append(note)
        } else {
            recent[recentNext] = note
            recentNext = (recentNext + 1) % 64
        }
    }

    /// The median of recent latencies taken at about the present load, scaled to it: else a server that got no work for
    /// a while would keep a high figure for good. What is older than ten seconds does not count.
    func latencyEstimate(at now: Double) -> Double {
        let recent = recent.filter { now - $0.at < 10 }
        guard !recent.isEmpty else { return 0 }
        let allocation: Double
        switch model {
        case .sharing(let sharing): allocation = sharing.allocation
        case .slots(let slots): allocation = Double(slots.count)
        }
        let load = max(Double(inFlight + 1), allocation)
        let nearest = recent.sorted { abs($0.inFlight - inFlight) < abs($1.inFlight - inFlight) }.prefix(25)
        let values = nearest.map { $0.latency * load / max(Double($0.inFlight + 1), allocation) }.sorted()
        return values[values.count / 2]
    }
}

extension SimulatedServer.Sharing {
    fileprivate mutating func advance(to now: Double) {
        virtual += (now - latest) * rate
        latest = now
    }

    fileprivate mutating func setRate(_ speed: Double) {
        let running = Double(waiting.count)
        rate = waiting.isEmpty ? 0 : speed * (running <= cores ? 1 : cores / running)
    }
}

extension SimulatedServer.Slots {
    fileprivate mutating func start(at now: Double, speed: Double) {
        while busy.count < count, queueStart < queue.count {
            let next = queue[queueStart]
            queueStart += 1
            busy.append((until: finish(from: now, after: next.work / speed), request: next.request))
        }
        if queueStart > 1024 {
            queue.removeFirst(queueStart)
            queueStart = 0
        }
    }

    /// Service does not go on while the server is frozen, at the end of each period.
    private func finish(from now: Double, after service: Double) -> Double {
        guard period > 0, stall > 0 else { return now + service }
        var start = now
        var rest = service
        let live = period - stall
        while true {
            let phase = start - (start / period).rounded(.down) * period
            if phase >= live - 1e-9 {
                start += period - phase + 1e-9
            } else if phase + rest <= live {
                return start + rest
            } else {
                rest -= live - phase
                start += period - phase + 1e-9
            }
        }
    }
}
