internal import AyaCore
package import AyaTelemetry

/// Pushes records to Grafana Loki (`POST /loki/api/v1/push`), all into one stream.
package final class LokiSink: LogSink {
    package let limits = LogBatchLimits.remote
    private let collector: RecordCollector
    private let head: [UInt8]
    private let scratch = Buffer(capacity: 256 * 1024)

    package static let path = "/loki/api/v1/push"

    /// - Parameter labels: few and fixed; each combination of values is a stream of its own in Loki.
    package init(_ collector: RecordCollector, labels: [String: String]) {
        self.collector = collector
        var writer = JSONWriter(Text())
        writer.object { writer in
            for (name, value) in labels.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
        }
        head = Array(#"{"streams":[{"stream":"#.utf8) + writer.sink.bytes + Array(#","values":["#.utf8)
    }

    /// `["<nanoseconds>","<line>"],`
    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        scratch.clear()
        var text = LineCursor(scratch)
        formatter.append(record, to: &text)
        guard text.finish(scratch) else { return }
        line.append("[\"")
        // The end, by which records are nearly in order.
        line.append(decimal: UInt64(clamping: record.time &+ record.total.nanoseconds))
        line.append("\",\"")
        unsafe line.append(escapedJSON: scratch.unread)
        line.append("\"],")
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        var body = head
        unsafe body.append(contentsOf: batch.bytes.dropLast())
        body.append(contentsOf: Array("]}]}".utf8))
        switch collector.post(body) {
        case .taken:
            batch.takeAll()
            return .done
        case .later(let reason): return .failed(reason)
        case .never(let reason): return .refused(reason)
        }
    }
}
