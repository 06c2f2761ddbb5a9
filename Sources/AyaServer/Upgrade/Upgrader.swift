internal import AyaConfig
internal import AyaProxy
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry
internal import Glibc

/// Has another process take over: the program as it is on the disk now, started with our own arguments.
///
/// It inherits the listening sockets themselves, so no address is ever without somebody who listens and no queue is
/// lost. For a moment both accept; when it says that it serves, this one takes no new work, finishes what runs, and
/// ends. When it does not come that far, nothing has changed.
final class Upgrader: Sendable {
    private let reloader: Reloader
    private let workers: WorkerDirectory
    private let phase: Phase
    private let succession: Succession?
    private let log: Log

    /// A large configuration may have names to look up.
    private static let patience = Duration.seconds(60)

    init(_ reloader: Reloader, workers: WorkerDirectory, phase: Phase, succession: Succession?, log: Log) {
        self.reloader = reloader
        self.workers = workers
        self.phase = phase
        self.succession = succession
        self.log = log
    }

    /// The process that has taken over.
    func run() async throws(UpgradeError) -> Int32 {
        // No reload in between: what is handed over must be what runs.
        let result = await reloader.betweenChanges { await self.handOver() }
        switch result {
        case .success(let process): log.notice("another process has taken over", ["process": "\(process)"])
        case .failure(let error): log.error("no other process has taken over", ["reason": error.description])
        }
        return try result.get()
    }

    private func handOver() async -> Result<Int32, UpgradeError> {
        guard let succession else { return .failure(UpgradeError("this process can not be succeeded")) }
        guard phase.current == .serving else { return .failure(UpgradeError("Aya is stopping")) }
        if let silence = workers.silence { return .failure(UpgradeError(silence)) }
        var bequests: [Successor.Bequest] = []
        let sites = workers.all
        for site in sites {
            bequests += await site.bequests(
                reloader.running.snapshot, mostFlows: FlowName.most / max(1, sites.count))
        }
        // Without them clients shake hands anew, which is no reason to stay.
        let tickets = reloader.running.shared.security.tickets.bequest.flatMap { try? MemoryFile($0) }
        defer { tickets?.close() }
        if let tickets { bequests.append(.init(name: BequestName.ticketKeys, descriptor: tickets.descriptor)) }
        let (given, patience) = (bequests, Self.patience)
        return await withCheckedContinuation { continuation in
            let thread = PlainThread { continuation.resume(returning: self.start(succession, given, patience)) }
            if !thread.start() { continuation.resume(returning: .failure(UpgradeError("the system has no thread"))) }
        }
    }

    private func start(
        _ succession: Succession, _ bequests: [Successor.Bequest], _ patience: Duration
    ) -> Result<Int32, UpgradeError> {
        let successor: Successor
        do throws(SystemError) {
            successor = try Successor(succession.program, arguments: succession.arguments, bequests)
        } catch {
            return .failure(UpgradeError("'\(succession.program)' can not be started: \(error)"))
        }
        switch successor.wait(patience: patience) {
        case .serves: break
        case .ended(let status): return .failure(UpgradeError("the new process ended with \(status)"))
        case .killed(let signal): return .failure(UpgradeError("the new process was ended by signal \(signal)"))
        case .late: return .failure(UpgradeError("the new process was not ready after \(patience)"))
        }
        phase.handOver()
        ServiceManager.current?.tell(.succeeded(by: successor.process))
        // The way of every stop: whoever runs this process listens for it.
        kill(getpid(), SIGTERM)
        return .success(successor.process)
    }
}

extension Inheritance {
    /// Of the process before, so that its clients resume their sessions with this one.
    func ticketKeys() -> TicketKeys? {
        guard let descriptor = take(BequestName.ticketKeys, atMost: 1).first else { return nil }
        let file = MemoryFile(descriptor: descriptor)
        defer { file.close() }
        return file.read().flatMap(TicketKeys.init(bequest:))
    }
}

/// Under which name a listener's socket is handed over: the listener, its protocol, and where it is bound.
struct BequestName: Equatable {
    var listener: String
    var transport: String
    var bind: String

    static let ticketKeys = "ticket-keys"

    init(_ listener: String, _ kind: Blueprint.Listener.Kind, _ bind: BoundEndpoint) {
        self.listener = listener
        if case .udp = kind { transport = "udp" } else { transport = "stream" }
        self.bind = bind.description
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count == 3 else { return nil }
        (listener, transport, bind) = (String(parts[0]), String(parts[1]), String(parts[2]))
    }

    var text: String { "\(listener) \(transport) \(bind)" }

    /// Whether a socket of that name is one for this listener; of a listener for any port, the one that it had.
    ///
    /// - Parameter isNamed: whoever opened it chose the name on purpose, wherever it is bound.
    func fits(_ other: BequestName, isForAnyPort: Bool, isNamed: Bool = false) -> Bool {
        transport == other.transport
            && (bind == other.bind || (isForAnyPort || isNamed) && listener == other.listener)
    }
}
