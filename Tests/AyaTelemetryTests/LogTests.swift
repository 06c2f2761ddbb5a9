internal import AyaTelemetry
internal import Synchronization
internal import Testing

@Suite struct LogTests {
    final class Output: Sendable {
        let text = Mutex("")
        let now = Mutex<Int64>(1_769_903_999_123_000_000)

        func log(_ format: Log.Format, level: Log.Level = .info) -> Log {
            Log(
                level: level, format: format, limit: Log.RateLimit(lines: 3, window: .seconds(10)),
                clock: { [self] in now.withLock(\.self) },
                output: { [self] line in text.withLock { $0 += String(decoding: line, as: UTF8.self) } })
        }

        func take() -> String {
            text.withLock { text in
                defer { text = "" }
                return text
            }
        }
    }

    @Test func jsonLine() {
        let output = Output()
        output.log(.json).warning("accept paused", ["listener": "web", "why": "a\n\"b\""])
        #expect(
            output.take()
                == #"{"timestamp":"2026-01-31T23:59:59.123Z","level":"warning","message":"accept paused","listener":"web","#
                + #""why":"a\n\"b\""}"# + "\n")
    }

    @Test func textLine() {
        let output = Output()
        output.log(.text(isColoured: false)).info("ready", ["listener": "web", "why": "two words", "none": ""])
        #expect(output.take() == #"2026-01-31T23:59:59.123Z info    ready listener=web why="two words" none="""# + "\n")
    }

    @Test func levelsBelowAreSilent() {
        let output = Output()
        let log = output.log(.json, level: .warning)
        log.notice("a")
        log.debug("b")
        #expect(output.take().isEmpty)
        log.error("c")
        #expect(!output.take().isEmpty)
    }

    @Test func floodIsCountedInsteadOfWritten() {
        let output = Output()
        let log = output.log(.json)
        for _ in 0..<100 { log.warning("flood") }
        log.warning("other")
        #expect(output.take().split(separator: "\n").count == 4)
        output.now.withLock { $0 += 10_000_000_000 }
        log.warning("flood")
        #expect(output.take().contains(#""suppressed":"97""#))
    }
}
