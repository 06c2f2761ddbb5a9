package import AyaCore

/// What the access log says of one exchange, session or flow when it is over.
///
/// Plain values and views of the bytes as they were received: nothing is copied before it is packed, and nothing is
/// formatted on the worker at all.
// Safe: the views are read only while `pack` runs, and the caller keeps their buffers until then.
@safe package struct AccessRecord {
    package enum Kind: UInt8, Sendable {
        /// An HTTP request and its response.
        case exchange
        /// A TCP connection.
        case session
        /// The datagrams between a client and a server.
        case flow
        /// A try on a server that failed and was followed by another, or by a failure; of traces only.
        case attempt
    }

    package var kind = Kind.exchange
    /// The wall clock at the beginning, in nanoseconds since 1970.
    package var time: Int64 = 0
    /// Names as they stand in the configuration; empty where there is none.
    package var listener = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var route = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var pool = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The server's address as it stands in the configuration.
    package var server = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The server that was tried first, where another one was tried after it, and what spoke against it: a reason, or the
    /// status of an answer that was dropped.
    package var retriedServer = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var retriedReason: Reason?
    package var retriedStatus = 0
    /// Nil for a unix socket.
    package var client: SocketAddress?
    package var method = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// Without the query, which may carry secrets.
    package var path = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var host = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var userAgent = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// Nil: none, or not wanted.
    package var query = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The request's fields that some log wants, as `name:value` and a line feed each.
    package var headers = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The id as a trusted peer gave it; empty for Aya's own, which is `idHigh` and `idLow`.
    package var requestID = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var idHigh: UInt64 = 0
    package var idLow: UInt64 = 0
    /// The exchange's place in a trace; nil without one.
    package var trace: TracePlace?
    /// What the client got; 0: nothing.
    package var status = 0
    /// Body bytes of an exchange, all bytes of a session or flow; from and to the client.
    package var bytesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// The client spoke HTTP/2.
    package var isHTTP2 = false
    /// Of HTTP/1.
    package var minorVersion: UInt8 = 1
    /// How a call of gRPC ended; nil for other exchanges.
    package var grpcStatus: GRPCStatus?
    package var reason = Reason.ok
    /// Of an exchange: 0 for the most critical to 3 for what may be shed.
    package var criticality: Int8 = 2
    /// Tries on servers; 0 when none was needed.
    package var attempts = 0
    /// From the end of the head (or the accept) to the last byte; then its parts, where there were such.
    package var total = Interval.zero
    package var queue: Interval?
    package var connect: Interval?
    package var firstByte: Interval?
    /// From the beginning until the last try on a server; nil without any.
    package var tryStart: Interval?
    /// Nil without TLS.
    package var tls: TLSFacts?

    package init() {}

    /// What was agreed on with the client, and how it introduced itself.
    @safe package struct TLSFacts {
        package var version: StaticString
        package var cipher = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        package var isResumed: Bool
        package var serverName = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        package var fingerprint: [UInt8]

        package init(version: StaticString, isResumed: Bool, fingerprint: [UInt8]) {
            self.version = version
            self.isResumed = isResumed
            self.fingerprint = fingerprint
        }
    }
}
