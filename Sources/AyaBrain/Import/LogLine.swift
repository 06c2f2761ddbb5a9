/// Reads lines of access logs. What is no such line gives nil; nothing in a line makes it stop.
package enum LogLine {
    /// - Parameter format: one of logs; `csv` and `prometheus` have no lines of this kind.
    package static func row(_ line: ArraySlice<UInt8>, _ format: ImportFormat) -> LogRow? {
        // Longer ones are no requests.
        guard line.count <= 1 << 16 else { return nil }
        return switch format {
        case .aya: aya(line)
        case .combined: combined(line)
        case .haproxy: haproxy(line)
        case .alb: alb(line)
        case .csv, .prometheus: nil
        }
    }

    // MARK: Aya

    private static let ayaTime = Array("\"timestamp\":".utf8)
    private static let ayaStatus = Array("\"http.response.status_code\":".utf8)
    private static let ayaDuration = Array("\"aya.duration.total\":".utf8)

    private static func aya(_ line: ArraySlice<UInt8>) -> LogRow? {
        guard line.first == UInt8(ascii: "{") else { return nil }
        return LogRow(
            time: value(of: ayaTime, in: line).flatMap(Timestamp.seconds),
            status: value(of: ayaStatus, in: line).flatMap(whole),
            duration: value(of: ayaDuration, in: line).flatMap(DecimalText.number))
    }

    /// What stands behind a key up to the next comma or brace, without quotes.
    private static func value(of key: [UInt8], in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let start = find(key, in: line) else { return nil }
        var rest = line[(start + key.count)...]
        let isText = rest.first == UInt8(ascii: "\"")
        if isText { rest = rest.dropFirst() }
        return rest.prefix { isText ? $0 != UInt8(ascii: "\"") : $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
    }

    private static func find(_ pattern: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
        guard line.count >= pattern.count, let first = pattern.first else { return nil }
        var start = line.startIndex
        let last = line.endIndex - pattern.count
        while start <= last {
            if line[start] == first, line[start..<start + pattern.count].elementsEqual(pattern) { return start }
            start += 1
        }
        return nil
    }

    // MARK: the others

    /// `203.0.113.9 - - [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 200 2326 "-" "curl/8" 0.012`
    private static func combined(_ line: ArraySlice<UInt8>) -> LogRow? {
        guard let (date, rest) = bracketed(line) else { return nil }
        let words = LogWords(rest).all
        guard words.count >= 2, words[0].isQuoted else { return nil }
        let last = words[words.count - 1]
        let duration = words.count > 3 && !last.isQuoted ? DecimalText.number(last.bytes) : nil
        return LogRow(time: ClockText.seconds(date), status: whole(words[1].bytes), duration: duration)
    }

    /// `… [06/Feb/2026:12:14:14.655] http-in web/srv1 10/0/30/69/109 200 2750 - - ---- …`: the last of the five times is
    /// the whole, in milliseconds.
    private static func haproxy(_ line: ArraySlice<UInt8>) -> LogRow? {
        // Syslog's own prefix may have brackets, as in `haproxy[14389]:`.
        var rest = line
        while let (date, behind) = bracketed(rest) {
            if let time = ClockText.seconds(date) {
                let words = LogWords(behind).all
                guard words.count >= 4 else { return nil }
                let total = words[2].bytes.split(separator: UInt8(ascii: "/")).last.map { $0.drop { $0 == 43 } }
                return LogRow(
                    time: time, status: whole(words[3].bytes),
                    duration: total.flatMap { DecimalText.number($0) }.map { $0 / 1_000 })
            }
            rest = behind
        }
        return nil
    }

    /// `https 2026-07-02T22:23:00.186641Z app/… client:port target:port 0.086 0.048 0.037 200 200 0 57 "GET …"`
    private static func alb(_ line: ArraySlice<UInt8>) -> LogRow? {
        let words = LogWords(line).first(9)
        guard words.count == 9 else { return nil }
        let times = words[5...7].map { DecimalText.number($0.bytes) ?? -1 }
        // -1 is a time that never came.
        let duration = times.allSatisfy { $0 >= 0 } ? times.reduce(0, +) : nil
        return LogRow(time: Timestamp.seconds(words[1].bytes), status: whole(words[8].bytes), duration: duration)
    }

    /// What stands in the first square brackets, and what follows.
    private static func bracketed(_ line: ArraySlice<UInt8>) -> (inside: ArraySlice<UInt8>, behind: ArraySlice<UInt8>)?
    {
        guard let open = line.firstIndex(of: UInt8(ascii: "[")),
            let close = line[open...].firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        return (line[(open + 1)..<close], line[(close + 1)...])
    }

    private static func whole(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard (1...6).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }
}

/// The words of a line; quotes hold several together, and a backslash one more quote.
private struct LogWords {
    struct Word {
        var bytes: ArraySlice<UInt8>
        var isQuoted: Bool
    }

    private var rest: ArraySlice<UInt8>
    init(_ line: ArraySlice<UInt8>) { rest = line }

    var all: [Word] { first(64) }

    func first(_ most: Int) -> [Word] {
        var copy = self
        var words: [Word] = []
        while words.count < most, let word = copy.next() { words.append(word) }
        return words
    }

    private mutating func next() -> Word? {
        rest = rest.drop { $0 <= 32 }
        guard let head = rest.first else { return nil }
        guard head == UInt8(ascii: "\"") else {
            let word = rest.prefix { $0 > 32 }
            rest = rest.dropFirst(word.count)
            return Word(bytes: word, isQuoted: false)
        }
        var end = rest.startIndex + 1
        while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
            end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        end = min(end, rest.endIndex)
        let word = rest[(rest.startIndex + 1)..<end]
        rest = rest[min(end + 1, rest.endIndex)...]
        return Word(bytes: word, isQuoted: true)
    }
}
