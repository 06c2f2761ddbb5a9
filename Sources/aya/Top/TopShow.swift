internal import ArgumentParser
internal import AyaReactor
internal import Glibc

/// The loop of `aya top`: what comes from Aya, the keyboard and the system, one after the other on one thread.
struct TopShow {
    private let address: RunningAya
    private var state: TopState
    private var source: TopSource
    /// In seconds: then it is time to look whether a connection that was lost is there again.
    private static let patience = 0.5

    init(_ address: RunningAya, _ state: TopState) {
        self.address = address
        self.state = state
        source = TopSource(address)
    }

    consuming func run() throws {
        // Signals are read like keys, so that the terminal is itself again at any end.
        guard let signals = try? SignalSource([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH]) else {
            throw Exit.failure("signals can not be watched")
        }
        guard let screen = TerminalScreen() else { throw Exit.failure("the terminal can not be set up") }
        defer { screen.restore() }
        var isStale = true
        while true {
            if isStale {
                let size = screen.size
                let frame = TopFrame(state, source, width: size.columns, height: size.rows)
                state.scroll = frame.scroll
                guard screen.draw(frame.lines) else { return }
                isStale = false
            }
            let (hasKeys, hasSignals) = source.wait(
                until: TopClock.now + Self.patience, for: STDIN_FILENO, signals.descriptor)
            isStale = source.takeNews() && !state.isPaused
            if hasKeys {
                // The terminal is gone when nothing can be read.
                guard let keys = TerminalKey.read(), state.take(keys) else { return }
                isStale = true
            }
            if hasSignals {
                guard signals.next() == SIGWINCH else { return }
                screen.forget()
                isStale = true
            }
        }
    }
}
