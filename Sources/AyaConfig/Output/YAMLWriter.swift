/// Writes YAML in block style, two blanks a level, in the order of the calls.
struct YAMLWriter {
    private(set) var text = ""
    private var depth = 0
    /// The next line begins an item of a list.
    private var beginsItem = false

    /// A key with a number, a truth value, a duration or another fixed word.
    mutating func word(_ key: String, _ value: String) { line("\(ScalarText.text(key)): \(value)") }

    /// A key with a text; `${` in it stays what it is.
    mutating func text(_ key: String, _ value: String) {
        line("\(ScalarText.text(key)): \(ScalarText.text(EnvironmentSubstitution.escaped(value)))")
    }

    mutating func map(_ key: String, _ body: (inout YAMLWriter) -> Void) {
        line("\(ScalarText.text(key)):")
        depth += 1
        body(&self)
        depth -= 1
    }

    /// A map or list without entries needs its brackets.
    mutating func empty(_ key: String) { line("\(ScalarText.text(key)): {}") }

    /// An item of a list that is a map.
    mutating func item(_ body: (inout YAMLWriter) -> Void) {
        beginsItem = true
        depth += 1
        body(&self)
        depth -= 1
        beginsItem = false
    }

    /// An item of a list that is a number or another fixed word.
    mutating func item(word: String) { line("- \(word)") }

    /// An item of a list that is a text.
    mutating func item(_ value: String) { line("- \(ScalarText.text(EnvironmentSubstitution.escaped(value)))") }

    private mutating func line(_ content: String) {
        let isFirst = beginsItem
        beginsItem = false
        text += String(repeating: "  ", count: isFirst ? depth - 1 : depth)
        text += isFirst ? "- \(content)\n" : "\(content)\n"
    }
}
