internal import ArgumentParser
internal import AyaServer
internal import Synchronization

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Aya before three sample servers under a gentle load.",
        discussion: """
            Everything runs in this process, on loopback ports. One of the servers is stopped meanwhile and comes \
            back. On a terminal the figures are drawn in place, elsewhere there is a line each second.
            """)

    @Option(help: "How long it runs.")
    var seconds = 15

    @Flag(help: "End after the first second's figures.")
    var once = false

    func validate() throws {
        guard (3...3600).contains(seconds) else { throw ValidationError("--seconds takes 3 to 3600.") }
    }

    func run() throws {
        let signals = try Signals.watch()
        let isStopped = Stop()
        Task.detached { for await request in signals.requests where request == .stop { isStopped.request() } }
        let stage: DemoStage
        do {
            stage = try DemoStage.open()
        } catch {
            throw Exit.failure("\(error)")
        }
        DemoShow(stage, length: .seconds(seconds), isShort: once, stop: isStopped).run()
        try stage.close()
    }

    /// Whether the operator has had enough.
    final class Stop: Sendable {
        private let isWanted = Atomic(false)
        func request() { isWanted.store(true, ordering: .relaxed) }
        var isRequested: Bool { isWanted.load(ordering: .relaxed) }
    }
}
