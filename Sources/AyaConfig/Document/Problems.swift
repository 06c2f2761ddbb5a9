package import AyaCore

/// Collects every problem of one load, so that an operator sees all of them in one run, in the order of the files.
///
/// The number is bounded: a file of garbage must not answer with a million lines.
package final class Problems {
    package static let limit = 1000

    private let files: [SourceFile]
    private var found: [(place: Place?, diagnostic: Diagnostic)] = []
    private var leftOut = 0
    private(set) package var errorCount = 0

    package init(files: [SourceFile]) { self.files = files }

    package var hasErrors: Bool { errorCount > 0 }
    /// What is reported from now on is only counted; hints for it are not worth their time.
    var isFull: Bool { found.count >= Self.limit }

    package func error(_ message: String, at place: Place?) { add(.error, message, at: place) }
    package func warning(_ message: String, at place: Place?) { add(.warning, message, at: place) }

    private func add(_ severity: Diagnostic.Severity, _ message: String, at place: Place?) {
        if severity == .error { errorCount += 1 }
        guard found.count < Self.limit else {
            leftOut += 1
            return
        }
        var location: Diagnostic.Location?
        var sourceLine: String?
        if let place, files.indices.contains(place.file) {
            let file = files[place.file]
            location = .init(file: file.name, line: place.line, column: place.column)
            sourceLine = file.shownLine(place.line, column: place.column)
        }
        found.append((place, Diagnostic(severity, at: location, message, sourceLine: sourceLine)))
    }

    /// Sorted by place; what has none comes first.
    package var diagnostics: [Diagnostic] {
        let start = Place(file: -1, line: 0, column: 0)
        let order = found.indices.sorted {
            let (left, right) = (found[$0].place ?? start, found[$1].place ?? start)
            return left == right ? $0 < $1 : left < right
        }
        var result = order.map { found[$0].diagnostic }
        if leftOut > 0 {
            result.append(Diagnostic(.error, at: nil, "\(leftOut) more problems are not shown"))
        }
        return result
    }

    /// `aya.yaml:3` or, inside the same file, `line 3`: how a message points at a second place.
    func reference(to place: Place, from other: Place) -> String {
        if files.isEmpty { return "the command line" }
        if place.file == other.file { return "line \(place.line)" }
        let name = files.indices.contains(place.file) ? files[place.file].name : "?"
        return "\(name):\(place.line):\(place.column)"
    }

    /// The place of `needle` inside the value at `place`, when it stands there on the same line as written.
    func place(of needle: String, inValueAt place: Place) -> Place {
        guard files.indices.contains(place.file) else { return place }
        let line = Array(String(decoding: files[place.file].line(place.line), as: UTF8.self).unicodeScalars)
        let wanted = Array(needle.unicodeScalars)
        guard !wanted.isEmpty, line.count < 10_000, line.count >= wanted.count else { return place }
        var start = place.column - 1
        while start >= 0, start + wanted.count <= line.count {
            if line[start..<(start + wanted.count)].elementsEqual(wanted) {
                return Place(file: place.file, line: place.line, column: start + 1)
            }
            start += 1
        }
        return place
    }
}
