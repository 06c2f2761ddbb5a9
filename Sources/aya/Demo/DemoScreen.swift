internal import Glibc

/// What the demonstration prints: figures that are drawn in place on a terminal, lines elsewhere; 80 columns suffice.
final class DemoScreen {
    let isTerminal: Bool
    /// There are keys, and time.
    private let stays: Bool
    private let paint: Paint
    /// How many lines the figures took that are drawn over; 0 before the first.
    private var drawn = 0
    private var story: [String] = []
    /// What is drawn in place must stay on the screen.
    private static let longestStory = 6

    init(isTerminal: Bool, stays: Bool) {
        self.isTerminal = isTerminal
        self.stays = stays
        paint = Paint(isEnabled: isTerminal)
    }

    func introduce(_ stage: DemoStage) {
        var lines = ["", "  \(paint.strong("Aya")) before three sample servers, with this configuration:", ""]
        lines += stage.configuration.split(separator: "\n").map { "      " + paint.accent(String($0)) }
        lines += [
            "",
            "  The dashboard shows it at " + paint.accent("http://127.0.0.1:\(stage.ports.admin)/"),
            "",
            "  Eight clients ask for a page 800 times a second in all. Meanwhile, try",
            "",
        ]
        lines += Self.suggestions(stage).map { "      " + $0 } + [""]
        write(lines)
    }

    private static func suggestions(_ stage: DemoStage) -> [String] {
        let ports = stage.ports
        let admin = "--admin http://127.0.0.1:\(ports.admin)"
        let some = [
            "curl http://127.0.0.1:\(ports.web)/", "curl http://127.0.0.1:\(ports.admin)/metrics",
            "\(program) status \(admin)",
        ]
        guard let folder = stage.folder else { return some }
        return some + [
            "\(program) top \(admin)", "\(program) tap \(admin) --sample 1%", "tail -f \(folder.log)", "",
            "# change \(folder.configuration), then", "\(program) reload \(admin)", "\(program) rollback \(admin)",
        ]
    }

    /// As it was called, so that what is shown can be copied.
    private static var program: String {
        CommandLine.arguments.first.flatMap { $0.contains("/") ? $0 : nil } ?? "aya"
    }

    /// An event, told once.
    func tell(_ text: String, at time: Duration) {
        let line = "  \(Self.time(time))  \(paint.strong(text))"
        if isTerminal { story = (story + [line]).suffix(Self.longestStory) } else { write([line]) }
    }

    func show(_ frame: DemoFrames.Frame) {
        guard isTerminal else {
            write(drawn == 0 ? [heading(frame), line(frame)] : [line(frame)])
            drawn = 1
            return
        }
        let help = stays ? ["  keys: 1 2 3 stop and start a server, q ends", ""] : []
        let lines = picture(frame) + [""] + help + story
        // Up to the first of the lines drawn before, then each anew.
        var text = drawn > 0 ? "\u{1b}[\(drawn)A" : ""
        for line in lines { text += "\r\u{1b}[2K" + line + "\n" }
        // A story that has become shorter leaves nothing behind.
        text += "\u{1b}[J"
        print(text, terminator: "")
        fflush(nil)
        drawn = lines.count
    }

    func conclude(_ summary: DemoFrames.Summary) {
        let failed = "\(Figures.count(summary.failures)) failed"
        write([
            "",
            "  \(Figures.count(summary.requests)) requests in \(Self.time(summary.time, width: 0)), "
                + (summary.failures == 0 ? paint.good(failed) : paint.bad(failed))
                + "; p50 \(Figures.time(summary.p50)), p99 \(Figures.time(summary.p99)).",
            summary.retries > 0
                ? "  \(Figures.count(summary.retries)) of them met the stopped server and were tried on another one."
                : "  None had to be tried on a second server.",
            "",
        ])
    }

    private func heading(_ frame: DemoFrames.Frame) -> String {
        let ports = frame.servers.map { ":\($0.address.split(separator: ":").last ?? "")" }
        return row(["time", "requests/s", "p50", "p99", "failed"] + ports)
    }

    private func line(_ frame: DemoFrames.Frame) -> String {
        let figures = [
            "\(Self.time(frame.time))", Figures.decimal(frame.requestsPerSecond, 0), Figures.time(frame.p50),
            Figures.time(frame.p99), Figures.count(frame.failures),
        ]
        return row(figures + frame.servers.map { Self.percent($0.share) })
    }

    private func row(_ cells: [String]) -> String {
        let widths = [8, 12, 10, 10, 8]
        return cells.enumerated().map { Self.right($1, $0 < widths.count ? widths[$0] : 8) }.joined()
    }

    private func picture(_ frame: DemoFrames.Frame) -> [String] {
        let failed = "failed \(Figures.count(frame.failures))"
        var lines = [
            "  \(Self.time(frame.time))  "
                + paint.strong("\(Self.right(Figures.decimal(frame.requestsPerSecond, 0), 5)) requests/s")
                + "  p50 \(Figures.time(frame.p50))  p99 \(Figures.time(frame.p99))  "
                + (frame.failures == 0 ? paint.good(failed) : paint.bad(failed))
                + "  retried \(Figures.count(frame.retries))",
            "",
        ]
        for server in frame.servers {
            let bar = String(repeating: "█", count: Int((server.share * 30).rounded()))
            let room = String(repeating: " ", count: max(0, 30 - bar.count))
            lines.append(
                "  \(server.address)  \(paint.accent(bar))\(room) "
                    + "\(Self.right(Figures.decimal(server.requestsPerSecond, 0), 5))/s  \(Self.percent(server.share))"
                    + (server.state == "available" ? "" : "  " + paint.bad(server.state)))
        }
        return lines
    }

    private static func time(_ duration: Duration, width: Int = 4) -> String {
        right(Figures.decimal(duration / .seconds(1), 1), width) + " s"
    }

    private static func percent(_ share: Double) -> String { right(Figures.decimal(share * 100, 0), 3) + " %" }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func write(_ lines: [String]) {
        for line in lines { print(line) }
        fflush(nil)
    }
}
