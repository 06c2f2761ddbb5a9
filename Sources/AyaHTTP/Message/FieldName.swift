/// The field names that Aya knows; `other` is every other name.
///
/// Recognised once while parsing, so that everything behind compares one byte instead of a name. The order matters:
/// first the names that the head parsers act on, among them all that end at this hop.
public enum FieldName: UInt8, Sendable, CaseIterable {
    case other
    // Hop by hop (RFC 9110 section 7.6.1), and the two of proxy authentication, which end at the proxy (section 11.7).
    case connection, transferEncoding, te, upgrade, keepAlive, proxyConnection, proxyAuthenticate, proxyAuthorization
    // Framing and routing.
    case contentLength, host, expect
    // Fields that Aya adds, replaces or reads; a `Connection` field may not take them away.
    case forwarded, xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort, xRealIP, via, xRequestID
    case traceparent, tracestate
    case authorization, cookie, setCookie, cacheControl, date, server
    // The rest, by name.
    case trailer, userAgent, accept, acceptEncoding, acceptLanguage, origin, referer, range
    case contentType, contentEncoding, contentRange, location, retryAfter, age, eTag, expires, lastModified, vary
    case ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince, ifRange, allow
    case wwwAuthenticate, authenticationInfo, proxyAuthenticationInfo, proxyStatus, maxForwards, pragma

    /// Ends at this hop whatever `Connection` says.
    @inlinable package var isAlwaysHopByHop: Bool { rawValue &- 1 < FieldName.proxyAuthorization.rawValue }

    /// The head parsers look into it.
    @inlinable var steersParsing: Bool { rawValue &- 1 < FieldName.expect.rawValue }

    /// Stays although `Connection` names it. Otherwise a client could strip, behind Aya's back, what the next hop
    /// needs for framing, routing, trust and tracing (RFC 9110 section 7.6.1 forbids senders to name such fields).
    @inlinable package var isProtectedFromConnection: Bool {
        rawValue > FieldName.proxyAuthorization.rawValue && rawValue <= FieldName.server.rawValue
    }

    /// May not come in a trailer section: framing, routing, authentication, request modifiers, response control and
    /// content format (RFC 9110 section 6.5.1).
    package var isForbiddenInTrailers: Bool {
        switch self {
        case .connection, .transferEncoding, .te, .upgrade, .keepAlive, .proxyConnection, .proxyAuthenticate,
            .proxyAuthorization, .contentLength, .host, .expect, .forwarded, .xForwardedFor, .xForwardedProto,
            .xForwardedHost, .xForwardedPort, .xRealIP, .via, .xRequestID, .traceparent, .tracestate, .authorization,
            .cookie, .setCookie, .cacheControl, .date, .trailer, .range, .contentType, .contentEncoding,
            .contentRange, .location, .retryAfter, .age, .expires, .vary, .ifMatch, .ifNoneMatch, .ifModifiedSince,
            .ifUnmodifiedSince, .ifRange, .wwwAuthenticate, .maxForwards, .pragma:
            true
        case .other, .server, .userAgent, .accept, .acceptEncoding, .acceptLanguage, .origin, .referer, .eTag,
            .lastModified, .allow, .authenticationInfo, .proxyAuthenticationInfo, .proxyStatus:
            false
        }
    }

    /// The name in lower case, as HTTP/2 and logs write it; empty for `other`.
    package var name: StaticString {
        switch self {
        case .other: ""
        case .connection: "connection"
        case .transferEncoding: "transfer-encoding"
        case .te: "te"
        case .upgrade: "upgrade"
        case .keepAlive: "keep-alive"
        case .proxyConnection: "proxy-connection"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyAuthorization: "proxy-authorization"
        case .contentLength: "content-length"
        case .host: "host"
        case .expect: "expect"
        case .forwarded: "forwarded"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedProto: "x-forwarded-proto"
        case .xForwardedHost: "x-forwarded-host"
        case .xForwardedPort: "x-forwarded-port"
        case .xRealIP: "x-real-ip"
        case .via: "via"
        case .xRequestID: "x-request-id"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .authorization: "authorization"
        case .cookie: "cookie"
        case .setCookie: "set-cookie"
        case .cacheControl: "cache-control"
        case .date: "date"
        case .server: "server"
        case .trailer: "trailer"
        case .userAgent: "user-agent"
        case .accept: "accept"
        case .acceptEncoding: "accept-encoding"
        case .acceptLanguage: "accept-language"
        case .origin: "origin"
        case .referer: "referer"
        case .range: "range"
        case .contentType: "content-type"
        case .contentEncoding: "content-encoding"
        case .contentRange: "content-range"
        case .location: "location"
        case .retryAfter: "retry-after"
        case .age: "age"
        case .eTag: "etag"
        case .expires: "expires"
        case .lastModified: "last-modified"
        case .vary: "vary"
        case .ifMatch: "if-match"
        case .ifNoneMatch: "if-none-match"
        case .ifModifiedSince: "if-modified-since"
        case .ifUnmodifiedSince: "if-unmodified-since"
        case .ifRange: "if-range"
        case .allow: "allow"
        case .wwwAuthenticate: "www-authenticate"
        case .authenticationInfo: "authentication-info"
        case .proxyAuthenticationInfo: "proxy-authentication-info"
        case .proxyStatus: "proxy-status"
        case .maxForwards: "max-forwards"
        case .pragma: "pragma"
        }
    }
}
