package import AyaCore

/// Writes access records as JSON, one a line, without allocating. One encoder belongs to one worker.
package struct AccessLogEncoder {
    private var timestamp = Timestamp()
    /// Bytes of a client's field that are looked at: a line stays shorter than a block whatever was sent.
    private static let fieldLimit = 4_096

    package init() {}

    /// Appends a whole line; false, and no byte of it, when it does not fit.
    package mutating func append(_ record: borrowing AccessRecord, to buffer: Buffer) -> Bool {
        var line = LineCursor(buffer)
        line.append(AccessKey.timestamp.fragment)
        timestamp.append(record.time, to: &line)
        line.append(Self.quote)
        switch record.kind {
        case .exchange: break
        case .session: Self.word(.transport, "tcp", &line)
        case .flow: Self.word(.transport, "udp", &line)
        }
        Self.name(.listener, record.listener, &line)
        if let client = record.client { Self.write(client, &line) }
        switch record.kind {
        case .exchange: Self.writeExchange(record, &line)
        case .session, .flow: Self.writeBytes(record, &line)
        }
        Self.name(.route, record.route, &line)
        Self.name(.pool, record.pool, &line)
        Self.name(.server, record.server, &line)
        Self.word(.reason, record.reason.code, &line)
        if let blame = record.reason.blame { Self.word(.blame, blame.rawValue, &line) }
        if record.criticality != 2 {
            Self.word(.criticality, CriticalityCounts.labels[Int(min(max(record.criticality, 0), 3))], &line)
        }
        if record.attempts > 0 { Self.number(.attempts, UInt64(clamping: record.attempts), &line) }
        unsafe Self.text(.requestID, record.requestID, &line)
        if let tls = record.tls { Self.write(tls, &line) }
        Self.seconds(.total, record.total, &line)
        if let queue = record.queue { Self.seconds(.queue, queue, &line) }
        if let connect = record.connect { Self.seconds(.connect, connect, &line) }
        if let firstByte = record.firstByte { Self.seconds(.firstByte, firstByte, &line) }
        line.append("}\n")
        return line.finish(buffer)
    }

    private static let quote = UInt8(ascii: "\"")

    private static func writeExchange(_ record: borrowing AccessRecord, _ line: inout LineCursor) {
        if record.isHTTP2 { word(.protocolVersion, "2", &line) }
        unsafe text(.method, record.method, &line)
        unsafe text(.host, record.host, &line)
        unsafe text(.path, record.path, &line)
        unsafe text(.userAgent, record.userAgent, &line)
        if record.status > 0 { number(.status, UInt64(clamping: record.status), &line) }
        if let status = record.grpcStatus { number(.grpcStatus, UInt64(status.rawValue), &line) }
        number(.requestSize, record.bytesReceived, &line)
        number(.responseSize, record.bytesSent, &line)
    }

    private static func write(_ tls: AccessRecord.TLSFacts, _ line: inout LineCursor) {
        line.append(AccessKey.tlsVersion.fragment)
        line.append(tls.version)
        line.append(quote)
        unsafe text(.tlsCipher, tls.cipher, &line)
        line.append(AccessKey.tlsResumed.fragment)
        line.append(tls.isResumed ? "true" : "false")
        unsafe text(.tlsServerName, tls.serverName, &line)
        name(.tlsFingerprint, tls.fingerprint, &line)
    }

    private static func writeBytes(_ record: borrowing AccessRecord, _ line: inout LineCursor) {
        number(.bytesReceived, record.bytesReceived, &line)
        number(.bytesSent, record.bytesSent, &line)
    }

    private static func write(_ client: SocketAddress, _ line: inout LineCursor) {
        line.append(AccessKey.clientAddress.fragment)
        unsafe IPAddressText(client.ip).withBytes { unsafe line.append($0) }
        line.append(quote)
        number(.clientPort, UInt64(client.port), &line)
    }

    /// A word of ours that needs no escape.
    private static func word(_ key: AccessKey, _ value: String, _ line: inout LineCursor) {
        line.append(key.fragment)
        var value = value
        value.withUTF8 { unsafe line.append($0) }
        line.append(quote)
    }

    private static func name(_ key: AccessKey, _ value: [UInt8], _ line: inout LineCursor) {
        unsafe value.withUnsafeBufferPointer { unsafe text(key, $0, &line) }
    }

    private static func text(_ key: AccessKey, _ value: UnsafeBufferPointer<UInt8>, _ line: inout LineCursor) {
        guard !value.isEmpty else { return }
        line.append(key.fragment)
        unsafe JSONEscape.append(UnsafeBufferPointer(rebasing: value.prefix(fieldLimit)), to: &line)
        line.append(quote)
    }

    private static func number(_ key: AccessKey, _ value: UInt64, _ line: inout LineCursor) {
        line.append(key.fragment)
        line.append(decimal: value)
    }

    /// Microseconds are as exact as the clock is read.
    private static func seconds(_ key: AccessKey, _ value: Interval, _ line: inout LineCursor) {
        line.append(key.fragment)
        let microseconds = UInt64(truncatingIfNeeded: max(0, value.nanoseconds)) / 1_000
        line.append(decimal: microseconds / 1_000_000)
        line.append(UInt8(ascii: "."))
        line.append(microseconds % 1_000_000, digits: 6)
    }
}
