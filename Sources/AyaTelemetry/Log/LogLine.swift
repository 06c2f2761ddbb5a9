/// One diagnostic in either of its forms.
struct LogLine {
    var time: Int64
    var level: Log.Level
    var message: String
    var fields: [(key: String, value: String)]

    /// `{"timestamp":…,"level":"warning","message":"accept paused","listener":"web"}`
    func json() -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { line in
            line.member("timestamp", timestamp)
            line.member("level", level.name)
            line.member("message", message)
            for (key, value) in fields { line.member(key, value) }
        }
        writer.raw("\n")
        return writer.sink.bytes
    }

    /// `2026-01-31T23:59:59.123Z warning accept paused listener=web`
    func text(isColoured: Bool) -> [UInt8] {
        var text = Text()
        text.append(text: timestamp)
        text.append(text: isColoured ? " \(colour)\(padded)\u{1b}[0m " : " \(padded) ")
        JSONEscape.append(message, to: &text)
        for (key, value) in fields {
            text.append(text: " \(key)=")
            let isBare = !value.isEmpty && value.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 92 && $0 != 127 }
            if isBare {
                text.append(text: value)
            } else {
                text.append(UInt8(ascii: "\""))
                JSONEscape.append(value, to: &text)
                text.append(UInt8(ascii: "\""))
            }
        }
        text.append(UInt8(ascii: "\n"))
        return text.bytes
    }

    private var padded: String { level.name + String(repeating: " ", count: max(0, 7 - level.name.utf8.count)) }

    private var timestamp: String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(time, to: &text)
        return text.string
    }

    private var colour: String {
        switch level {
        case .debug: "\u{1b}[2m"
        case .info: "\u{1b}[32m"
        case .notice: "\u{1b}[36m"
        case .warning: "\u{1b}[33m"
        case .error: "\u{1b}[31m"
        }
    }
}
