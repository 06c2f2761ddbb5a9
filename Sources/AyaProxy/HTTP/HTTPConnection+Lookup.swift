internal import AyaCore
internal import AyaHTTP

/// What a request carries under a name that the configuration gives: for hash keys, persistence and criticality.
/// Nothing, and an empty value, are nil.
extension HTTPConnection {
    /// The first field of that name, in lower case.
    func fieldValue(_ name: [UInt8], _ request: RequestHead) -> Slice? {
        for field in request.fields where field.name.count == name.count {
            if unsafe bytes(field.name).span.equalsIgnoringCase(name.span) { return filled(field.value) }
        }
        return nil
    }

    func cookieValue(_ name: [UInt8], _ request: RequestHead) -> Slice? {
        for field in request.fields where field.known == .cookie {
            if let found = unsafe CookieScanner.value(of: name.span, in: bytes(field.value).span) {
                return filled(part(found, of: field.value))
            }
        }
        return nil
    }

    /// As it is written, not decoded.
    func queryValue(_ name: [UInt8], _ request: RequestHead) -> Slice? {
        guard let query = request.query,
            let found = unsafe QueryScanner.value(of: name.span, in: bytes(query).span)
        else { return nil }
        return filled(part(found, of: query))
    }

    private func filled(_ value: Slice) -> Slice? { value.isEmpty ? nil : value }

    private func part(_ range: Range<Int>, of slice: Slice) -> Slice {
        Slice(
            start: slice.start &+ UInt32(truncatingIfNeeded: range.lowerBound),
            end: slice.start &+ UInt32(truncatingIfNeeded: range.upperBound))
    }
}
