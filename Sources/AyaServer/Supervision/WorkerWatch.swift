internal import AyaTelemetry
internal import Synchronization

/// Notices a worker that takes no turns any more.
///
/// Its connections and its share of the new ones get no answer, while the process looks alive. So it stands in the log,
/// in the metrics, in the status and in `/healthz`, until it goes on or the process is started anew; and whatever asks
/// all workers does without it.
final class WorkerWatch: Sendable {
    /// A turn takes microseconds, but a machine may stall for seconds.
    static let limit = Duration.seconds(10)
    private static let pause = Duration.seconds(1)

    private let workers: WorkerDirectory
    private let log: Log
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(_ workers: WorkerDirectory, log: Log) {
        self.workers = workers
        self.log = log
    }

    func start() {
        tasks.withLock { $0 = workers.all.map { site in Task { await self.watch(site) } } }
    }

    func end() { tasks.withLock { for task in $0 { task.cancel() } } }

    private func watch(_ site: WorkerSite) async {
        while !Task.isCancelled {
            let asked = ContinuousClock.now
            if await site.answers(within: Self.limit) {
                try? await Task.sleep(for: Self.pause)
                continue
            }
            // A process that was stopped as a whole, and goes on, has the end of its patience before an answer.
            guard await !site.answers(within: Self.pause), !Task.isCancelled else { continue }
            site.isSilent = true
            let worker = "\(site.index)"
            log.error("a worker does not answer", ["worker": worker, "seconds": Self.seconds(since: asked)])
            await site.takeATurn()
            site.isSilent = false
            guard !Task.isCancelled else { return }
            log.notice("a worker answers again", ["worker": worker, "seconds": Self.seconds(since: asked)])
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> String {
        "\((ContinuousClock.now - start).components.seconds)"
    }
}

extension WorkerDirectory {
    /// Those that do not answer, by number.
    var silent: [Int] { all.filter(\.isSilent).map(\.index) }

    /// Why nothing can be done that needs every worker; nil when all answer.
    var silence: String? {
        silent.first.map { worker in
            "worker \(worker) does not answer: nothing can be changed before it does, or Aya is started anew"
        }
    }
}
