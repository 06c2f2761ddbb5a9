/// The keys of the access log, after OpenTelemetry's semantic conventions where those have a word; in the order of a
/// JSON line.
///
/// `docs/access-log.md` is generated from this file; renaming a key breaks its readers.
package enum AccessKey: String, CaseIterable, Sendable {
    case timestamp
    case transport = "network.transport"
    case listener = "aya.listener"
    case clientAddress = "client.address"
    case clientPort = "client.port"
    case protocolVersion = "network.protocol.version"
    case method = "http.request.method"
    case host = "server.address"
    case path = "url.path"
    case query = "url.query"
    case userAgent = "user_agent.original"
    case status = "http.response.status_code"
    case grpcStatus = "rpc.grpc.status_code"
    case requestSize = "http.request.body.size"
    case responseSize = "http.response.body.size"
    case bytesReceived = "aya.bytes.received"
    case bytesSent = "aya.bytes.sent"
    case route = "http.route"
    case pool = "aya.pool"
    case server = "aya.server"
    case reason = "aya.reason"
    case blame = "aya.blame"
    case criticality = "aya.criticality"
    case attempts = "aya.attempts"
    case retriedServer = "aya.retried.server"
    case retriedReason = "aya.retried.reason"
    case requestID = "aya.request_id"
    case traceID = "trace_id"
    case spanID = "span_id"
    case tlsVersion = "tls.protocol.version"
    case tlsCipher = "tls.cipher"
    case tlsResumed = "tls.resumed"
    case tlsServerName = "tls.client.server_name"
    case tlsFingerprint = "tls.client.ja4"
    case total = "aya.duration.total"
    case queue = "aya.duration.queue"
    case connect = "aya.duration.connect"
    case firstByte = "aya.duration.first_byte"

    package var name: String { rawValue }

    /// What header fields that a log asks for are called: this and the field's name in lower case.
    package static let headerPrefix = "http.request.header."

    /// In JSON its value is a string, and no number or truth value.
    var isQuoted: Bool {
        switch self {
        case .timestamp, .transport, .listener, .clientAddress, .protocolVersion, .method, .host, .path, .query,
            .userAgent, .route, .pool, .server, .reason, .blame, .criticality, .retriedServer, .retriedReason,
            .requestID,
            .traceID, .spanID, .tlsVersion, .tlsCipher, .tlsServerName, .tlsFingerprint:
            true
        case .clientPort, .status, .grpcStatus, .requestSize, .responseSize, .bytesReceived, .bytesSent, .attempts,
            .tlsResumed, .total, .queue, .connect, .firstByte:
            false
        }
    }

    package var meaning: String {
        switch self {
        case .timestamp: "when it began: RFC 3339, UTC, milliseconds"
        case .transport: "`tcp` or `udp`; on sessions and flows only"
        case .listener: "the listener's name"
        case .clientAddress: "the client's address; behind a trusted proxy, the one it names"
        case .clientPort: "the client's port"
        case .protocolVersion: "`2` for HTTP/2; left out for HTTP/1"
        case .method: "the method as it was sent"
        case .host: "the host that was asked for"
        case .path: "the path as it was sent, without the query"
        case .query: "the query with its secrets replaced; with `query: true` only"
        case .userAgent: "the `User-Agent` as it was sent"
        case .status: "the status that the client got"
        case .grpcStatus: "how a call of gRPC ended, by number; absent elsewhere"
        case .requestSize: "bytes of the request body"
        case .responseSize: "bytes of the response body that were sent"
        case .bytesReceived: "bytes from the client; on sessions and flows only"
        case .bytesSent: "bytes to the client; on sessions and flows only"
        case .route: "the route's name"
        case .pool: "the pool's name"
        case .server: "the server's address, the last one tried"
        case .reason: "why it ended as it did, see below"
        case .blame: "`client`, `upstream`, `aya` or `operator`; absent when it is nobody's"
        case .criticality:
            "`critical`, `high` or `sheddable`, as the route or a trusted client says; absent when it is normal"
        case .attempts: "tries on servers; absent when none was needed"
        case .retriedServer: "the server that was tried first, where another one was tried after it"
        case .retriedReason: "why that one did not do: a reason, or `status_503` for an answer that was dropped"
        case .requestID: "as in the header `X-Request-Id`"
        case .traceID: "the trace that it belongs to; absent without tracing, as the next"
        case .spanID: "Aya's own span in that trace"
        case .tlsVersion: "`1.3` or `1.2`; absent without TLS, as the four that follow"
        case .tlsCipher: "the cipher suite by its registered name"
        case .tlsResumed: "`true` when the handshake went on from an earlier session"
        case .tlsServerName: "the name that the client asked for in its handshake"
        case .tlsFingerprint: "what kind of program the client is, by its ClientHello (JA4)"
        case .total: "seconds from the end of the request head, or from the accept, to the last byte"
        case .queue: "seconds that it waited for a server"
        case .connect: "seconds until the connection to the server stood; absent when an open one was used"
        case .firstByte: "seconds until the server's first byte"
        }
    }
}
