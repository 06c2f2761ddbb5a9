internal import CNIOBoringSSL

/// What kind of program a client is, by the shape of its ClientHello: JA4 (FoxIO's technical details of JA4, 2023).
///
/// Two programs of one TLS library and version have the same; a program that claims to be another rarely has its.
package struct Fingerprint {
    private var version: UInt32
    private var hasServerName = false
    private var ciphers: [UInt32] = []
    private var extensions: [UInt32] = []
    private var signatures: [UInt32] = []
    private var firstProtocol: [UInt8] = []

    /// Of the body of a ClientHello message; nil when it is malformed.
    package init?(hello: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hello.count)
        for index in hello.indices { bytes.append(hello[index]) }
        var reader = WireReader(bytes)
        guard let legacy = reader.number(2), reader.skip(32), reader.vector(lengthBytes: 1) != nil,
            let suites = reader.vector(lengthBytes: 2), reader.vector(lengthBytes: 1) != nil
        else { return nil }
        version = legacy
        ciphers = Self.numbers(bytes, suites)
        if reader.isAtEnd { return }
        guard let list = reader.vector(lengthBytes: 2) else { return nil }
        var rest = WireReader(bytes, list)
        while !rest.isAtEnd {
            guard let type = rest.number(2), let content = rest.vector(lengthBytes: 2) else { return nil }
            if Self.isGrease(type) { continue }
            extensions.append(type)
            note(type, bytes, content)
        }
    }

    private mutating func note(_ type: UInt32, _ bytes: [UInt8], _ content: Range<Int>) {
        var reader = WireReader(bytes, content)
        switch type {
        case 0: hasServerName = true
        case 13: if let list = reader.vector(lengthBytes: 2) { signatures = Self.numbers(bytes, list) }
        case 16:
            guard let list = reader.vector(lengthBytes: 2) else { return }
            var names = WireReader(bytes, list)
            if let name = names.vector(lengthBytes: 1) { firstProtocol = Array(bytes[name]) }
        case 43:
            guard let list = reader.vector(lengthBytes: 1) else { return }
            version = Self.numbers(bytes, list).max() ?? version
        default: break
        }
    }

    /// Two-byte numbers without those that are there to be ignored (RFC 8701).
    private static func numbers(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt32] {
        var reader = WireReader(bytes, range)
        var numbers: [UInt32] = []
        while let number = reader.number(2) {
            if !isGrease(number) { numbers.append(number) }
        }
        return numbers
    }

    private static func isGrease(_ number: UInt32) -> Bool { number & 0x0f0f == 0x0a0a && number >> 8 == number & 0xff }

    /// Such as `t13d1516h2_8daaf6152771_02713d6af862`.
    package var ja4: String {
        let listed = extensions.filter { $0 != 0 && $0 != 16 }.sorted()
        var second = Self.joined(listed)
        if !signatures.isEmpty { second += "_" + Self.joined(signatures) }
        return "t" + versionText + (hasServerName ? "d" : "i") + Self.count(ciphers) + Self.count(extensions)
            + protocolText + "_" + (ciphers.isEmpty ? Self.nothing : Self.digest(Self.joined(ciphers.sorted()))) + "_"
            + (extensions.isEmpty ? Self.nothing : Self.digest(second))
    }

    private static var nothing: String { "000000000000" }

    private var versionText: String {
        switch version {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        default: "00"
        }
    }

    private static func count(_ list: [UInt32]) -> String {
        let number = min(99, list.count)
        return number < 10 ? "0\(number)" : "\(number)"
    }

    /// The first and the last character of the first protocol, or of its hexadecimal form when they are none.
    private var protocolText: String {
        guard let first = firstProtocol.first, let last = firstProtocol.last else { return "00" }
        if Self.isAlphanumeric(first), Self.isAlphanumeric(last) {
            return String(decoding: [first, last], as: UTF8.self)
        }
        return String(decoding: [Self.digit(first >> 4), Self.digit(last & 15)], as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte < 128 && ((byte | 0x20) &- 97 < 26 || byte &- 48 < 10)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    private static func joined(_ numbers: [UInt32]) -> String {
        var text: [UInt8] = []
        for number in numbers {
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            for shift: UInt32 in [12, 8, 4, 0] { text.append(digit(UInt8(truncatingIfNeeded: number >> shift & 15))) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first twelve hexadecimal digits of SHA-256.
    private static func digest(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var hash = [UInt8](repeating: 0, count: 32)
        unsafe SHA256(bytes, bytes.count, &hash)
        return String(decoding: hash.prefix(6).flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }
}
