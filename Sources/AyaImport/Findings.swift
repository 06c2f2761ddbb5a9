internal import AyaConfig

/// Collects what one import could not carry over. Each is said once for each line, and their number is bounded: a file
/// of garbage must not answer with a million lines.
final class Findings {
    static let limit = 2000

    /// Grows while files are included.
    var files: [SourceFile] = []
    private var seen: Set<Finding> = []
    private var found: [(origin: Origin, finding: Finding)] = []
    private var leftOut = 0

    func lost(_ message: String, at origin: Origin) { add(.lost, message, origin) }
    func differs(_ message: String, at origin: Origin) { add(.differs, message, origin) }

    private func add(_ kind: Finding.Kind, _ message: String, _ origin: Origin) {
        guard found.count < Self.limit else {
            leftOut += 1
            return
        }
        let name = files.indices.contains(origin.file) ? files[origin.file].name : "?"
        let finding = Finding(kind: kind, file: name, line: origin.line, message: OneLine.text(message))
        if seen.insert(finding).inserted { found.append((origin, finding)) }
    }

    /// In the order of the files.
    var all: [Finding] {
        let order = found.indices.sorted { (found[$0].origin, $0) < (found[$1].origin, $1) }
        var result = order.map { found[$0].finding }
        if leftOut > 0, let last = result.last {
            result.append(
                Finding(kind: .lost, file: last.file, line: last.line, message: "\(leftOut) more, which are not shown"))
        }
        return result
    }
}

/// Text of a stranger's file as it may stand in a message or a comment: one line, bounded, without control characters.
enum OneLine {
    static func text(_ text: String, limit: Int = 400) -> String {
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == limit { return result + "…" }
            let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
            let isSeparator = scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0xfeff
            result.unicodeScalars.append(isControl || isSeparator ? " " : scalar)
        }
        return result
    }

    static func short(_ text: String) -> String { self.text(text, limit: 60) }
}
