package import AyaCore

/// Writes records as lines of JSON where they come to be, for those who watch: an access log has its own thread for it.
package struct AccessLineWriter {
    private let scratch = RecordBlock()
    private let formatter = LineFormatter(.json, query: false)

    package init() {}

    /// Appends a whole line; false, and no byte of it, when it does not fit.
    package func append(_ record: borrowing AccessRecord, to buffer: Buffer) -> Bool {
        scratch.clear()
        guard scratch.append(record) else { return false }
        var line = LineCursor(buffer)
        PackedRecord.forEach(in: scratch.buffer) { formatter.append($0, to: &line) }
        line.append(UInt8(ascii: "\n"))
        return line.finish(buffer)
    }
}
