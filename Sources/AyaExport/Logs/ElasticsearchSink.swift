internal import AyaCore
internal import AyaHTTP
package import AyaTelemetry

/// Indexes records by the bulk API of Elasticsearch and OpenSearch (`POST /_bulk`).
///
/// A record has an id made of its bytes, so that a batch which is sent again after half of it was taken makes no second
/// copies. The operation is `create`, the only one that data streams know.
package final class ElasticsearchSink: LogSink {
    package let limits = LogBatchLimits.remote
    private let collector: RecordCollector
    private let head: [UInt8]
    private let scratch = Buffer(capacity: 256 * 1024)
    private var timestamp = Timestamp()

    package static let path = "/_bulk"

    package init(_ collector: RecordCollector, index: String) {
        self.collector = collector
        var writer = JSONWriter(Text())
        writer.object { $0.object("create") { $0.member("_index", index) } }
        head = writer.sink.bytes.dropLast(2) + Array(#","_id":""#.utf8)
    }

    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        scratch.clear()
        var text = LineCursor(scratch)
        formatter.append(record, to: &text)
        guard text.finish(scratch) else { return }
        line.append(head)
        line.append(hexadecimal: UInt64(bitPattern: record.time))
        line.append(hexadecimal: record.fingerprint)
        line.append("\"}}\n{\"@timestamp\":\"")
        timestamp.append(record.time, to: &line)
        line.append("\",")
        // The record's own object, without the brace that begins it.
        unsafe line.append(UnsafeBufferPointer(rebasing: scratch.unread.dropFirst()))
        line.append(UInt8(ascii: "\n"))
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        switch unsafe collector.post(Array(batch.bytes)) {
        case .taken(let answer):
            let verdict = BulkVerdict(answer.body)
            guard verdict.later == 0 else { return .failed("\(verdict.later) records are to come later") }
            batch.takeAll()
            return verdict.never == 0 ? .done : .taken(lost: verdict.never, verdict.reason)
        case .later(let reason): return .failed(reason)
        case .never(let reason): return .refused(reason)
        }
    }
}

/// What became of the records of a bulk request, by the statuses in the answer.
package struct BulkVerdict {
    package private(set) var later = 0
    package private(set) var never = 0
    package private(set) var reason = ""

    /// Answers are large and come often, so they are looked through for `"status":` instead of being parsed.
    package init(_ body: [UInt8]) {
        let mark = Array(#""status":"#.utf8)
        var index = 0
        while index + mark.count + 3 <= body.count {
            guard body[index] == mark[0], body[index..<index + mark.count].elementsEqual(mark) else {
                index += 1
                continue
            }
            index += mark.count
            while index < body.count, body[index] == 32 { index += 1 }
            let digits = body[index...].prefix(3)
            guard let status = Int(String(decoding: digits, as: UTF8.self)) else { continue }
            switch status {
            // 409: it is there already, from a batch that was sent before.
            case 200...299, 409: break
            case 429, 500...599: later += 1
            default:
                never += 1
                reason = "a record was refused with status \(status)"
            }
        }
    }
}
