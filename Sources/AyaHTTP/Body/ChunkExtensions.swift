/// Checks the extensions of one chunk byte by byte (RFC 9112 section 7.1.1).
///
/// `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )`, then CR.
struct ChunkExtensions {
    enum Verdict { case more, end, invalid }

    private enum Phase: UInt8 {
        /// Behind the size or an extension, where white space may only lead to a semicolon.
        case beforeSemicolon
        case beforeName, name, behindName, beforeValue, value, quoted, escaped, behindQuoted
    }

    private var phase = Phase.beforeSemicolon

    mutating func accept(_ byte: UInt8) -> Verdict {
        switch phase {
        case .beforeSemicolon: return separate(byte)
        case .beforeName: return start(byte, .name)
        case .name: return byte == UInt8(ascii: "\r") ? .end : continueName(byte)
        case .behindName:
            if byte == UInt8(ascii: "=") { return move(.beforeValue) }
            return separate(byte, stayingAt: .behindName)
        case .beforeValue: return byte == UInt8(ascii: "\"") ? move(.quoted) : start(byte, .value)
        case .value:
            if byte == UInt8(ascii: "\r") { return .end }
            return ByteClass.token.contains(byte) ? .more : separate(byte)
        case .quoted:
            if byte == UInt8(ascii: "\"") { return move(.behindQuoted) }
            if byte == UInt8(ascii: "\\") { return move(.escaped) }
            return Self.isText(byte) ? .more : .invalid
        case .escaped: return Self.isText(byte) ? move(.quoted) : .invalid
        case .behindQuoted: return byte == UInt8(ascii: "\r") ? .end : separate(byte)
        }
    }

    private mutating func move(_ next: Phase) -> Verdict {
        phase = next
        return .more
    }

    private mutating func separate(_ byte: UInt8, stayingAt phase: Phase = .beforeSemicolon) -> Verdict {
        if byte == UInt8(ascii: ";") { return move(.beforeName) }
        return byte.isOptionalWhitespace ? move(phase) : .invalid
    }

    private mutating func start(_ byte: UInt8, _ next: Phase) -> Verdict {
        if byte.isOptionalWhitespace { return .more }
        return ByteClass.token.contains(byte) ? move(next) : .invalid
    }

    private mutating func continueName(_ byte: UInt8) -> Verdict {
        if ByteClass.token.contains(byte) { return .more }
        if byte == UInt8(ascii: "=") { return move(.beforeValue) }
        return separate(byte, stayingAt: .behindName)
    }

    /// `qdtext` and the second byte of a `quoted-pair` (RFC 9110 section 5.6.4): no control bytes but tab.
    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") }
}
