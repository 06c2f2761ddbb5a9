package import AyaCore

/// Writes access records as JSON, one a line, without allocating. One encoder belongs to one worker.
package struct AccessLogEncoder {
    private var timestamp = Timestamp()
    /// Bytes of a client's field that are looked at: a line stays shorter than a block whatever was sent.
    private static let fieldLimit = 4_096

    package init() {}

    /// Appends a whole line; false, and no byte of it, when it does not fit.
    package mutating func append(_ record: borrowing AccessRecord, to buffer: Buffer) -> Bool {
        let end = buffer.end
        write(record, to: buffer)
        guard buffer.overflowed else { return true }
        buffer.truncate(to: end)
        return false
    }

    private mutating func write(_ record: borrowing AccessRecord, to buffer: Buffer) {
        buffer.append(AccessKey.timestamp.fragment)
        buffer.append(UInt8(ascii: "\""))
        timestamp.append(record.time, to: buffer)
        buffer.append(UInt8(ascii: "\""))
        switch record.kind {
        case .exchange: break
        case .session: literal(.transport, #""tcp""#, buffer)
        case .flow: literal(.transport, #""udp""#, buffer)
        }
        name(.listener, record.listener, buffer)
        if let client = record.client { write(client, buffer) }
        if record.kind == .exchange { writeExchange(record, buffer) } else { writeBytes(record, buffer) }
        name(.route, record.route, buffer)
        name(.pool, record.pool, buffer)
        name(.server, record.server, buffer)
        quoted(.reason, record.reason.code, buffer)
        if let blame = record.reason.blame { quoted(.blame, blame.rawValue, buffer) }
        if record.attempts > 0 { number(.attempts, UInt64(clamping: record.attempts), buffer) }
        unsafe text(.requestID, record.requestID, buffer)
        seconds(.total, record.total, buffer)
        if let queue = record.queue { seconds(.queue, queue, buffer) }
        if let connect = record.connect { seconds(.connect, connect, buffer) }
        if let firstByte = record.firstByte { seconds(.firstByte, firstByte, buffer) }
        buffer.append("}\n")
    }

    private func writeExchange(_ record: borrowing AccessRecord, _ buffer: Buffer) {
        unsafe text(.method, record.method, buffer)
        unsafe text(.host, record.host, buffer)
        unsafe text(.path, record.path, buffer)
        unsafe text(.userAgent, record.userAgent, buffer)
        if record.status > 0 { number(.status, UInt64(clamping: record.status), buffer) }
        number(.requestSize, record.bytesReceived, buffer)
        number(.responseSize, record.bytesSent, buffer)
    }

    private func writeBytes(_ record: borrowing AccessRecord, _ buffer: Buffer) {
        number(.bytesReceived, record.bytesReceived, buffer)
        number(.bytesSent, record.bytesSent, buffer)
    }

    private func write(_ client: SocketAddress, _ buffer: Buffer) {
        buffer.append(AccessKey.clientAddress.fragment)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(client.ip)
        buffer.append(UInt8(ascii: "\""))
        number(.clientPort, UInt64(client.port), buffer)
    }

    private func literal(_ key: AccessKey, _ value: StaticString, _ buffer: Buffer) {
        buffer.append(key.fragment)
        buffer.append(value)
    }

    /// A word of ours that needs no escape.
    private func quoted(_ key: AccessKey, _ value: String, _ buffer: Buffer) {
        buffer.append(key.fragment)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(text: value)
        buffer.append(UInt8(ascii: "\""))
    }

    private func name(_ key: AccessKey, _ value: [UInt8], _ buffer: Buffer) {
        unsafe value.withUnsafeBufferPointer { unsafe text(key, $0, buffer) }
    }

    private func text(_ key: AccessKey, _ value: UnsafeBufferPointer<UInt8>, _ buffer: Buffer) {
        guard !value.isEmpty else { return }
        buffer.append(key.fragment)
        buffer.append(UInt8(ascii: "\""))
        unsafe JSONEscape.append(UnsafeBufferPointer(rebasing: value.prefix(Self.fieldLimit)), to: buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    private func number(_ key: AccessKey, _ value: UInt64, _ buffer: Buffer) {
        buffer.append(key.fragment)
        buffer.append(decimal: value)
    }

    /// Microseconds are as exact as the clock is read.
    private func seconds(_ key: AccessKey, _ value: Interval, _ buffer: Buffer) {
        buffer.append(key.fragment)
        let microseconds = UInt64(truncatingIfNeeded: max(0, value.nanoseconds)) / 1_000
        buffer.append(decimal: microseconds / 1_000_000)
        buffer.append(UInt8(ascii: "."))
        var divisor: UInt64 = 100_000
        while divisor > 0 {
            buffer.append(48 &+ UInt8(truncatingIfNeeded: microseconds / divisor % 10))
            divisor /= 10
        }
    }
}
