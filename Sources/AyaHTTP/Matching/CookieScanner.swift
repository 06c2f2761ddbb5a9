/// Finds a cookie in a `Cookie` field without building any (RFC 6265 section 4.2.1).
package enum CookieScanner {
    /// The first value of a name, without the double quotes that may surround it; nil without the name. Names of
    /// cookies are case-sensitive.
    package static func value(of name: Span<UInt8>, in cookies: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < cookies.count {
            var end = start
            var equals = -1
            while end < cookies.count, cookies[end] != UInt8(ascii: ";") {
                if equals < 0, cookies[end] == UInt8(ascii: "=") { equals = end }
                end &+= 1
            }
            if equals >= 0 {
                let found = trim(cookies, start..<equals)
                if Tokens.equal(cookies.extracting(found), name) {
                    let value = trim(cookies, (equals &+ 1)..<end)
                    let isQuoted =
                        value.count >= 2 && cookies[value.lowerBound] == UInt8(ascii: "\"")
                        && cookies[value.upperBound &- 1] == UInt8(ascii: "\"")
                    return isQuoted ? (value.lowerBound &+ 1)..<(value.upperBound &- 1) : value
                }
            }
            start = end &+ 1
        }
        return nil
    }

    private static func trim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, bytes[start].isOptionalWhitespace { start &+= 1 }
        while end > start, bytes[end &- 1].isOptionalWhitespace { end &-= 1 }
        return start..<end
    }
}
