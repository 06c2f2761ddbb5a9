/// The static table of RFC 7541 appendix A.
enum StaticTable {
    static var count: Int { 61 }

    /// The entry of an index from 1 to 61; what `FieldName` calls its name.
    @inline(never)
    static func entry(_ index: Int) -> (name: StaticString, value: StaticString, known: FieldName)? {
        switch index {
        case 1: (":authority", "", .other)
        case 2: (":method", "GET", .other)
        case 3: (":method", "POST", .other)
        case 4: (":path", "/", .other)
        case 5: (":path", "/index.html", .other)
        case 6: (":scheme", "http", .other)
        case 7: (":scheme", "https", .other)
        case 8: (":status", "200", .other)
        case 9: (":status", "204", .other)
        case 10: (":status", "206", .other)
        case 11: (":status", "304", .other)
        case 12: (":status", "400", .other)
        case 13: (":status", "404", .other)
        case 14: (":status", "500", .other)
        case 15: ("accept-charset", "", .other)
        case 16: ("accept-encoding", "gzip, deflate", .acceptEncoding)
        case 17: ("accept-language", "", .acceptLanguage)
        case 18: ("accept-ranges", "", .other)
        case 19: ("accept", "", .accept)
        case 20: ("access-control-allow-origin", "", .other)
        case 21: ("age", "", .age)
        case 22: ("allow", "", .allow)
        case 23: ("authorization", "", .authorization)
        case 24: ("cache-control", "", .cacheControl)
        case 25: ("content-disposition", "", .other)
        case 26: ("content-encoding", "", .contentEncoding)
        case 27: ("content-language", "", .other)
        case 28: ("content-length", "", .contentLength)
        case 29: ("content-location", "", .other)
        case 30: ("content-range", "", .contentRange)
        case 31: ("content-type", "", .contentType)
        case 32: ("cookie", "", .cookie)
        case 33: ("date", "", .date)
        case 34: ("etag", "", .eTag)
        case 35: ("expect", "", .expect)
        case 36: ("expires", "", .expires)
        case 37: ("from", "", .other)
        case 38: ("host", "", .host)
        case 39: ("if-match", "", .ifMatch)
        case 40: ("if-modified-since", "", .ifModifiedSince)
        case 41: ("if-none-match", "", .ifNoneMatch)
        case 42: ("if-range", "", .ifRange)
        case 43: ("if-unmodified-since", "", .ifUnmodifiedSince)
        case 44: ("last-modified", "", .lastModified)
        case 45: ("link", "", .other)
        case 46: ("location", "", .location)
        case 47: ("max-forwards", "", .maxForwards)
        case 48: ("proxy-authenticate", "", .proxyAuthenticate)
        case 49: ("proxy-authorization", "", .proxyAuthorization)
        case 50: ("range", "", .range)
        case 51: ("referer", "", .referer)
        case 52: ("refresh", "", .other)
        case 53: ("retry-after", "", .retryAfter)
        case 54: ("server", "", .server)
        case 55: ("set-cookie", "", .setCookie)
        case 56: ("strict-transport-security", "", .other)
        case 57: ("transfer-encoding", "", .transferEncoding)
        case 58: ("user-agent", "", .userAgent)
        case 59: ("vary", "", .vary)
        case 60: ("via", "", .via)
        case 61: ("www-authenticate", "", .wwwAuthenticate)
        default: nil
        }
    }

    /// The first index with this name; 0 for none.
    static func index(of name: FieldName) -> Int {
        switch name {
        case .acceptEncoding: 16
        case .acceptLanguage: 17
        case .accept: 19
        case .age: 21
        case .allow: 22
        case .authorization: 23
        case .cacheControl: 24
        case .contentEncoding: 26
        case .contentLength: 28
        case .contentRange: 30
        case .contentType: 31
        case .cookie: 32
        case .date: 33
        case .eTag: 34
        case .expect: 35
        case .expires: 36
        case .host: 38
        case .ifMatch: 39
        case .ifModifiedSince: 40
        case .ifNoneMatch: 41
        case .ifRange: 42
        case .ifUnmodifiedSince: 43
        case .lastModified: 44
        case .location: 46
        case .maxForwards: 47
        case .proxyAuthenticate: 48
        case .proxyAuthorization: 49
        case .range: 50
        case .referer: 51
        case .retryAfter: 53
        case .server: 54
        case .setCookie: 55
        case .transferEncoding: 57
        case .userAgent: 58
        case .vary: 59
        case .via: 60
        case .wwwAuthenticate: 61
        default: 0
        }
    }
}
