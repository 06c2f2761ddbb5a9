/// One thing that `aya check` looked at: how it stands, and what to do about it.
struct Finding {
    enum Level: String {
        case good = "ok"
        /// It runs, but not as well as it could.
        case doubtful = "warning"
        /// It does not run, or fails its clients.
        case bad = "error"
    }

    var level: Level
    var topic: String
    var message: String
    var fix: String?

    static func good(_ topic: String, _ message: String) -> Finding {
        Finding(level: .good, topic: topic, message: message)
    }

    static func doubtful(_ topic: String, _ message: String, fix: String) -> Finding {
        Finding(level: .doubtful, topic: topic, message: message, fix: fix)
    }

    static func bad(_ topic: String, _ message: String, fix: String) -> Finding {
        Finding(level: .bad, topic: topic, message: message, fix: fix)
    }
}

/// Findings as lines for people, each with its mark and, where there is one, with what to do.
struct CheckPage {
    let text: String

    init(_ findings: [Finding], _ paint: Paint) {
        var lines: [String] = []
        let width = findings.map(\.topic.count).max() ?? 0
        for finding in findings {
            let mark =
                switch finding.level {
                case .good: paint.good("✓")
                case .doubtful: paint.accent("!")
                case .bad: paint.bad("✗")
                }
            let topic = finding.topic + String(repeating: " ", count: width - finding.topic.count)
            lines.append("\(mark) \(topic)  \(finding.message)")
            if let fix = finding.fix { lines.append("  \(String(repeating: " ", count: width))  -> \(fix)") }
        }
        func count(_ level: Finding.Level) -> Int { findings.count { $0.level == level } }
        lines.append("")
        lines.append(
            "\(count(.good)) fine, \(Count(count(.doubtful), "warning")), \(Count(count(.bad), "error"))")
        text = lines.joined(separator: "\n") + "\n"
    }
}
