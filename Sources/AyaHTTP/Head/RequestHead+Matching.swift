/// What routes ask of a head. `bytes` is what `parse` was given.
extension RequestHead {
    /// The first field of a known name.
    package func firstField(_ name: FieldName) -> Field? { fields.first { $0.known == name } }

    /// Whether a field of that name, ignoring case, has exactly that value.
    package func hasField(_ name: Span<UInt8>, value: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        for field in fields where field.name.count == name.count && field.value.count == value.count {
            if bytes.extracting(field.name.range).equalsIgnoringCase(name),
                Tokens.equal(bytes.extracting(field.value.range), value)
            {
                return true
            }
        }
        return false
    }

    /// Whether the first cookie of that name has exactly that value.
    package func hasCookie(_ name: Span<UInt8>, value: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        for field in fields where field.known == .cookie {
            let cookies = bytes.extracting(field.value.range)
            guard let found = CookieScanner.value(of: name, in: cookies) else { continue }
            return Tokens.equal(cookies.extracting(found), value)
        }
        return false
    }
}
