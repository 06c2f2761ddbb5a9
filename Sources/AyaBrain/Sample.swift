/// One measured value with the wall-clock time it belongs to: what every learner reads.
///
/// Written as a line `timestamp,value`. The time is whole seconds since 1970, a fraction of them, or ISO 8601 as
/// `2026-11-22T23:05:00Z`, with `T` or a space, with or without zone; without one it is UTC. A value that is no finite
/// number is a gap.
package struct Sample: Equatable, Sendable {
    /// Seconds since 1970 in UTC.
    package var time: Double
    /// NaN where nothing was measured.
    package var value: Double

    package init(time: Double, value: Double) {
        self.time = time
        self.value = value
    }

    /// The value of a gap is NaN. Nil for what is no sample at all, such as a header.
    package init?(line: some StringProtocol) {
        guard let comma = line.lastIndex(of: ",") else { return nil }
        guard let time = Timestamp.seconds(Self.trimmed(line[..<comma])) else { return nil }
        self.time = time
        let value = Double(Self.trimmed(line[line.index(after: comma)...])) ?? .nan
        self.value = value.isFinite ? value : .nan
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        return String(text[..<end].drop { $0.isWhitespace })
    }
}
