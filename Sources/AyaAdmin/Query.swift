/// The query of a request to the admin API, as forms write it: `key=value&key=value` with escapes.
struct Query {
    private let items: [(key: String, text: Substring)]

    init(_ text: String?) {
        items = (text ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.unescaped(parts[0]), parts.count > 1 ? parts[1] : "")
        }
    }

    /// In the order in which they came.
    var pairs: [(key: String, value: String)] { items.map { ($0.key, Self.unescaped($0.text)) } }

    /// The last value of a key.
    subscript(_ key: String) -> String? { raw(key).map(Self.unescaped) }

    /// What stands between commas; an escaped comma is part of a text.
    func list(_ key: String) -> [String] { raw(key)?.split(separator: ",").map(Self.unescaped) ?? [] }

    /// Keys that are none of these.
    func unknown(besides known: [String]) -> [String] { items.map(\.key).filter { !known.contains($0) }.sorted() }

    private func raw(_ key: String) -> Substring? { items.last { $0.key == key }?.text }

    /// Given, and not as false.
    func has(_ key: String) -> Bool { self[key].map { $0 != "false" && $0 != "0" } ?? false }

    func number(_ key: String) -> Int? { self[key].flatMap { Int($0) } }

    /// Nil for what is no version.
    func version(_ key: String, or usual: Version) -> Version? {
        switch self[key] {
        case nil: usual
        case "running": .running
        case "file": .file
        case let text?: Int(text).map(Version.generation)
        }
    }

    private static func unescaped(_ text: Substring) -> String { PercentEscape.decoded(text, plusIsBlank: true) }
}

/// Escapes of addresses (RFC 3986 section 2.1): `%2F`.
enum PercentEscape {
    static func decoded(_ text: Substring, plusIsBlank: Bool = false) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if plusIsBlank, byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
                continue
            }
            guard byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
