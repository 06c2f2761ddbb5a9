package import AyaCore
internal import Synchronization

/// Packed records on their way from a worker to everybody who reads them; filled by one worker, then only read.
// Safe: the worker lets go of the buffer when it hands the block over; from then on it is not changed until the last
// reader is done.
package final class RecordBlock: @unchecked Sendable {
    package static let size = 64 * 1024

    package let buffer = Buffer(capacity: size)
    package internal(set) var count = 0
    private let readers = Atomic<Int>(0)

    package init() {}

    /// Adds a record; false when it does not fit any more.
    package func append(_ record: borrowing AccessRecord) -> Bool {
        guard record.pack(into: buffer) else { return false }
        count &+= 1
        return true
    }

    func expect(_ count: Int) { readers.store(count, ordering: .relaxed) }

    /// One reader is done; true for the last of them.
    func release() -> Bool { readers.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }

    func clear() {
        buffer.clear()
        count = 0
    }
}
