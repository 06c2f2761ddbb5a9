/// How the end of a body is found (RFC 9112 section 6.3).
package enum BodyFraming: Equatable, Sendable {
    case none
    /// At most `Int64.max`, so that it converts to `Int`.
    case length(UInt64)
    case chunked
    /// Responses only: the server closes.
    case untilClose
}
