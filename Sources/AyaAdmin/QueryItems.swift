/// The items of a query (`a=1&b=2`), with escapes resolved. Of several by one name the first counts.
struct QueryItems {
    private var raw: [String: Substring] = [:]

    init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first.map(Self.unescaped), raw[key] == nil else { continue }
            raw[key] = parts.count > 1 ? parts[1] : ""
        }
    }

    /// Nil when it is not there.
    subscript(_ key: String) -> String? { raw[key].map(Self.unescaped) }

    /// What stands between commas; an escaped comma is part of a text.
    func list(_ key: String) -> [String] { raw[key]?.split(separator: ",").map(Self.unescaped) ?? [] }

    /// What is none of these.
    func unknown(besides known: [String]) -> [String] { raw.keys.filter { !known.contains($0) }.sorted() }

    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
