/// Splits an nginx configuration into words, `;`, `{` and `}`.
///
/// The rules are those of nginx's own reader: quotes only at the start of a word, a backslash before a quote, a blank or
/// a variable's sign takes its meaning, `${name}` is part of a word, `#` begins a comment only where a word could begin.
struct NginxLexer {
    enum Token: Equatable {
        case word(String)
        case semicolon, open, close, end
    }

    private let bytes: [UInt8]
    private let file: Int
    private var index = 0
    private(set) var line = 1

    init(_ bytes: [UInt8], file: Int) {
        self.bytes = bytes
        self.file = file
    }

    var origin: Origin { Origin(file: file, line: line) }

    mutating func next() throws(ImportSyntaxError) -> Token {
        skipBlanks()
        guard index < bytes.count else { return .end }
        switch bytes[index] {
        case UInt8(ascii: ";"):
            index += 1
            return .semicolon
        case UInt8(ascii: "{"):
            index += 1
            return .open
        case UInt8(ascii: "}"):
            index += 1
            return .close
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .word(try quoted(by: bytes[index]))
        default: return .word(plain())
        }
    }

    /// Skips a block of Lua up to the bracket that closes it; brackets in its strings and comments don't count.
    mutating func skipForeignBlock() {
        var depth = 1
        var quote: UInt8?
        while index < bytes.count, depth > 0 {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if let open = quote {
                if byte == UInt8(ascii: "\\") { index = min(index + 1, bytes.count) }
                if byte == open || byte == UInt8(ascii: "\n") { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "-") where index < bytes.count && bytes[index] == UInt8(ascii: "-"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            default: break
            }
        }
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                index += 1
            case 32, 9, 13: index += 1
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            default: return
            }
        }
    }

    private mutating func quoted(by quote: UInt8) throws(ImportSyntaxError) -> String {
        let start = origin
        var result: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == quote { return String(decoding: result, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\\"), index < bytes.count {
                result += Self.unescaped(bytes[index])
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            } else {
                result.append(byte)
            }
        }
        throw ImportSyntaxError(message: "a quote that is never closed", origin: start)
    }

    /// What a backslash and this byte stand for: the backslash stays before what it does not escape, as in expressions.
    private static func unescaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): [byte]
        case UInt8(ascii: "t"): [9]
        case UInt8(ascii: "r"): [13]
        case UInt8(ascii: "n"): [10]
        default: [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func plain() -> String {
        var result: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 32, 9, 13, UInt8(ascii: "\n"), UInt8(ascii: ";"):
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "{"):
                guard result.last == UInt8(ascii: "$") else { return String(decoding: result, as: UTF8.self) }
                while index < bytes.count, bytes[index] != UInt8(ascii: "}"), bytes[index] != UInt8(ascii: "\n") {
                    result.append(bytes[index])
                    index += 1
                }
            case UInt8(ascii: "\\") where index + 1 < bytes.count:
                result += [byte, bytes[index + 1]]
                if bytes[index + 1] == UInt8(ascii: "\n") { line += 1 }
                index += 2
            default:
                result.append(byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
