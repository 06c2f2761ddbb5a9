internal import AyaCore
internal import AyaReactor
package import AyaTelemetry

/// Writes records into systemd's journal by its native protocol: fields to search by, and the line as the message.
///
/// `journalctl SYSLOG_IDENTIFIER=aya AYA_ROUTE=checkout HTTP_RESPONSE_STATUS_CODE=502`. A field is its key in capitals,
/// dots as underscores.
package final class JournaldSink: LogSink {
    package static let path = "/run/systemd/journal/socket"

    package let limits: LogBatchLimits
    private let path: String
    private var socket: BlockingSocket?
    private let fields: [(key: AccessKey, name: [UInt8])]
    /// The message has the whole of it; these are what one looks for.
    private static let keys: [AccessKey] = [
        .listener, .clientAddress, .method, .host, .path, .status, .route, .pool, .server, .reason, .blame, .requestID,
        .traceID,
    ]

    package init(path: String = JournaldSink.path) {
        self.path = path
        var limits = LogBatchLimits.local
        limits.retry = .seconds(1)...(.seconds(30))
        self.limits = limits
        fields = Self.keys.map { key in
            (key, Array(key.name.uppercased().map { $0 == "." ? "_" : $0 }.map(String.init).joined().utf8))
        }
    }

    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        line.append(record.isFailure ? "PRIORITY=4\n" : "PRIORITY=6\n")
        line.append("SYSLOG_IDENTIFIER=aya\nMESSAGE=")
        formatter.append(record, to: &line)
        line.append(UInt8(ascii: "\n"))
        for (key, name) in fields { append(record.value(of: key), name, to: &line) }
    }

    private func append(_ value: AccessValue, _ name: [UInt8], to line: inout LineCursor) {
        switch value {
        case .nothing, .time, .duration, .flag: return
        case .text(let bytes):
            line.append(name)
            // Only values with line feeds need the binary form; strangers' bytes may have them.
            guard unsafe bytes.contains(UInt8(ascii: "\n")) else {
                line.append(UInt8(ascii: "="))
                unsafe line.append(bytes)
                break
            }
            line.append(UInt8(ascii: "\n"))
            for shift in 0..<8 { line.append(UInt8(truncatingIfNeeded: bytes.count >> (shift * 8))) }
            unsafe line.append(bytes)
        case .number(let number):
            line.append(name)
            line.append(UInt8(ascii: "="))
            line.append(decimal: number)
        case .word, .droppedStatus, .address, .identifier, .longIdentifier:
            line.append(name)
            line.append(UInt8(ascii: "="))
            line.append(plain: value)
        }
        line.append(UInt8(ascii: "\n"))
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        if socket == nil {
            do throws(SystemError) {
                socket = try BlockingSocket(datagramsTo: .unix(path: path), timeout: .seconds(5))
            } catch {
                return .failed("\(path): \(error)")
            }
        }
        switch unsafe socket?.send(batch.firstRecord) {
        case .success: batch.takeFirstRecord()
        case .failure(let error) where error.isTooLong:
            batch.takeFirstRecord()
            return .taken(lost: 1, "a record is too long for the journal")
        case .failure(let error):
            socket = nil
            return .failed("\(path): \(error)")
        case nil: return .failed(path)
        }
        return .done
    }

    package func close() { socket = nil }
}
