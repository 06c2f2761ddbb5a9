internal import Glibc

/// The course of the demonstration: a load, figures, and a server that is stopped and comes back.
struct DemoShow {
    private let stage: DemoStage
    private let length: Duration
    private let isShort: Bool
    private let stop: Demo.Stop
    private let screen: DemoScreen
    private let clock = ContinuousClock()

    /// The one that is stopped.
    private static let victim = 1

    init(_ stage: DemoStage, length: Duration, isShort: Bool, stop: Demo.Stop) {
        self.stage = stage
        self.length = length
        self.isShort = isShort
        self.stop = stop
        screen = DemoScreen(isTerminal: isatty(STDOUT_FILENO) == 1)
    }

    func run() {
        screen.introduce(stage, length: length)
        let load = DemoLoad(port: stage.ports.web, clients: 8, rate: 800)
        var frames = DemoFrames(stage: stage, load: load)
        let begin = clock.now
        // The outage takes the middle third.
        var acts = isShort ? [] : acts
        while !stop.isRequested {
            let elapsed = clock.now - begin
            if let act = acts.first, elapsed >= act.time {
                acts.removeFirst()
                screen.tell(act.text, at: elapsed)
                act.perform()
            }
            pause(screen.isTerminal ? .milliseconds(500) : .seconds(1))
            screen.show(frames.next(at: clock.now - begin))
            if isShort || clock.now - begin >= length { break }
        }
        load.stop()
        screen.conclude(frames.summary(of: clock.now - begin))
    }

    private struct Act {
        var time: Duration
        var text: String
        var perform: () -> Void
    }

    private var acts: [Act] {
        let address = "127.0.0.1:\(stage.ports.servers[Self.victim])"
        return [
            Act(time: length / 3, text: "\(address) is stopped, and its connections are cut") {
                // A sample that can not be stopped or started shows in the figures.
                try? stage.stopSample(Self.victim)
            },
            Act(time: length * 2 / 3, text: "\(address) is started again") {
                try? stage.restartSample(Self.victim)
            },
        ]
    }

    /// Short naps, so that a signal is heard at once.
    private func pause(_ duration: Duration) {
        let end = clock.now + duration
        while !stop.isRequested, clock.now < end { usleep(20_000) }
    }
}
