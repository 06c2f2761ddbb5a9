package import AyaCore

/// Records in the form in which their log's target takes them, until it has taken them.
// Safe: used by its log's thread alone.
package final class LogBatch {
    package let buffer: Buffer
    /// Offsets behind each record that is still there.
    private var ends: [Int] = []
    private var first = 0

    package init(capacity: Int) { buffer = Buffer(capacity: capacity) }

    /// Records that are not taken yet.
    package var count: Int { ends.count - first }
    package var isEmpty: Bool { count == 0 }

    package func clear() {
        buffer.clear()
        ends.removeAll(keepingCapacity: true)
        first = 0
    }

    /// Adds what `write` writes as one record; false, and no byte of it, when it does not fit.
    func append(_ write: (inout LineCursor) -> Void) -> Bool {
        var line = LineCursor(buffer)
        write(&line)
        guard line.finish(buffer) else { return false }
        ends.append(buffer.end)
        return true
    }

    /// All bytes that are not taken yet.
    package var bytes: UnsafeBufferPointer<UInt8> { unsafe buffer.unread }

    /// The first record that is not taken yet, whole.
    package var firstRecord: UnsafeBufferPointer<UInt8> { unsafe record(0) }

    /// One of those that are not taken yet; nothing where there is none.
    package func record(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        guard number >= 0, number < count else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        let start = number == 0 ? buffer.start : ends[first + number - 1]
        return unsafe buffer.bytes(start..<ends[first + number])
    }

    /// So many bytes at the front are taken.
    package func take(bytes count: Int) {
        buffer.consume(count)
        while first < ends.count, ends[first] <= buffer.start { first += 1 }
    }

    package func takeFirstRecord() { unsafe take(bytes: firstRecord.count) }
    package func takeAll() { take(bytes: buffer.count) }
}
