/// Walks through a comma-separated list (RFC 9110 section 5.6.1), skipping empty elements, without allocating.
///
/// Commas inside quoted strings do not separate.
package struct ListScanner {
    private var at = 0

    package init() {}

    /// The next element, without the white space around it; nil behind the last.
    package mutating func next(_ list: Span<UInt8>) -> Range<Int>? {
        let end = list.count
        while at < end {
            while at < end, list[at] == UInt8(ascii: ",") || list[at].isOptionalWhitespace { at &+= 1 }
            let start = at
            var quoted = false
            while at < end {
                let byte = list[at]
                if quoted, byte == UInt8(ascii: "\\") {
                    at &+= 1
                } else if byte == UInt8(ascii: "\"") {
                    quoted.toggle()
                } else if byte == UInt8(ascii: ","), !quoted {
                    break
                }
                at &+= 1
            }
            at = min(at, end)
            var last = at
            while last > start, list[last &- 1].isOptionalWhitespace { last &-= 1 }
            if last > start { return start..<last }
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// Whether a comma-separated list has the token (in lower case), ignoring case.
    package func listContains(_ token: StaticString) -> Bool {
        var elements = ListScanner()
        while let element = elements.next(self) {
            if extracting(element).equalsIgnoringCase(token) { return true }
        }
        return false
    }
}
