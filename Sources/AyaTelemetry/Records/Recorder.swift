/// A worker's end of everything that is told of single exchanges: packs records into the worker's own block and hands
/// full blocks over. It never waits.
package final class Recorder {
    private let hub: RecordHub
    private var block: RecordBlock?
    package let wantsQuery: Bool
    /// Names in lower case.
    package let wantedHeaders: [[UInt8]]

    package init(_ hub: RecordHub) {
        self.hub = hub
        wantsQuery = hub.wants.query
        wantedHeaders = hub.wants.headers.sorted().map { Array($0.utf8) }
    }

    package func append(_ record: borrowing AccessRecord) {
        let current = block ?? hub.emptyBlock()
        block = current
        if current.append(record) { return }
        flush()
        let next = hub.emptyBlock()
        // Texts are cut, so that an empty block holds any record.
        if next.append(record) { block = next }
    }

    /// Hands over what is there. Call it about once a second, so that a quiet log is not late.
    package func flush() {
        guard let full = block, full.count > 0 else { return }
        hub.submit(full)
        block = nil
    }
}
