/// A piece of a YAML document with its place: what the translation reads and the formatter prints.
///
/// Values keep their text as written; what a text means (a number, a duration, a name) is decided by the key it
/// belongs to, so `no`, `1.10` or `0755` never change under the operator's hands.
package struct Node: Sendable {
    package enum Content: Sendable {
        case scalar(Scalar)
        case list([Node])
        case map([Entry])
        /// Already reported as wrong: readers pass over it in silence.
        case invalid
    }

    package struct Scalar: Sendable {
        package enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }
        package var text: String
        package var style: Style
    }

    package struct Entry: Sendable {
        package var key: String
        package var keyNode: Node
        package var value: Node
    }

    package var content: Content
    package var place: Place
    /// Just behind the last character.
    package var end: Place
    /// Collections in braces or brackets.
    package var isFlow = false
    /// The name this node can be repeated by (`&name`).
    package var anchor: String?
    /// The node was written `*name`; its content is a copy of what that names.
    package var alias: String?

    package init(_ content: Content, at place: Place, end: Place) {
        self.content = content
        self.place = place
        self.end = end
    }

    /// A plain scalar without text: the key has no value.
    package var isNothing: Bool {
        if case .scalar(let scalar) = content { scalar.text.isEmpty && scalar.style == .plain } else { false }
    }

    /// How a message names what it found.
    var foundDescription: String {
        switch content {
        case .scalar(let scalar): isNothing ? "nothing" : "'\(shortened(scalar.text))'"
        case .list: "a list"
        case .map: "a map"
        case .invalid: "something invalid"
        }
    }
}

/// A value as it is quoted in a message: one line, not too long.
func shortened(_ text: String) -> String {
    var result = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
        if index == 60 { return result + "…" }
        switch scalar.value {
        case 10: result += "\\n"
        case 0..<32, 127..<160: result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
