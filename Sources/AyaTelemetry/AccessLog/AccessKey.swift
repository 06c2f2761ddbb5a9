/// The keys of the access log, after OpenTelemetry's semantic conventions where those have a word.
///
/// `docs/access-log.md` is generated from this file; renaming a key breaks its readers.
package struct AccessKey: Sendable {
    /// The key as it stands in the line, from the comma before it to the colon behind it, or to the quote that begins
    /// a string.
    package let fragment: StaticString
    package let meaning: StaticString

    /// Without comma, quotes and colon.
    package var name: String { "\(fragment)".split(separator: "\"").dropFirst().first.map(String.init) ?? "" }

    package static let timestamp = AccessKey(
        fragment: #"{"timestamp":""#, meaning: "when it began: RFC 3339, UTC, milliseconds")
    package static let transport = AccessKey(
        fragment: #","network.transport":""#, meaning: "`tcp` or `udp`; on sessions and flows only")
    package static let protocolVersion = AccessKey(
        fragment: #","network.protocol.version":""#, meaning: "`2` for HTTP/2; left out for HTTP/1")
    package static let method = AccessKey(
        fragment: #","http.request.method":""#, meaning: "the method as it was sent")
    package static let path = AccessKey(
        fragment: #","url.path":""#, meaning: "the path as it was sent, without the query")
    package static let host = AccessKey(fragment: #","server.address":""#, meaning: "the host that was asked for")
    package static let status = AccessKey(
        fragment: #","http.response.status_code":"#, meaning: "the status that the client got")
    package static let grpcStatus = AccessKey(
        fragment: #","rpc.grpc.status_code":"#, meaning: "how a call of gRPC ended, by number; absent elsewhere")
    package static let clientAddress = AccessKey(
        fragment: #","client.address":""#, meaning: "the client's address; behind a trusted proxy, the one it names")
    package static let clientPort = AccessKey(fragment: #","client.port":"#, meaning: "the client's port")
    package static let userAgent = AccessKey(
        fragment: #","user_agent.original":""#, meaning: "the `User-Agent` as it was sent")
    package static let requestSize = AccessKey(
        fragment: #","http.request.body.size":"#, meaning: "bytes of the request body")
    package static let responseSize = AccessKey(
        fragment: #","http.response.body.size":"#, meaning: "bytes of the response body that were sent")
    package static let bytesReceived = AccessKey(
        fragment: #","aya.bytes.received":"#, meaning: "bytes from the client; on sessions and flows only")
    package static let bytesSent = AccessKey(
        fragment: #","aya.bytes.sent":"#, meaning: "bytes to the client; on sessions and flows only")
    package static let listener = AccessKey(fragment: #","aya.listener":""#, meaning: "the listener's name")
    package static let route = AccessKey(fragment: #","http.route":""#, meaning: "the route's name")
    package static let pool = AccessKey(fragment: #","aya.pool":""#, meaning: "the pool's name")
    package static let server = AccessKey(
        fragment: #","aya.server":""#, meaning: "the server's address, the last one tried")
    package static let reason = AccessKey(fragment: #","aya.reason":""#, meaning: "why it ended as it did, see below")
    package static let blame = AccessKey(
        fragment: #","aya.blame":""#, meaning: "`client`, `upstream`, `aya` or `operator`; absent when it is nobody's")
    package static let criticality = AccessKey(
        fragment: #","aya.criticality":""#,
        meaning: "`critical`, `high` or `sheddable`, as the route or a trusted client says; absent when it is normal")
    package static let attempts = AccessKey(
        fragment: #","aya.attempts":"#, meaning: "tries on servers; absent when none was needed")
    package static let requestID = AccessKey(
        fragment: #","aya.request_id":""#, meaning: "as in the header `X-Request-Id`")
    package static let tlsVersion = AccessKey(
        fragment: #","tls.protocol.version":""#, meaning: "`1.3` or `1.2`; absent without TLS, as the four that follow")
    package static let tlsCipher = AccessKey(
        fragment: #","tls.cipher":""#, meaning: "the cipher suite by its registered name")
    package static let tlsResumed = AccessKey(
        fragment: #","tls.resumed":"#, meaning: "`true` when the handshake went on from an earlier session")
    package static let tlsServerName = AccessKey(
        fragment: #","tls.client.server_name":""#, meaning: "the name that the client asked for in its handshake")
    package static let tlsFingerprint = AccessKey(
        fragment: #","tls.client.ja4":""#, meaning: "what kind of program the client is, by its ClientHello (JA4)")
    package static let total = AccessKey(
        fragment: #","aya.duration.total":"#,
        meaning: "seconds from the end of the request head, or from the accept, to the last byte")
    package static let queue = AccessKey(
        fragment: #","aya.duration.queue":"#, meaning: "seconds that it waited for a server")
    package static let connect = AccessKey(
        fragment: #","aya.duration.connect":"#,
        meaning: "seconds until the connection to the server stood; absent when an open one was used")
    package static let firstByte = AccessKey(
        fragment: #","aya.duration.first_byte":"#, meaning: "seconds until the server's first byte")

    /// In the order of the line.
    package static let all = [
        timestamp, transport, listener, clientAddress, clientPort, protocolVersion, method, host, path, userAgent,
        status, grpcStatus, requestSize,
        responseSize, bytesReceived, bytesSent, route, pool, server, reason, blame, criticality, attempts, requestID,
        tlsVersion, tlsCipher, tlsResumed, tlsServerName, tlsFingerprint, total, queue, connect, firstByte,
    ]
}
