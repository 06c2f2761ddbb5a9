internal import Glibc
internal import Synchronization

/// Aya's own diagnostics on standard error: for people on a terminal, as JSON lines elsewhere.
///
/// The same message is written a few times in a while and then only counted, because an event that a stranger can
/// provoke must not fill a disk. Messages are constants; what differs goes into the fields.
package final class Log: Sendable {
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        case debug, info, notice, warning, error

        package var name: String { "\(self)" }
        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    package enum Format: Sendable {
        case text(isColoured: Bool)
        case json
        /// Text on a terminal, JSON elsewhere.
        case automatic
    }

    /// How many lines of one message are written within a window; the next window's first line tells how many were not.
    package struct RateLimit: Sendable {
        package var lines: Int
        package var window: Duration
        package init(lines: Int = 10, window: Duration = .seconds(10)) {
            self.lines = lines
            self.window = window
        }
    }

    private struct Budget {
        var windowStart: Int64
        var written = 0
        var suppressed = 0
    }

    private let lowest: Atomic<Int>
    private let format: Format
    private let limit: RateLimit
    private let clock: @Sendable () -> Int64
    private let output: @Sendable ([UInt8]) -> Void
    private let budgets = Mutex<[String: Budget]>([:])
    private let followers = Mutex<[Int: @Sendable ([UInt8]) -> Void]>([:])
    private let followed = Atomic<Int>(0)
    /// Messages beyond so many different ones share a budget.
    private static let budgetLimit = 512

    /// To standard error, from `info` upwards.
    package static let standard = Log()

    package convenience init(level: Level = .info, format: Format = .automatic) {
        self.init(
            level: level, format: format, limit: RateLimit(), clock: SystemCall.wallClock,
            output: Self.writeToStandardError)
    }

    /// With a clock (nanoseconds since 1970) and a place for the lines.
    package init(
        level: Level, format: Format, limit: RateLimit, clock: @escaping @Sendable () -> Int64,
        output: @escaping @Sendable ([UInt8]) -> Void
    ) {
        lowest = Atomic(level.rawValue)
        self.limit = limit
        self.clock = clock
        self.output = output
        switch format {
        case .text, .json: self.format = format
        case .automatic:
            let isTerminal = isatty(STDERR_FILENO) == 1
            self.format = isTerminal ? .text(isColoured: unsafe getenv("NO_COLOR") == nil) : .json
        }
    }

    /// What is less urgent is not written. It may change at any time.
    package var level: Level {
        get { Level(rawValue: lowest.load(ordering: .relaxed)) ?? .info }
        set { lowest.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// Has `receive` called with the JSON form of every line from `info` upwards, whatever is written; on any thread.
    /// The number is for `unfollow`.
    package func follow(_ receive: @escaping @Sendable ([UInt8]) -> Void) -> Int {
        followers.withLock { followers in
            let number = (followers.keys.max() ?? 0) + 1
            followers[number] = receive
            followed.store(followers.count, ordering: .relaxed)
            return number
        }
    }

    package func unfollow(_ number: Int) {
        followers.withLock { followers in
            followers[number] = nil
            followed.store(followers.count, ordering: .relaxed)
        }
    }

    private func tellFollowers(_ level: Level, _ message: String, _ fields: Fields) {
        let line = LogLine(time: clock(), level: level, message: message, fields: fields.map { ($0, $1) }).json()
        for receive in followers.withLock({ Array($0.values) }) { receive(line) }
    }

    package typealias Fields = KeyValuePairs<String, String>

    package func debug(_ message: String, _ fields: Fields = [:]) { write(.debug, message, fields) }
    package func info(_ message: String, _ fields: Fields = [:]) { write(.info, message, fields) }
    package func notice(_ message: String, _ fields: Fields = [:]) { write(.notice, message, fields) }
    package func warning(_ message: String, _ fields: Fields = [:]) { write(.warning, message, fields) }
    package func error(_ message: String, _ fields: Fields = [:]) { write(.error, message, fields) }

    package func write(_ level: Level, _ message: String, _ fields: Fields) {
        if level >= .info, followed.load(ordering: .relaxed) > 0 { tellFollowers(level, message, fields) }
        guard level >= self.level else { return }
        let now = clock()
        guard let suppressed = spend(message, now) else { return }
        var line = LogLine(time: now, level: level, message: message, fields: fields.map { ($0, $1) })
        if suppressed > 0 { line.fields.append(("suppressed", "\(suppressed)")) }
        switch format {
        case .text(let isColoured): output(line.text(isColoured: isColoured))
        case .json, .automatic: output(line.json())
        }
    }

    /// Nil when the message is over its budget; else how many were suppressed before.
    private func spend(_ message: String, _ now: Int64) -> Int? {
        budgets.withLock { budgets in
            let key = budgets[message] != nil || budgets.count < Self.budgetLimit ? message : ""
            var budget = budgets[key] ?? Budget(windowStart: now)
            defer { budgets[key] = budget }
            var suppressed = 0
            if now < budget.windowStart || Duration.nanoseconds(now &- budget.windowStart) >= limit.window {
                suppressed = budget.suppressed
                budget = Budget(windowStart: now)
            }
            guard budget.written < limit.lines else {
                budget.suppressed += 1
                return nil
            }
            budget.written += 1
            return suppressed
        }
    }

    /// One line is one write, so that lines of several threads do not mix. A reader that is gone is no reason to stop.
    private static func writeToStandardError(_ line: [UInt8]) {
        unsafe line.withUnsafeBytes { bytes in
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
                let count = unsafe Glibc.write(STDERR_FILENO, part.baseAddress, part.count)
                if count > 0 { unsafe rest = rest.dropFirst(count) } else if errno != EINTR { return }
            }
        }
    }
}
