package import AyaCore

/// What a record says under one key, before it has a form.
@safe package enum AccessValue {
    case nothing
    /// Bytes of a client or of the configuration; not checked, and perhaps no UTF-8.
    case text(UnsafeBufferPointer<UInt8>)
    /// A word of ours that needs no escape.
    case word(StaticString)
    /// The status of an answer that was dropped.
    case droppedStatus(UInt16)
    case number(UInt64)
    case flag(Bool)
    /// The wall clock in nanoseconds since 1970.
    case time(Int64)
    /// Nanoseconds.
    case duration(Int64)
    case address(IPAddress)
    /// Sixteen hexadecimal digits, or thirty-two.
    case identifier(UInt64)
    case longIdentifier(UInt64, UInt64)
}

extension AccessKey {
    /// The text of a record that is the key's value as it is; nil of others.
    var text: PackedText? {
        switch self {
        case .listener: .listener
        case .method: .method
        case .host: .host
        case .path: .path
        case .userAgent: .userAgent
        case .route: .route
        case .pool: .pool
        case .server: .server
        case .retriedServer: .retriedServer
        case .tlsVersion: .tlsVersion
        case .tlsCipher: .tlsCipher
        case .tlsServerName: .tlsServerName
        case .tlsFingerprint: .tlsFingerprint
        // Secrets are taken out of the query, and without a text of its own a request has Aya's id.
        case .query, .requestID: nil
        case .timestamp, .transport, .clientAddress, .clientPort, .protocolVersion, .status, .grpcStatus, .requestSize,
            .responseSize, .bytesReceived, .bytesSent, .reason, .blame, .criticality, .attempts, .retriedReason,
            .traceID,
            .spanID, .tlsResumed, .total, .queue, .connect, .firstByte:
            nil
        }
    }
}

extension PackedRecord {
    @inline(__always) package func value(of key: AccessKey) -> AccessValue {
        let isExchange = head.kind == .exchange
        return switch key {
        case .timestamp: .time(head.time)
        case .transport: transport
        case .listener: bytes(.listener)
        case .clientAddress: head.client.map { .address($0.ip) } ?? .nothing
        case .clientPort: head.client.map { .number(UInt64($0.port)) } ?? .nothing
        case .protocolVersion: head.isHTTP2 ? .word("2") : .nothing
        case .method: bytes(.method)
        case .host: bytes(.host)
        case .path: bytes(.path)
        case .query: bytes(.query)
        case .userAgent: bytes(.userAgent)
        case .status: head.status > 0 && isExchange ? .number(UInt64(head.status)) : .nothing
        case .grpcStatus: head.grpcStatus.map { .number(UInt64($0.rawValue)) } ?? .nothing
        case .requestSize: isExchange ? .number(head.received) : .nothing
        case .responseSize: isExchange ? .number(head.sent) : .nothing
        case .bytesReceived: isExchange ? .nothing : .number(head.received)
        case .bytesSent: isExchange ? .nothing : .number(head.sent)
        case .route: bytes(.route)
        case .pool: bytes(.pool)
        case .server: bytes(.server)
        case .reason: .word(head.reason.word)
        case .blame: head.reason.blame.map { .word(Self.word(of: $0)) } ?? .nothing
        case .criticality: criticality
        case .attempts: head.attempts > 0 ? .number(UInt64(head.attempts)) : .nothing
        case .retriedServer: bytes(.retriedServer)
        case .retriedReason: retriedReason
        case .requestID: requestID
        case .traceID: head.trace.map { .longIdentifier($0.high, $0.low) } ?? .nothing
        case .spanID: head.trace.map { .identifier($0.span) } ?? .nothing
        case .tlsVersion: bytes(.tlsVersion)
        case .tlsCipher: bytes(.tlsCipher)
        case .tlsResumed: unsafe text(.tlsVersion).isEmpty ? .nothing : .flag(head.isResumed)
        case .tlsServerName: bytes(.tlsServerName)
        case .tlsFingerprint: bytes(.tlsFingerprint)
        case .total: .duration(head.total)
        case .queue: Self.duration(head.queue)
        case .connect: Self.duration(head.connect)
        case .firstByte: Self.duration(head.firstByte)
        }
    }

    private var transport: AccessValue {
        switch head.kind {
        case .exchange, .attempt: .nothing
        case .session: .word("tcp")
        case .flow: .word("udp")
        }
    }

    private var retriedReason: AccessValue {
        if let reason = head.retriedReason { return .word(reason.word) }
        return head.retriedStatus > 0 ? .droppedStatus(head.retriedStatus) : .nothing
    }

    private var criticality: AccessValue {
        switch head.criticality {
        case ...0: .word("critical")
        case 1: .word("high")
        case 2: .nothing
        default: .word("sheddable")
        }
    }

    private static func word(of blame: Blame) -> StaticString {
        switch blame {
        case .client: "client"
        case .upstream: "upstream"
        case .aya: "aya"
        case .operator: "operator"
        }
    }

    private var requestID: AccessValue {
        let given = unsafe text(.requestID)
        if !given.isEmpty { return unsafe .text(given) }
        return head.idHigh | head.idLow == 0 ? .nothing : .longIdentifier(head.idHigh, head.idLow)
    }

    @inline(__always) private func bytes(_ wanted: PackedText) -> AccessValue {
        let bytes = unsafe text(wanted)
        return bytes.isEmpty ? .nothing : unsafe .text(bytes)
    }

    private static func duration(_ nanoseconds: Int64) -> AccessValue {
        nanoseconds < 0 ? .nothing : .duration(nanoseconds)
    }
}
