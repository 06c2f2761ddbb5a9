internal import AyaHTTP
internal import AyaTelemetry
internal import Synchronization

/// The latest lines of the log, and everybody who wants to hear of the next: who comes late finds out what happened,
/// and misses nothing in between.
final class EventTrail: Sendable {
    private static let mostLines = 200
    private static let mostBytes = 128 << 10

    private let state = Mutex(State())
    private let log: Log
    private let number = Mutex<Int?>(nil)

    private struct State {
        /// Each as an event, the newest last.
        var lines: [[UInt8]] = []
        var bytes = 0
        var feeds: [Int: ServiceFeed] = [:]
        var nextFeed = 0
    }

    init(_ log: Log) {
        self.log = log
        let number = log.follow { [weak self] line in self?.tell(line) }
        self.number.withLock { $0 = number }
    }

    deinit { number.withLock { if let number = $0 { log.unfollow(number) } } }

    private func tell(_ line: [UInt8]) {
        let event = Array("data: ".utf8) + line + Array("\n".utf8)
        state.withLock { state in
            state.lines.append(event)
            state.bytes += event.count
            while state.lines.count > Self.mostLines || state.bytes > Self.mostBytes, let oldest = state.lines.first {
                state.bytes -= oldest.count
                state.lines.removeFirst()
            }
            for feed in state.feeds.values { feed.push(event) }
        }
    }

    /// - Parameter recent: how many lines of before come first.
    func feed(recent: Int) -> ServiceFeed {
        let feed = ServiceFeed()
        feed.push(Array("retry: 1000\n\n".utf8))
        let key = state.withLock { state in
            for line in state.lines.suffix(max(0, recent)) { feed.push(line) }
            state.nextFeed += 1
            state.feeds[state.nextFeed] = feed
            return state.nextFeed
        }
        feed.whenClosed { [weak self] in self?.state.withLock { $0.feeds[key] = nil } }
        return feed
    }
}
