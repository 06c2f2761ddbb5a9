internal import AyaCore

/// Reads origins of pages (RFC 6454 section 6): `https://app.example:8443`, with `*.` before the host, or `*`.
enum OriginText {
    static func parse(_ text: String) throws(InvalidText) -> String {
        if text == "*" { return text }
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { throw invalid(text) }
        let rest = lower.dropFirst(scheme.count)
        let isBelow = rest.hasPrefix("*.")
        let authority = isBelow ? rest.dropFirst(2) : rest
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { throw invalid(text) }
        guard parts.count == 2 else { return lower }
        guard let port = UInt16(parts[1]), port > 0 else { throw invalid(text) }
        // Browsers leave out the port that the scheme stands for.
        let standard: UInt16 = scheme == "https://" ? 443 : 80
        return "\(scheme)\(isBelow ? "*." : "")\(host)\(port == standard ? "" : ":\(port)")"
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    private static func invalid(_ text: String) -> InvalidText {
        InvalidText("'\(shortened(text))' is not an origin (a scheme and a host, without a path)")
    }
}
