/// The text of one configuration file, kept so that a diagnostic can show the line it talks about.
package struct SourceFile: Sendable {
    /// As it shall appear in diagnostics.
    package let name: String
    package let bytes: [UInt8]
    /// The offset of the first byte of each line.
    private let lineStarts: [Int]

    /// A byte order mark is dropped, so that columns count what an editor shows.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        self.bytes = text
        var starts = [0]
        for (offset, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        self.lineStarts = starts
    }

    package var lineCount: Int { lineStarts.count }

    /// The bytes of a line (counted from 1) without its line break; empty outside the file.
    package func line(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[start..<end]
    }

    /// A line as text to print under a diagnostic: tabs count as one blank so that the caret stands right, and nil
    /// when the line is too long to be shown up to its column.
    func shownLine(_ number: Int, column: Int) -> String? {
        let longest = 160
        let line = line(number)
        guard !line.isEmpty, column <= longest else { return nil }
        var text = ""
        for (index, scalar) in String(decoding: line, as: UTF8.self).unicodeScalars.enumerated() {
            if index == longest { return text + "…" }
            text.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? " " : scalar)
        }
        return text
    }

    /// The line and column (both from 1, columns in Unicode scalars) of a byte offset.
    func position(ofByte offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(0, offset), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        // Continuation bytes do not begin a scalar.
        let column = bytes[lineStarts[low]..<offset].reduce(1) { $1 & 0xc0 == 0x80 ? $0 : $0 + 1 }
        return (low + 1, column)
    }
}
