/// Reads TOML as far as configurations use it: tables, arrays of tables, dotted keys, strings, inline tables, arrays.
/// Everything else (numbers, dates, truth values) is kept as its text.
///
/// It is here for Traefik alone, whose files are YAML or TOML; the values come out as the same tree.
struct TOMLParser {
    static let deepest = 32
    static let mostValues = 200_000

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var values = 0

    static func parse(_ bytes: [UInt8]) throws(ImportSyntaxError) -> ForeignValue {
        var parser = TOMLParser(bytes: bytes)
        return try parser.document()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var origin: Origin { Origin(line: line) }

    private func fault(_ message: String) -> ImportSyntaxError { ImportSyntaxError(message: message, origin: origin) }

    private mutating func document() throws(ImportSyntaxError) -> ForeignValue {
        var root = ForeignValue(.map([]), Origin(line: 1))
        var table: [String] = []
        while true {
            skipBlanks(lines: true)
            guard index < bytes.count else { return root }
            if bytes[index] == UInt8(ascii: "[") {
                index += 1
                let isList = index < bytes.count && bytes[index] == UInt8(ascii: "[")
                if isList { index += 1 }
                table = try key()
                try expect("]")
                if isList { try expect("]") }
                let value = ForeignValue(.map([]), origin)
                if isList {
                    try root.append(value, at: table[...], depth: 0)
                } else {
                    try root.insert(value, at: table[...], keepsExisting: true, depth: 0)
                }
            } else {
                let name = try key()
                try expect("=")
                let value = try self.value(depth: 0)
                try root.insert(value, at: (table + name)[...], keepsExisting: false, depth: 0)
            }
            skipBlanks(lines: false)
            guard index >= bytes.count || bytes[index] == UInt8(ascii: "\n") else {
                throw fault("something stands behind a value")
            }
        }
    }

    private mutating func skipBlanks(lines: Bool) {
        while index < bytes.count {
            switch bytes[index] {
            case 32, 9, 13: index += 1
            case UInt8(ascii: "\n") where lines:
                line += 1
                index += 1
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            default: return
            }
        }
    }

    private mutating func expect(_ character: Character) throws(ImportSyntaxError) {
        skipBlanks(lines: false)
        guard index < bytes.count, let byte = character.asciiValue, bytes[index] == byte else {
            throw fault("'\(character)' is missing")
        }
        index += 1
    }

    /// `a.b."c d"`
    private mutating func key() throws(ImportSyntaxError) -> [String] {
        var parts: [String] = []
        while true {
            skipBlanks(lines: false)
            guard index < bytes.count, parts.count < Self.deepest else { throw fault("a key is missing") }
            if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
                parts.append(try string())
            } else {
                let start = index
                while index < bytes.count, Self.isBare(bytes[index]) { index += 1 }
                guard index > start else { throw fault("a key is missing") }
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
            }
            skipBlanks(lines: false)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return parts }
            index += 1
        }
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: byte >= 128
        }
    }

    private mutating func value(depth: Int) throws(ImportSyntaxError) -> ForeignValue {
        values += 1
        guard depth < Self.deepest, values <= Self.mostValues else {
            throw fault("values nested too deep, or too many")
        }
        skipBlanks(lines: false)
        let start = origin
        guard index < bytes.count else { throw fault("a value is missing") }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return ForeignValue(.text(try string()), start)
        case UInt8(ascii: "["):
            index += 1
            var items: [ForeignValue] = []
            while true {
                skipBlanks(lines: true)
                guard index < bytes.count else { throw fault("a list that is never closed") }
                if bytes[index] == UInt8(ascii: "]") {
                    index += 1
                    return ForeignValue(.list(items), start)
                }
                if bytes[index] == UInt8(ascii: ","), !items.isEmpty {
                    index += 1
                    continue
                }
                items.append(try value(depth: depth + 1))
            }
        case UInt8(ascii: "{"):
            index += 1
            var map = ForeignValue(.map([]), start)
            while true {
                skipBlanks(lines: true)
                guard index < bytes.count else { throw fault("a table that is never closed") }
                if bytes[index] == UInt8(ascii: "}") {
                    index += 1
                    return map
                }
                if bytes[index] == UInt8(ascii: ",") {
                    index += 1
                    continue
                }
                let name = try key()
                try expect("=")
                let inner = try value(depth: depth + 1)
                try map.insert(inner, at: name[...], keepsExisting: false, depth: depth)
            }
        default:
            let first = index
            while index < bytes.count, !",]}#\n".utf8.contains(bytes[index]) { index += 1 }
            var text = String(decoding: bytes[first..<index], as: UTF8.self)
            while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
            guard !text.isEmpty else { throw fault("a value is missing") }
            return ForeignValue(.text(text), start)
        }
    }

    /// Four kinds: basic and literal, each on one line or on several.
    private mutating func string() throws(ImportSyntaxError) -> String {
        let quote = bytes[index]
        let isLong = index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote
        index += isLong ? 3 : 1
        if isLong, index < bytes.count, bytes[index] == UInt8(ascii: "\n") {
            line += 1
            index += 1
        }
        var result: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                if !isLong {
                    index += 1
                    return String(decoding: result, as: UTF8.self)
                }
                if index + 2 < bytes.count, bytes[index + 1] == quote, bytes[index + 2] == quote {
                    index += 3
                    return String(decoding: result, as: UTF8.self)
                }
            }
            if byte == UInt8(ascii: "\n") {
                guard isLong else { throw fault("a quote that is never closed") }
                line += 1
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), index + 1 < bytes.count {
                switch bytes[index + 1] {
                case UInt8(ascii: "n"): result.append(10)
                case UInt8(ascii: "t"): result.append(9)
                case UInt8(ascii: "r"): result.append(13)
                case UInt8(ascii: "\n"): line += 1
                default: result.append(bytes[index + 1])
                }
                index += 2
                continue
            }
            result.append(byte)
            index += 1
        }
        throw fault("a quote that is never closed")
    }
}
