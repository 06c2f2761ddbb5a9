internal import AyaCore
package import AyaReactor
package import AyaTelemetry

/// Sends records by syslog: RFC 5424's form over UDP (RFC 5426), over TCP with counted octets (RFC 6587 section 3.4.1)
/// or to a socket of this machine.
package final class SyslogSink: LogSink {
    package struct Settings: Sendable {
        /// Nil when a name leads nowhere at present; it is asked for again with each connection.
        package var resolve: @Sendable () -> BoundEndpoint?
        package var isStream = false
        /// 0 to 23 (RFC 5424 section 6.2.1).
        package var facility = 16
        package var tag = "aya"
        package var host: String
        package var process: Int32

        package init(host: String, process: Int32, resolve: @escaping @Sendable () -> BoundEndpoint?) {
            self.host = host.isEmpty ? "-" : host
            self.process = process
            self.resolve = resolve
        }
    }

    package let limits: LogBatchLimits
    private let settings: Settings
    private let scratch = Buffer(capacity: 256 * 1024)
    private var timestamp = Timestamp()
    /// What stands behind the time: host, application, process, kind of message, no structured data.
    private let identity: [UInt8]
    private var socket: BlockingSocket?

    package init(_ settings: Settings) {
        self.settings = settings
        var limits = LogBatchLimits.local
        limits.retry = .seconds(1)...(.seconds(30))
        self.limits = limits
        identity = Array(" \(settings.host) \(settings.tag) \(settings.process) access - ".utf8)
    }

    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        guard settings.isStream else { return write(record, formatter, to: &line) }
        scratch.clear()
        var message = LineCursor(scratch)
        write(record, formatter, to: &message)
        guard message.finish(scratch) else { return }
        line.append(decimal: UInt64(scratch.count))
        line.append(UInt8(ascii: " "))
        unsafe line.append(scratch.unread)
    }

    private func write(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        // Warnings for what failed, so that a receiver can tell them apart without reading.
        let priority = settings.facility * 8 + (record.isFailure ? 4 : 6)
        line.append(UInt8(ascii: "<"))
        line.append(decimal: UInt64(priority))
        line.append(">1 ")
        timestamp.append(record.time, to: &line)
        line.append(identity)
        formatter.append(record, to: &line)
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        let socket: BlockingSocket
        switch connect() {
        case .success(let connected): socket = connected
        case .failure(let fault): return .failed(fault.description)
        }
        let bytes = unsafe settings.isStream ? batch.bytes : batch.firstRecord
        switch unsafe socket.send(bytes) {
        case .success(let count) where settings.isStream: batch.take(bytes: count)
        case .success: batch.takeFirstRecord()
        case .failure(let error) where error.isTooLong:
            batch.takeFirstRecord()
            return .taken(lost: 1, "a record is too long for a datagram")
        case .failure(let error):
            self.socket = nil
            return .failed("\(error)")
        }
        return .done
    }

    private func connect() -> Result<BlockingSocket, CallFault> {
        if let socket { return .success(socket) }
        guard let endpoint = settings.resolve() else { return .failure(CallFault("the name has no address")) }
        do throws(SystemError) {
            let made =
                settings.isStream
                ? try BlockingSocket(to: endpoint, timeout: Self.timeout)
                : try BlockingSocket(datagramsTo: endpoint, timeout: Self.timeout)
            socket = made
            return .success(made)
        } catch {
            return .failure(CallFault("\(endpoint): \(error)"))
        }
    }

    private static let timeout = Duration.seconds(5)

    package func reopen() -> String? {
        socket = nil
        return nil
    }

    package func close() { socket = nil }
}
