internal import Glibc

/// The course of the demonstration: a load, figures, and a server that is stopped and comes back; by itself, or by the
/// keys of somebody who looks.
struct DemoShow {
    /// When it ends unless somebody ends it.
    enum End {
        /// With an outage in the middle third.
        case after(Duration)
        /// So long after the last key.
        case idle(Duration)
        case never

        var stays: Bool { if case .after = self { false } else { true } }
    }

    private let stage: DemoStage
    private let end: End
    private let isShort: Bool
    private let stop: Demo.Stop
    private let screen: DemoScreen
    private let keys: DemoKeys
    private let clock = ContinuousClock()

    /// The one that is stopped without being asked.
    private static let victim = 1

    init(_ stage: DemoStage, end: End, isShort: Bool, stop: Demo.Stop) {
        self.stage = stage
        self.end = end
        self.isShort = isShort
        self.stop = stop
        keys = DemoKeys(isWanted: end.stays)
        screen = DemoScreen(isTerminal: isatty(STDOUT_FILENO) == 1, stays: end.stays)
    }

    func run() {
        defer { keys.restore() }
        screen.introduce(stage)
        let load = DemoLoad(port: stage.ports.web, clients: 8, rate: 800)
        var frames = DemoFrames(stage: stage, load: load)
        let begin = clock.now
        var acts = isShort ? [] : acts
        while !stop.isRequested {
            let elapsed = clock.now - begin
            if let act = acts.first, elapsed >= act.time {
                acts.removeFirst()
                screen.tell(act.text, at: elapsed)
                act.perform()
            }
            pause(screen.isTerminal ? .milliseconds(500) : .seconds(1), since: begin)
            screen.show(frames.next(at: clock.now - begin))
            if isShort || isOver(since: begin) { break }
        }
        load.stop()
        screen.conclude(frames.summary(of: clock.now - begin))
    }

    private func isOver(since begin: ContinuousClock.Instant) -> Bool {
        switch end {
        case .after(let length): clock.now - begin >= length
        case .idle(let patience): clock.now - keys.latest >= patience
        case .never: false
        }
    }

    private struct Act {
        var time: Duration
        var text: String
        var perform: () -> Void
    }

    private var acts: [Act] {
        guard case .after(let length) = end else { return [] }
        return [
            Act(time: length / 3, text: stopped(Self.victim)) {
                // A sample that can not be stopped or started shows in the figures.
                try? stage.stopSample(Self.victim)
            },
            Act(time: length * 2 / 3, text: started(Self.victim)) { try? stage.restartSample(Self.victim) },
        ]
    }

    private func address(_ index: Int) -> String { "127.0.0.1:\(stage.ports.servers[index])" }
    private func stopped(_ index: Int) -> String { "\(address(index)) is stopped, and its connections are cut" }
    private func started(_ index: Int) -> String { "\(address(index)) is started again" }

    /// Short naps, so that a signal or a key is heard at once.
    private func pause(_ duration: Duration, since begin: ContinuousClock.Instant) {
        let end = clock.now + duration
        while !stop.isRequested, clock.now < end {
            for key in keys.wait(milliseconds: 20) { press(key, at: clock.now - begin) }
        }
    }

    private func press(_ key: Character, at time: Duration) {
        if key == "q" { return stop.request() }
        guard let number = key.wholeNumberValue, stage.ports.servers.indices.contains(number - 1) else { return }
        let index = number - 1
        if stage.runsSample(index) {
            screen.tell(stopped(index), at: time)
            try? stage.stopSample(index)
        } else {
            screen.tell(started(index), at: time)
            try? stage.restartSample(index)
        }
    }
}
