/// The methods that Aya treats specially or counts by name (RFC 9110 section 9.3, RFC 5789); `other` is any other token.
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, delete, options, patch, trace, connect, other

    /// Methods are case-sensitive: `get` is not `GET`.
    @inline(__always)
    init(_ name: Span<UInt8>, from start: Int, to end: Int) {
        func isExactly(_ literal: StaticString) -> Bool { name.matches(literal, at: start, ignoringCase: false) }
        switch end &- start {
        case 3 where isExactly("GET"): self = .get
        case 3 where isExactly("PUT"): self = .put
        case 4 where isExactly("POST"): self = .post
        case 4 where isExactly("HEAD"): self = .head
        case 5 where isExactly("PATCH"): self = .patch
        case 5 where isExactly("TRACE"): self = .trace
        case 6 where isExactly("DELETE"): self = .delete
        case 7 where isExactly("OPTIONS"): self = .options
        case 7 where isExactly("CONNECT"): self = .connect
        default: self = .other
        }
    }

    /// The token as it stands on the wire; nil for `other`.
    package var name: StaticString? {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .patch: "PATCH"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: nil
        }
    }

    /// RFC 9110 section 9.2.2: sending it twice means the same as once.
    @inlinable package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// RFC 9110 section 9.2.1: it asks for nothing to change.
    @inlinable package var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        case .post, .put, .delete, .patch, .connect, .other: false
        }
    }
}
