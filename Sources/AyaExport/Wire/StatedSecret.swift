internal import AyaTLS

/// A secret as the configuration states it: itself, or `file:` and the path of a file that holds it. Files of tokens are
/// renewed by others at any time, so who asks with one reads it anew.
package struct StatedSecret: Sendable {
    private let text: String

    package init(_ text: String) { self.text = text }

    package func read() throws(CallFault) -> String {
        guard text.hasPrefix("file:") else { return text }
        return try Self.read(file: String(text.dropFirst(5)))
    }

    /// A small file without the line break behind its last line, which is no part of a secret.
    static func read(file path: String) throws(CallFault) -> String {
        guard let bytes = PrivateFile.read(path) else { throw CallFault("'\(path)' can't be read") }
        var text = String(decoding: bytes, as: UTF8.self)
        while let last = text.last, last.isNewline { text.removeLast() }
        // It becomes part of a header field.
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 31 && $0 != 127 }) else {
            throw CallFault("'\(path)' does not hold a secret of one line")
        }
        return text
    }
}
