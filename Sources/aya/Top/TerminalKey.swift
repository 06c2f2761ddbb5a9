internal import Glibc

/// A key, as a terminal sends it.
enum TerminalKey: Equatable {
    case character(Character)
    case enter, escape, backspace, tab, backTab, up, down, left, right, pageUp, pageDown, home, end

    /// What can be read from standard input now; nil when it has ended.
    static func read() -> [TerminalKey]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe Glibc.read(STDIN_FILENO, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? parse(Array(bytes[..<count])) : nil
    }

    static func parse(_ bytes: [UInt8]) -> [TerminalKey] {
        var keys: [TerminalKey] = []
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        while let first = rest.first {
            if let (key, length) = sequence(rest) {
                keys.append(key)
                rest = rest.dropFirst(length)
                continue
            }
            rest = rest.dropFirst()
            switch first {
            case "\u{1b}":
                keys.append(.escape)
                // A sequence that is unknown here is no text.
                if rest.first == "[" || rest.first == "O" { rest = rest.drop { !$0.isLetter && $0 != "~" }.dropFirst() }
            case "\r", "\n", "\r\n": keys.append(.enter)
            case "\t": keys.append(.tab)
            case "\u{7f}", "\u{8}": keys.append(.backspace)
            default: keys.append(.character(first))
            }
        }
        return keys
    }

    private static let sequences: [(String, TerminalKey)] = [
        ("[A", .up), ("[B", .down), ("[C", .right), ("[D", .left), ("[5~", .pageUp), ("[6~", .pageDown),
        ("[H", .home), ("[F", .end), ("[1~", .home), ("[4~", .end), ("[Z", .backTab),
        ("OA", .up), ("OB", .down), ("OC", .right), ("OD", .left), ("OH", .home), ("OF", .end),
    ]

    private static func sequence(_ text: Substring) -> (TerminalKey, length: Int)? {
        guard text.first == "\u{1b}" else { return nil }
        let found = sequences.first { text.dropFirst().hasPrefix($0.0) }
        return found.map { ($0.1, $0.0.count + 1) }
    }
}
