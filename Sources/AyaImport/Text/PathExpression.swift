/// Reads the regular expressions that people write for paths and hosts, as far as they say no more than a list of exact
/// paths and prefixes: `^/api/`, `^/(img|css)/`, `^/old/?$`, `^/v1(/.*)?$`.
///
/// Aya has no regular expressions in routes. What is read here is equivalent; everything else is nil, never a guess.
enum PathExpression {
    /// Alternatives multiply; more routes than this are no help to anybody.
    static let mostAlternatives = 64

    /// What follows the literal text.
    private enum Tail {
        /// Nothing may follow (`$`).
        case end
        /// Anything may follow: the expression is not anchored, or ends in `.*`.
        case anything
        /// A slash and anything, or nothing (`(/.*)?$`).
        case segment
    }

    /// Paths that the expression fits; nil when it says more than that. A prefix that does not end at a slash gives the
    /// path itself and what is below it; `isWider` tells that the expression fits more (`/apix`).
    static func paths(_ expression: String) -> (paths: [PlannedRoute.Path], isWider: Bool)? {
        var text = Array(expression.utf8)[...]
        guard text.first == UInt8(ascii: "^") else { return nil }
        text = text.dropFirst()
        guard let (words, tail) = alternatives(text) else { return nil }
        var result: [PlannedRoute.Path] = []
        var isWider = false
        for word in words {
            let path = String(decoding: word, as: UTF8.self)
            guard path.hasPrefix("/") || (path.isEmpty && tail != .end) else { return nil }
            if path.isEmpty, tail == .segment {
                result.append(.below("/"))
                continue
            }
            switch tail {
            case .end: result.append(.exact(path))
            case .segment: result += [.exact(path), .below(path + "/")]
            case .anything where path.isEmpty: result.append(.below("/"))
            case .anything where path.hasSuffix("/"): result.append(.below(path))
            case .anything:
                isWider = true
                result += [.exact(path), .below(path + "/")]
            }
        }
        var unique: [PlannedRoute.Path] = []
        for path in result where !unique.contains(path) { unique.append(path) }
        return (unique, isWider)
    }

    /// Hosts that the expression fits: `^(www\.)?shop\.example$`, `^.+\.shop\.example$`.
    static func hosts(_ expression: String) -> [String]? {
        var text = Array(expression.utf8)[...]
        guard text.first == UInt8(ascii: "^"), text.last == UInt8(ascii: "$") else { return nil }
        text = text.dropFirst()
        var wildcard = ""
        // A named group is a group.
        if text.starts(with: Array("(?<".utf8)), let end = text.firstIndex(of: UInt8(ascii: ">")) {
            text = Array("(".utf8) + text[(end + 1)...]
        }
        for any in [".+\\.", "(.+)\\.", "(.*)\\.", ".*\\.", "[^.]+\\.", "([^.]+)\\.", "[a-z0-9-]+\\.", "\\w+\\."]
        where text.starts(with: Array(any.utf8)) {
            wildcard = "*."
            text = text.dropFirst(any.utf8.count)
            break
        }
        guard let (words, tail) = alternatives(text), tail == .end else { return nil }
        return words.map { wildcard + String(decoding: $0, as: UTF8.self) }
    }

    /// Literal texts with groups of literal alternatives among them, up to an end.
    private static func alternatives(_ expression: ArraySlice<UInt8>) -> (words: [[UInt8]], tail: Tail)? {
        var text = expression
        var words: [[UInt8]] = [[]]
        func append(_ choices: [[UInt8]]) -> Bool {
            guard words.count * choices.count <= mostAlternatives else { return false }
            words = words.flatMap { word in choices.map { word + $0 } }
            return true
        }
        while let byte = text.first {
            if let tail = tail(text) { return (words, tail) }
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["):
                let found = byte == UInt8(ascii: "(") ? group(text.dropFirst()) : characters(text.dropFirst())
                guard let (choices, rest) = found else { return nil }
                text = rest
                if text.first == UInt8(ascii: "?") {
                    text = text.dropFirst()
                    guard append([[]] + choices) else { return nil }
                } else {
                    guard isPlain(text.first), append(choices) else { return nil }
                }
            default:
                guard let (literal, rest) = literal(text) else { return nil }
                text = rest
                if text.first == UInt8(ascii: "?") {
                    text = text.dropFirst()
                    guard append([[], [literal]]) else { return nil }
                } else {
                    guard isPlain(text.first), append([[literal]]) else { return nil }
                }
            }
        }
        return (words, .anything)
    }

