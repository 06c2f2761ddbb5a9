internal import AyaCore
package import AyaTelemetry

/// Exports spans by OTLP over HTTP (`POST /v1/traces`, opentelemetry/proto/trace/v1).
///
/// An exchange is a span of kind server, and its last try on a server one of kind client below it; earlier tries come
/// as records of their own.
package final class SpanSink: LogSink {
    package let limits = LogBatchLimits.remote
    private let collector: RecordCollector
    private let resource: OTLPResource

    package static let path = "/v1/traces"

    package init(_ collector: RecordCollector, _ resource: OTLPResource) {
        self.collector = collector
        self.resource = resource
    }

    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        guard let trace = record.trace else { return }
        var writer = ProtobufWriter()
        switch record.kind {
        case .attempt: writer.message(2) { $0.write(attempt: record, trace) }
        case .exchange, .session, .flow:
            writer.message(2) { $0.write(exchange: record, trace) }
            if record.tryStart != nil { writer.message(2) { $0.write(lastTryOf: record, trace) } }
        }
        line.append(writer.bytes)
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        var spans = ProtobufWriter()
        spans.scope(1, version: resource.version)
        let scoped = unsafe spans.bytes + Array(batch.bytes)
        var request = ProtobufWriter()
        request.message(1) { writer in
            writer.resource(1, resource)
            writer.data(2, scoped)
        }
        switch collector.post(request.bytes) {
        case .taken:
            batch.takeAll()
            return .done
        case .later(let reason): return .failed(reason)
        case .never(let reason): return .refused(reason)
        }
    }
}

/// The fields of a `Span`.
extension ProtobufWriter {
    private enum Kind: UInt64 { case server = 2, client = 3 }

    fileprivate mutating func write(exchange record: PackedRecord, _ trace: TracePlace) {
        let method = unsafe String(decoding: record.text(.method).prefix(32), as: UTF8.self)
        let route = unsafe String(decoding: record.text(.route), as: UTF8.self)
        let name = route.isEmpty ? method : "\(method) \(route)"
        begin(trace, trace.span, under: trace.parent, name.isEmpty ? "request" : name, .server)
        times(record.time, record.time &+ record.total.nanoseconds)
        for key in Self.exchangeKeys { attribute(9, key, of: record) }
        status(fails: record.isFailure, record.reason)
        fixed32(16, UInt32(trace.flags))
    }

    fileprivate mutating func write(lastTryOf record: PackedRecord, _ trace: TracePlace) {
        let start = record.time &+ (record.tryStart?.nanoseconds ?? 0)
        begin(trace, trace.tryID(record.attempts), under: trace.span, tryName(record), .client)
        times(start, record.time &+ record.total.nanoseconds)
        for key in Self.lastTryKeys { attribute(9, key, of: record) }
        attribute(9, "http.request.resend_count", .number(Int64(max(0, record.attempts - 1))))
        status(fails: record.isFailure, record.reason)
        fixed32(16, UInt32(trace.flags))
    }

    fileprivate mutating func write(attempt record: PackedRecord, _ trace: TracePlace) {
        begin(trace, trace.span, under: trace.parent, tryName(record), .client)
        times(record.time, record.time &+ record.total.nanoseconds)
        for key in Self.attemptKeys { attribute(9, key, of: record) }
        status(fails: true, record.reason)
        fixed32(16, UInt32(trace.flags))
    }

    private func tryName(_ record: PackedRecord) -> String {
        unsafe "try \(String(decoding: record.text(.pool), as: UTF8.self))"
    }

    private mutating func begin(_ trace: TracePlace, _ span: UInt64, under parent: UInt64, _ name: String, _ kind: Kind)
    {
        data(1, OTLPIdentifier.bytes(trace.high) + OTLPIdentifier.bytes(trace.low))
        data(2, OTLPIdentifier.bytes(span))
        if parent != 0 { data(4, OTLPIdentifier.bytes(parent)) }
        text(5, name)
        varint(6, kind.rawValue)
    }

    private mutating func times(_ start: Int64, _ end: Int64) {
        fixed64(7, UInt64(clamping: start))
        fixed64(8, UInt64(clamping: end))
    }

    /// A `Status`: an error, or nothing said.
    private mutating func status(fails: Bool, _ reason: Reason) {
        guard fails else { return }
        message(15) { writer in
            writer.text(2, reason.title)
            writer.varint(3, 2)
        }
    }

    private static let exchangeKeys: [AccessKey] = [
        .listener, .clientAddress, .clientPort, .protocolVersion, .method, .host, .path, .userAgent, .status,
        .grpcStatus, .requestSize, .responseSize, .route, .pool, .reason, .blame, .criticality, .attempts, .requestID,
        .tlsVersion, .queue,
    ]
    private static let lastTryKeys: [AccessKey] = [.method, .pool, .server, .status, .connect]
    private static let attemptKeys: [AccessKey] = [.pool, .server, .reason, .blame]

    private mutating func attribute(_ field: UInt64, _ key: AccessKey, of record: PackedRecord) {
        switch record.value(of: key) {
        case .nothing, .time, .identifier: return
        case .text(let bytes): attribute(field, key.name, .text(unsafe String(decoding: bytes, as: UTF8.self)))
        case .word(let word): attribute(field, key.name, .text(word.description))
        case .droppedStatus(let status): attribute(field, key.name, .text("status_\(status)"))
        case .number(let number): attribute(field, key.name, .number(Int64(clamping: number)))
        case .flag(let flag): attribute(field, key.name, .flag(flag))
        case .duration(let nanoseconds): attribute(field, key.name, .fraction(Double(nanoseconds) / 1e9))
        case .address(let address): attribute(field, key.name, .text("\(address)"))
        case .longIdentifier(let high, let low):
            attribute(field, key.name, .text(Self.digits(high) + Self.digits(low)))
        }
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
