internal import ArgumentParser
internal import AyaServer
internal import Glibc
internal import Synchronization

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Aya before three sample servers under a gentle load.",
        discussion: """
            Everything runs in this process, on loopback ports. On a terminal it stays until you have had enough, or \
            have pressed no key for ten minutes: keys stop and start the servers, and files may be changed. Elsewhere, or with \
            --seconds, one of the servers is stopped meanwhile and comes back, and it ends by itself.
            """)

    @Option(help: "End by itself after so long (default: 15, unless it stays).")
    var seconds: Int?

    @Flag(help: "Stay until it is ended, as on a terminal; keys are read from standard input.")
    var stay = false

    @Flag(help: "End after the first second's figures.")
    var once = false

    func validate() throws {
        if let seconds, !(3...3600).contains(seconds) { throw ValidationError("--seconds takes 3 to 3600.") }
        if stay, seconds != nil || once { throw ValidationError("What stays does not end by itself.") }
    }

    /// Somebody looks, and has not said for how long.
    private var stays: Bool {
        stay || !once && seconds == nil && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    func run() throws {
        let signals = try Signals.watch()
        let isStopped = Stop()
        Task.detached { for await request in signals.requests where request == .stop { isStopped.request() } }
        let folder = stays ? try DemoFolder.make() : nil
        defer { folder?.remove() }
        let stage: DemoStage
        do {
            stage = try DemoStage.open(folder: folder)
        } catch {
            throw Exit.failure("\(error)")
        }
        // Nobody has asked for it to stay: a terminal that was forgotten is not kept busy for good.
        let end: DemoShow.End = stay ? .never : stays ? .idle(.seconds(600)) : .after(.seconds(seconds ?? 15))
        DemoShow(stage, end: end, isShort: once, stop: isStopped).run()
        try stage.close()
    }

    /// Whether the operator has had enough.
    final class Stop: Sendable {
        private let isWanted = Atomic(false)
        func request() { isWanted.store(true, ordering: .relaxed) }
        var isRequested: Bool { isWanted.load(ordering: .relaxed) }
    }
}
