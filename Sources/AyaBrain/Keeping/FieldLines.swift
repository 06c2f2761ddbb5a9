/// Lines of fields with tabs between them: how the brain keeps what it can not learn again.
///
/// Lines that a reader does not understand are passed over, so that files of other versions can be read.
enum FieldLines {
    static func text(of lines: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines {
            for (index, field) in line.enumerated() {
                if index > 0 { bytes.append(tab) }
                for byte in field.utf8 { bytes.append(contentsOf: escaped(byte)) }
            }
            bytes.append(newline)
        }
        return bytes
    }

    static func lines(of bytes: [UInt8]) -> [[String]] {
        bytes.split(separator: newline).map { line in
            line.split(separator: tab, omittingEmptySubsequences: false).map { field in
                var plain: [UInt8] = []
                var isEscaped = false
                for byte in field {
                    if isEscaped {
                        plain.append(names[byte] ?? byte)
                        isEscaped = false
                    } else if byte == backslash {
                        isEscaped = true
                    } else {
                        plain.append(byte)
                    }
                }
                return String(decoding: plain, as: UTF8.self)
            }
        }
    }

    private static let tab = UInt8(ascii: "\t")
    private static let newline = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")
    private static let names: [UInt8: UInt8] = [UInt8(ascii: "t"): tab, UInt8(ascii: "n"): newline]

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case tab: [backslash, UInt8(ascii: "t")]
        case newline: [backslash, UInt8(ascii: "n")]
        case backslash: [backslash, backslash]
        default: [byte]
        }
    }
}
