internal import AyaCore
package import AyaTelemetry

/// Sends records to Splunk's HTTP event collector (`POST /services/collector/event`), many events in one call.
package final class SplunkSink: LogSink {
    package let limits = LogBatchLimits.remote
    private let collector: RecordCollector
    private let head: [UInt8]
    private let scratch = Buffer(capacity: 256 * 1024)

    package static let path = "/services/collector/event"

    package init(_ collector: RecordCollector, index: String?, host: String) {
        self.collector = collector
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("host", host)
            writer.member("source", "aya")
            writer.member("sourcetype", "aya:access")
            if let index { writer.member("index", index) }
        }
        head = writer.sink.bytes.dropLast() + Array(#","time":"#.utf8)
    }

    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        line.append(head)
        line.append(seconds: record.time)
        line.append(",\"event\":")
        switch formatter.format {
        case .json: formatter.append(record, to: &line)
        case .common, .combined, .template:
            scratch.clear()
            var text = LineCursor(scratch)
            formatter.append(record, to: &text)
            guard text.finish(scratch) else { return }
            line.append(UInt8(ascii: "\""))
            unsafe line.append(escapedJSON: scratch.unread)
            line.append(UInt8(ascii: "\""))
        }
        line.append("}\n")
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        switch unsafe collector.post(Array(batch.bytes)) {
        case .taken:
            batch.takeAll()
            return .done
        case .later(let reason): return .failed(reason)
        case .never(let reason): return .refused(reason)
        }
    }
}
