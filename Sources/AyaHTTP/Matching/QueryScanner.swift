/// Finds parameters in a query without building any, for routes that match on them.
///
/// Names and values are compared as `application/x-www-form-urlencoded` means them: escapes are decoded and `+` is a
/// space. When a name occurs more than once its first value counts, as the Gateway API recommends.
package enum QueryScanner {
    /// The first value of a name, as it stands (not decoded); empty for a name without `=`, nil without the name.
    package static func value(of name: Span<UInt8>, in query: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start <= query.count {
            var end = start
            var equals = -1
            while end < query.count, query[end] != UInt8(ascii: "&") {
                if equals < 0, query[end] == UInt8(ascii: "=") { equals = end }
                end &+= 1
            }
            let nameEnd = equals < 0 ? end : equals
            if isDecoded(query.extracting(start..<nameEnd), name) {
                return (equals < 0 ? end : equals &+ 1)..<end
            }
            start = end &+ 1
        }
        return nil
    }

    /// Whether the first value of a name, decoded, is `value`.
    package static func contains(_ name: Span<UInt8>, value: Span<UInt8>, in query: Span<UInt8>) -> Bool {
        guard let range = self.value(of: name, in: query) else { return false }
        return isDecoded(query.extracting(range), value)
    }

    /// Whether `encoded` stands for exactly `plain`. Escapes that are none stand for themselves.
    private static func isDecoded(_ encoded: Span<UInt8>, _ plain: Span<UInt8>) -> Bool {
        var at = 0
        var index = 0
        while at < encoded.count {
            var byte = encoded[at]
            if byte == UInt8(ascii: "%"), at &+ 2 < encoded.count, let high = encoded[at &+ 1].hexadecimalValue,
                let low = encoded[at &+ 2].hexadecimalValue
            {
                byte = high << 4 | low
                at &+= 3
            } else {
                if byte == UInt8(ascii: "+") { byte = 0x20 }
                at &+= 1
            }
            guard index < plain.count, plain[index] == byte else { return false }
            index &+= 1
        }
        return index == plain.count
    }
}
