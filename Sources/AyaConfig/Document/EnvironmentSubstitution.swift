/// Replaces `${NAME}` and `${NAME:-default}` in the values of a document by the environment; `$${` stands for a
/// literal `${`.
///
/// It works on the parsed values, not on the text of the file: what a variable holds can never become a key, a list or
/// a comment.
package struct EnvironmentSubstitution {
    /// The longest value that may come out, and the most that all of them may hold together.
    private static let longest = 1 << 20
    private static let longestTotal = 1 << 26

    private let lookUp: (String) -> String?
    private let problems: Problems
    private var produced = 0

    init(problems: Problems, lookUp: @escaping (String) -> String?) {
        self.lookUp = lookUp
        self.problems = problems
    }

    mutating func apply(to node: inout Node) {
        switch node.content {
        case .scalar(var scalar):
            guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return }
            if let text = replaced(scalar.text, at: node.place) {
                scalar.text = text
                node.content = .scalar(scalar)
                // `${EMPTY}` is an empty text, not a missing value.
                if text.isEmpty { node.content = .scalar(.init(text: "", style: .doubleQuoted)) }
            } else {
                node.content = .invalid
            }
        case .list(var items):
            for index in items.indices { apply(to: &items[index]) }
            node.content = .list(items)
        case .map(var entries):
            for index in entries.indices { apply(to: &entries[index].value) }
            node.content = .map(entries)
        case .invalid: break
        }
    }

    /// Nil when something was wrong (it is reported).
    mutating func replaced(_ text: String, at place: Place) -> String? {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        var isValid = true
        while let byte = rest.first {
            if rest.starts(with: Array("$${".utf8)) {
                result += Array("${".utf8)
                rest = rest.dropFirst(3)
            } else if rest.starts(with: Array("${".utf8)) {
                guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    report("'${' without '}' (write '$${' for the characters themselves)", "${", place)
                    return nil
                }
                let reference = String(decoding: rest[(rest.startIndex + 2)..<close], as: UTF8.self)
                if let value = value(of: reference, at: place) {
                    result += Array(value.utf8)
                } else {
                    isValid = false
                }
                rest = rest[(close + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
            if result.count > Self.longest || produced + result.count > Self.longestTotal {
                report("the value grows too large", "${", place)
                return nil
            }
        }
        produced += result.count
        return isValid ? String(decoding: result, as: UTF8.self) : nil
    }

    private func value(of reference: String, at place: Place) -> String? {
        let name = String(reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        let rest = reference.dropFirst(name.count)
        guard !name.isEmpty, name.first?.isNumber == false, rest.isEmpty || rest.hasPrefix(":-") else {
            let shown = shortened(reference)
            report(
                "'${\(shown)}' is not a variable (expected '${NAME}' or '${NAME:-default}')", "${\(reference)}", place)
            return nil
        }
        let value = lookUp(name)
        if rest.isEmpty {
            if value == nil {
                report("the environment has no variable '\(shortened(name))'", "${\(reference)}", place)
            }
            return value
        }
        return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2))
    }

    private func report(_ message: String, _ needle: String, _ place: Place) {
        problems.error(message, at: problems.place(of: needle, inValueAt: place))
    }

    /// A text that loads as itself.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") {
                result.append(byte)
            }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
