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
        self.init(bytes: Array(line.utf8)[...])
    }

    /// The samples of a whole text, a line each; lines that are none are left out.
    package static func all(in text: [UInt8]) -> [Sample] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { Sample(bytes: $0) }
    }

    private init?(bytes: ArraySlice<UInt8>) {
        guard let comma = bytes.lastIndex(of: UInt8(ascii: ",")),
            let time = Timestamp.seconds(Self.trimmed(bytes[..<comma]))
        else { return nil }
        self.time = time
        let value = DecimalText.number(Self.trimmed(bytes[(comma + 1)...])) ?? .nan
        self.value = value.isFinite ? value : .nan
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, last <= UInt8(ascii: " ") { bytes.removeLast() }
        while let first = bytes.first, first <= UInt8(ascii: " ") { bytes.removeFirst() }
        return bytes
    }
}