    /// Endings that leave a list of paths.
    private static func tail(_ text: ArraySlice<UInt8>) -> Tail? {
        switch String(decoding: text, as: UTF8.self) {
        case "$": .end
        case ".*", "(.*)", ".*$", "(.*)$", "(.+)", "(.+)$", ".+$", ".+": .anything
        case "(/.*)?$", "(/.*)?", "(/|$)", "(/|$)(.*)", "(?:/|$)", "(?:/.*)?$", "($|/)", "(/|$)(.*)$": .segment
        default: nil
        }
    }

    /// The alternatives of a group of literals, and what follows its bracket.
    private static func group(_ start: ArraySlice<UInt8>) -> (choices: [[UInt8]], rest: ArraySlice<UInt8>)? {
        var text = start
        if text.starts(with: Array("?:".utf8)) { text = text.dropFirst(2) }
        var choices: [[UInt8]] = [[]]
        while let byte = text.first {
            switch byte {
            case UInt8(ascii: ")"): return (choices, text.dropFirst())
            case UInt8(ascii: "|"):
                choices.append([])
                text = text.dropFirst()
                guard choices.count <= mostAlternatives else { return nil }
            default:
                guard let (literal, rest) = literal(text), isPlain(rest.first) else { return nil }
                choices[choices.count - 1].append(literal)
                text = rest
            }
        }
        return nil
    }

    /// A few characters, any of which may stand there (`[12]`, `[a-c]`), and what follows their bracket.
    private static func characters(_ start: ArraySlice<UInt8>) -> (choices: [[UInt8]], rest: ArraySlice<UInt8>)? {
        var text = start
        var found: [UInt8] = []
        while let byte = text.first, byte != UInt8(ascii: "]") {
            guard isWord(byte) || "-_.~".utf8.contains(byte), found.count < mostAlternatives else { return nil }
            text = text.dropFirst()
            if byte == UInt8(ascii: "-"), let first = found.last, let last = text.first, isWord(last) {
                guard isWord(first), first < last, isOfOneKind(first, last), last - first < 32 else { return nil }
                found += Array(first + 1...last)
                text = text.dropFirst()
            } else {
                found.append(byte)
            }
        }
        guard !found.isEmpty, text.first != nil else { return nil }
        return (found.map { [$0] }, text.dropFirst())
    }

    private static func isOfOneKind(_ left: UInt8, _ right: UInt8) -> Bool {
        [48...57, 65...90, 97...122].contains { $0.contains(left) && $0.contains(right) }
    }

    /// A character that stands for itself.
    private static func literal(_ text: ArraySlice<UInt8>) -> (byte: UInt8, rest: ArraySlice<UInt8>)? {
        guard let byte = text.first else { return nil }
        if byte == UInt8(ascii: "\\") {
            guard let next = text.dropFirst().first, !isWord(next) else { return nil }
            return (next, text.dropFirst(2))
        }
        guard isWord(byte) || "/-_~%!@,;:=&<>\"' ".utf8.contains(byte) else { return nil }
        return (byte, text.dropFirst())
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }

    /// Whether what follows a literal leaves it as it is: no `*`, `+` or `{`.
    private static func isPlain(_ next: UInt8?) -> Bool {
        switch next {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"): false
        default: true
        }
    }
}
