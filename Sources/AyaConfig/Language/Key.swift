/// One key of the language: the single place that says its name, what it takes, its default and what it is for.
///
/// The check for unknown keys, the readers, the JSON Schema and the reference documentation all come from these.
package struct Key: Sendable {
    package let name: String
    package let type: ValueType
    /// As the expanded form shows it; nil when the key has none.
    package let defaultText: String?
    package let isRequired: Bool
    /// One or two sentences for the reference and for editors.
    package let summary: String

    init(
        _ name: String, _ type: ValueType, default defaultText: String? = nil, required: Bool = false, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.defaultText = defaultText
        self.isRequired = required
        self.summary = summary
    }
}

/// A map with fixed keys.
package struct Section: Sendable {
    /// Names the section in messages and in the reference: `listener`, `pool timeouts`.
    package let name: String
    package let summary: String
    package let keys: [Key]
    /// Of these keys one must be there, and only one.
    package let exactlyOneOf: [String]
    let byName: [String: Key]

    init(_ name: String, _ summary: String, _ keys: [Key], exactlyOneOf: [Key] = []) {
        self.name = name
        self.summary = summary
        self.keys = keys
        self.exactlyOneOf = exactlyOneOf.map(\.name)
        self.byName = Dictionary(keys.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
