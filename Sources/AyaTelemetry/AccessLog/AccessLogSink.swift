internal import AyaCore

/// A worker's end of the access log: encodes into the worker's own block and hands full blocks to the writer's thread.
///
/// The worker never waits. When the writer can not keep up, records are dropped and counted.
package final class AccessLogSink {
    private let writer: AccessLogWriter
    private let loop: Live<WorkerCounts>
    private var encoder = AccessLogEncoder()
    private var block: Buffer?
    private var records = 0

    package init(writer: AccessLogWriter, metrics: WorkerMetrics) {
        self.writer = writer
        loop = metrics.loop
    }

    package func append(_ record: borrowing AccessRecord) {
        let current = block ?? writer.emptyBlock()
        block = current
        if encoder.append(record, to: current) {
            records &+= 1
            return
        }
        flush()
        let next = writer.emptyBlock()
        block = next
        if encoder.append(record, to: next) {
            records = 1
        } else {
            next.clear()
            loop.counts.logRecordsDropped &+= 1
        }
    }

    /// Hands over what is there. Call it about once a second, so that a quiet log is not late.
    package func flush() {
        guard records > 0, let full = block else { return }
        if !writer.submit(full, records: records) { loop.counts.logRecordsDropped &+= UInt64(records) }
        block = nil
        records = 0
    }
}
