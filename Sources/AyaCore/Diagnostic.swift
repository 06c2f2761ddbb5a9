/// A problem of a configuration, told the way a compiler tells it.
package struct Diagnostic: Hashable, Sendable, Error {
    package enum Severity: String, Sendable { case error, warning }

    /// A place in a file; lines and columns count from 1.
    package struct Location: Hashable, Sendable {
        package var file: String
        package var line: Int
        package var column: Int

        package init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }
    }

    package var severity: Severity
    package var location: Location?
    /// Lower case, without a full stop, with the offending value in single quotes.
    package var message: String
    /// The source line the location points into, shown with a caret.
    package var sourceLine: String?

    package init(_ severity: Severity, at location: Location?, _ message: String, sourceLine: String? = nil) {
        self.severity = severity
        self.location = location
        self.message = message
        self.sourceLine = sourceLine
    }

    /// `aya.yaml:14:7: error: …`, then the line and a caret where both are known.
    package var rendered: String {
        var text = location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
        text += "\(severity.rawValue): \(message)"
        if let sourceLine, let location {
            text += "\n    \(sourceLine)\n    " + String(repeating: " ", count: max(0, location.column - 1)) + "^"
        }
        return text
    }
}
