internal import AyaAdmin
internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// Has the brain read what history takes in, and tells the admin API of it.
final class BrainKeeper: Sendable {
    private let brain: Brain
    private let acts: BrainActs
    private let history: AyaHistory.History
    private let reading = Mutex<Task<Void, Never>?>(nil)
    /// Seconds that may wait for a brain that is busy.
    private static let patience = 30

    init(
        _ history: HistoryKeeper, _ reloader: Reloader, workers: WorkerDirectory, health: HealthThread,
        certificates: CertificateThread, trail: AuditTrail, log: Log
    ) {
        self.history = history.history
        let (board, programs, calls) = (CapacityBoard(), BrainThread(), reloader.ground.calls)
        acts = BrainActs(
            reloader: reloader, health: health, certificates: certificates, workers: workers, programs: programs,
            trail: trail, scaler: Scaler(board, log: log) { try $0.open(calls, programs) }, board: board, log: log)
        brain = Brain(history.history, acts, log: log)
    }

    func start() {
        let (brain, history) = (brain, history)
        let task = Task.detached {
            let (frames, entrance) = AsyncStream.makeStream(
                of: Frame.self, bufferingPolicy: .bufferingNewest(Self.patience))
            let number = await history.follow { entrance.yield($0) }
            await brain.restore()
            await brain.recall(now: Machine.wallClock() / 1_000_000_000)
            for await frame in frames {
                if Task.isCancelled { break }
                await brain.take(frame)
            }
            await history.unfollow(number)
        }
        reading.withLock { $0 = task }
    }

    /// Learns nothing any more, and writes what is not written.
    func end() async {
        reading.withLock { task in
            task?.cancel()
            task = nil
        }
        await brain.save()
        let scaler = acts.scaler
        Task { await scaler.end() }
        acts.programs.end()
    }

    /// What metrics tell of the number of servers.
    var capacity: [AyaTelemetry.Sample<CapacityCounts>] { acts.board.samples }
}

extension BrainKeeper: BrainDesk {
    func state() async -> BrainState { await brain.state() }
    func advice() async -> [BrainAdvice] { await brain.book.advice.map(BrainAdvice.init) }
    func incidents() async -> [BrainIncident] { await brain.watch.log.incidents.map(BrainIncident.init) }

    func forget() async -> Bool { await brain.forget() }

    func forecast(_ question: ForecastQuestion) async -> ForecastAnswer {
        await brain.answer(question, now: Machine.wallClock() / 1_000_000_000)
    }
}
