extension FieldName {
    /// Recognises the name at `start..<end`, ignoring case.
    ///
    /// The length leaves a handful of candidates, each compared a word at a time with constants that the compiler folds
    /// from the literals: no hashing, no table, no `String`.
    @inline(__always)
    static func recognise(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> FieldName {
        @inline(__always)
        func matches(_ literal: StaticString) -> Bool { bytes.matches(literal, at: start, ignoringCase: true) }
        switch end &- start {
        case 2:
            if matches("te") { return .te }
        case 3:
            if matches("via") { return .via }
            if matches("age") { return .age }
        case 4:
            if matches("host") { return .host }
            if matches("date") { return .date }
            if matches("etag") { return .eTag }
            if matches("vary") { return .vary }
        case 5:
            if matches("range") { return .range }
            if matches("allow") { return .allow }
        case 6:
            if matches("expect") { return .expect }
            if matches("cookie") { return .cookie }
            if matches("server") { return .server }
            if matches("accept") { return .accept }
            if matches("origin") { return .origin }
            if matches("pragma") { return .pragma }
        case 7:
            if matches("upgrade") { return .upgrade }
            if matches("trailer") { return .trailer }
            if matches("referer") { return .referer }
            if matches("expires") { return .expires }
        case 8:
            if matches("location") { return .location }
            if matches("if-match") { return .ifMatch }
            if matches("if-range") { return .ifRange }
        case 9:
            if matches("forwarded") { return .forwarded }
            if matches("x-real-ip") { return .xRealIP }
        case 10:
            if matches("connection") { return .connection }
            if matches("keep-alive") { return .keepAlive }
            if matches("tracestate") { return .tracestate }
            if matches("set-cookie") { return .setCookie }
            if matches("user-agent") { return .userAgent }
        case 11:
            if matches("traceparent") { return .traceparent }
            if matches("retry-after") { return .retryAfter }
        case 12:
            if matches("x-request-id") { return .xRequestID }
            if matches("content-type") { return .contentType }
            if matches("proxy-status") { return .proxyStatus }
            if matches("max-forwards") { return .maxForwards }
        case 13:
            if matches("authorization") { return .authorization }
            if matches("cache-control") { return .cacheControl }
            if matches("content-range") { return .contentRange }
            if matches("last-modified") { return .lastModified }
            if matches("if-none-match") { return .ifNoneMatch }
        case 14:
            if matches("content-length") { return .contentLength }
        case 15:
            if matches("x-forwarded-for") { return .xForwardedFor }
            if matches("accept-encoding") { return .acceptEncoding }
            if matches("accept-language") { return .acceptLanguage }
        case 16:
            if matches("proxy-connection") { return .proxyConnection }
            if matches("x-forwarded-host") { return .xForwardedHost }
            if matches("x-forwarded-port") { return .xForwardedPort }
            if matches("content-encoding") { return .contentEncoding }
            if matches("www-authenticate") { return .wwwAuthenticate }
        case 17:
            if matches("transfer-encoding") { return .transferEncoding }
            if matches("x-forwarded-proto") { return .xForwardedProto }
            if matches("if-modified-since") { return .ifModifiedSince }
        case 18:
            if matches("proxy-authenticate") { return .proxyAuthenticate }
        case 19:
            if matches("proxy-authorization") { return .proxyAuthorization }
            if matches("if-unmodified-since") { return .ifUnmodifiedSince }
            if matches("authentication-info") { return .authenticationInfo }
        case 25:
            if matches("proxy-authentication-info") { return .proxyAuthenticationInfo }
        default: break
        }
        return .other
    }

    /// Recognises a whole span.
    package init(_ name: Span<UInt8>) {
        self = FieldName.recognise(name, from: 0, to: name.count)
    }
}
