internal import AyaConfig
internal import AyaTelemetry

/// One generation as it is remembered: when it came, by what, and its whole configuration in the expanded form.
///
/// Its file is a configuration that can be run, with the rest in comments above it.
struct GenerationRecord: Sendable, Equatable {
    var number: Int
    /// In nanoseconds since 1970.
    var time: Int64
    /// What asked for it: `start`, `reload`, `rollback to 3`.
    var origin: String
    /// Against the generation before.
    var summary: String
    /// Of the configuration, expanded; it has secrets in it.
    var text: String

    /// With the milliseconds that a file knows.
    init(number: Int, time: Int64, origin: String, summary: String, text: String) {
        self.number = number
        self.time = time
        self.origin = origin
        self.summary = summary
        self.text = text
    }

    var fileName: String { Self.fileName(number) }
    static func fileName(_ number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".yaml"
    }

    /// `2026-01-31T23:59:59.123Z`.
    var timeText: String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(time, to: &text)
        return text.string
    }

    // MARK: the file

    private static let title = "# A configuration that Aya ran, with every default spelt out."

    var fileBytes: [UInt8] {
        let head = """
            \(Self.title)
            # generation: \(number)
            # time: \(time) (\(timeText))
            # origin: \(Self.oneLine(origin))
            # changes: \(Self.oneLine(summary))

            """
        return Array((head + text).utf8)
    }

    /// Nil for a file that is none of these.
    init?(file: [UInt8]) {
        let whole = String(decoding: file, as: UTF8.self)
        var rest = whole[...]
        func line() -> Substring? {
            guard let end = rest.firstIndex(of: "\n") else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return rest[..<end]
        }
        func field(_ key: String) -> String? {
            guard let line = line(), line.hasPrefix("# \(key): ") else { return nil }
            return String(line.dropFirst("# \(key): ".count))
        }
        guard line() == Self.title[...], let number = field("generation").flatMap({ Int($0) }),
            let time = field("time")?.split(separator: " ").first.flatMap({ Int64($0) }),
            let origin = field("origin"), let summary = field("changes")
        else { return nil }
        self.init(number: number, time: time, origin: origin, summary: summary, text: String(rest))
    }

    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: " ") }
}
