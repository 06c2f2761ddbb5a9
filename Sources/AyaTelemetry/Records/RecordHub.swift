internal import Synchronization

/// Who reads records: an access log, the export of traces. Each has a thread and a bounded queue of its own.
package protocol RecordReader: AnyObject, Sendable {
    /// Which fields beyond the usual ones workers should record.
    var wants: RecordWants { get }
    /// Takes a block into the queue, without waiting; false when there is no place. A taken block goes back to
    /// `RecordHub.finish` in the end.
    func offer(_ block: RecordBlock, from hub: RecordHub) -> Bool
}

/// What workers record only when somebody asks for it.
package struct RecordWants: Hashable, Sendable {
    package var query = false
    /// Names of header fields, in lower case.
    package var headers: Set<String> = []

    package init() {}

    package mutating func add(_ other: RecordWants) {
        query = query || other.query
        headers.formUnion(other.headers)
    }
}

/// Brings blocks of records from the workers to the readers.
///
/// A worker packs a record once, whoever reads it: formatting, selection and delivery are the readers', on threads of
/// their own. Nobody is waited for. A reader that is behind by a whole queue misses blocks and counts what it missed.
package final class RecordHub: Sendable {
    package let readers: [any RecordReader]
    package let wants: RecordWants
    private let spare = Mutex<[RecordBlock]>([])
    private static let spareLimit = 16

    package init(_ readers: [any RecordReader]) {
        self.readers = readers
        wants = readers.reduce(into: RecordWants()) { $0.add($1.wants) }
    }

    /// An empty block: one that has been read, or a new one.
    package func emptyBlock() -> RecordBlock { spare.withLock { $0.popLast() } ?? RecordBlock() }

    /// Takes a block over; the caller must not touch it any more.
    package func submit(_ block: RecordBlock) {
        block.expect(readers.count)
        for reader in readers where !reader.offer(block, from: self) { finish(block) }
    }

    /// A reader needs the block no more.
    package func finish(_ block: RecordBlock) {
        guard block.release() else { return }
        spare.withLock { spare in
            guard spare.count < Self.spareLimit else { return }
            block.clear()
            spare.append(block)
        }
    }
}
