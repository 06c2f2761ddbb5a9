package import AyaCore
internal import AyaHTTP

/// A request that nobody has sent: what would become of it?
package struct Question: Sendable {
    package var scheme = "http"
    /// As in an address: without brackets or port. Empty: this machine, which only routes without a host take.
    package var host = ""
    /// Nil: the usual one of the scheme.
    package var port: UInt16?
    package var method = "GET"
    /// Path and query.
    package var target = "/"
    package var headers: [(name: String, value: String)] = []
    package var client: IPAddress?
    /// The listener that it would come to, by name; nil: by scheme and port.
    package var listener: String?

    package init() {}

    /// The head as a client would send it; nil when it can not be one.
    func head() -> ParsedQuestion? {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) {
            let name = host.isEmpty ? "localhost" : host.contains(":") ? "[\(host)]" : host
            text += "Host: \(name)\(port.map { ":\($0)" } ?? "")\r\n"
        }
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return ParsedQuestion(Array((text + "\r\n").utf8))
    }
}

/// A question as the data plane sees it.
struct ParsedQuestion {
    let head = RequestHead()
    let bytes: [UInt8]
    /// In the one spelling that routes see.
    let path: [UInt8]

    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        let limits = HeadLimits(requestLine: 65_536, headerCount: 1_000, headerBytes: 1 << 20)
        guard case .complete = head.parse(bytes.span, limits: limits), head.byteCount == bytes.count else { return nil }
        let raw = Self.part(head.path, of: bytes)
        guard head.pathNeedsNormalization else {
            path = raw
            return
        }
        let normalized = Buffer(capacity: raw.count + 16)
        guard PathNormalizer.normalize(raw.span, into: normalized) == nil else { return nil }
        path = unsafe Array(normalized.unread)
    }

    /// Without the dot of the root.
    var host: [UInt8] {
        let name = part(head.host)
        return name.count > 1 && name.last == UInt8(ascii: ".") ? name.dropLast() : name
    }

    func part(_ slice: Slice) -> [UInt8] { Self.part(slice, of: bytes) }

    private static func part(_ slice: Slice, of bytes: [UInt8]) -> [UInt8] { Array(bytes[slice.range]) }

    func field(_ name: [UInt8]) -> [UInt8]? {
        for field in head.fields {
            if part(field.name).span.equalsIgnoringCase(name.span), !field.value.isEmpty { return part(field.value) }
        }
        return nil
    }

    func cookie(_ name: [UInt8]) -> [UInt8]? {
        for field in head.fields where field.known == .cookie {
            let value = part(field.value)
            if let found = CookieScanner.value(of: name.span, in: value.span), !found.isEmpty {
                return Array(value[found])
            }
        }
        return nil
    }

    func query(_ name: [UInt8]) -> [UInt8]? {
        guard let slice = head.query else { return nil }
        let text = part(slice)
        guard let found = QueryScanner.value(of: name.span, in: text.span), !found.isEmpty else { return nil }
        return Array(text[found])
    }
}
