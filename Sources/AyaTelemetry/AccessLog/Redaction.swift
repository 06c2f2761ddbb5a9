/// Keeps secrets out of logs: values of parameters and header fields whose names say that they are secret.
///
/// A log outlives what it speaks of and is read by more people; OpenTelemetry's conventions for `url.query` ask for the
/// same, by the same word.
package struct Redaction: Sendable {
    package static let mark: StaticString = "REDACTED"

    /// Names of parameters and fields that are always secret.
    package static let parameters: Set<String> = [
        "access_token", "api_key", "apikey", "auth", "awsaccesskeyid", "client_secret", "code", "id_token", "jwt",
        "key", "passwd", "password", "pwd", "refresh_token", "secret", "session", "sessionid", "sig", "signature",
        "token", "x-amz-credential", "x-amz-security-token", "x-amz-signature", "x-goog-signature",
    ]
    package static let headers: Set<String> = [
        "authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token",
    ]

    private let names: Set<[UInt8]>
    private let fields: Set<String>

    /// - Parameter more: names of parameters and of header fields, beside those that always are.
    package init(adding more: [String] = []) {
        let lower = more.map { $0.lowercased() }
        names = Set(Self.parameters.union(lower).map { Array($0.utf8) })
        fields = Self.headers.union(lower)
    }

    func hides(field name: String) -> Bool { fields.contains(name) }

    /// Writes a query (`a=1&token=x`) with the values of secret parameters replaced.
    func append(query: UnsafeBufferPointer<UInt8>, _ write: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        while start <= query.count {
            var end = start
            while end < query.count, unsafe !Self.endsParameter(query[end]) { end += 1 }
            let parameter = unsafe UnsafeBufferPointer(rebasing: query[start..<end])
            if let value = unsafe secretValue(of: parameter) {
                unsafe write(UnsafeBufferPointer(rebasing: parameter[..<value]))
                unsafe write(UnsafeBufferPointer(start: Self.mark.utf8Start, count: Self.mark.utf8CodeUnitCount))
            } else {
                unsafe write(parameter)
            }
            if end < query.count { unsafe write(UnsafeBufferPointer(rebasing: query[end...end])) }
            start = end + 1
        }
    }

    /// A URL, of which the query alone is looked at.
    func append(url: UnsafeBufferPointer<UInt8>, _ write: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard let mark = unsafe url.firstIndex(of: UInt8(ascii: "?")) else { return unsafe write(url) }
        unsafe write(UnsafeBufferPointer(rebasing: url[...mark]))
        unsafe append(query: UnsafeBufferPointer(rebasing: url[(mark + 1)...]), write)
    }

    private static func endsParameter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
    }

    /// Where the value begins; nil when it may be seen.
    private func secretValue(of parameter: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let equals = unsafe parameter.firstIndex(of: UInt8(ascii: "=")), equals > 0, equals <= 192 else {
            return nil
        }
        let name = unsafe Self.decoded(UnsafeBufferPointer(rebasing: parameter[..<equals]))
        return names.contains(name) ? equals + 1 : nil
    }

    /// In lower case and without percent signs, so that no spelling hides a name.
    private static func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var name: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var byte = unsafe bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = unsafe hexadecimal(bytes[index + 1]), let low = unsafe hexadecimal(bytes[index + 2])
            {
                byte = high << 4 | low
                index += 2
            }
            name.append((65...90).contains(byte) ? byte | 0x20 : byte)
            index += 1
        }
        return name
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}
