internal import AyaCore

/// The JSON Schema (draft 2020-12) of the language, for editors: completion, descriptions, and structural errors while
/// typing. `aya validate` knows more.
package enum Schema {
    package static func json() -> String {
        var builder = SchemaBuilder()
        let top = builder.object(Language.Top.section)
        var members: [(key: String, value: JSONText)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("Aya configuration")),
        ]
        members += top
        members.append(("$defs", .object(builder.definitions)))
        return JSONText.object(members).rendered() + "\n"
    }
}

private struct SchemaBuilder {
    typealias Members = [(key: String, value: JSONText)]

    private static let variable = "environment_variable"

    private(set) var definitions: Members = [
        (
            variable,
            .object([
                ("type", .string("string")),
                ("description", .string("A text with `${NAME}` or `${NAME:-default}` from the environment.")),
                ("pattern", .string(#"\$\{"#)),
            ])
        )
    ]

    /// The schema of a section itself; its parts become definitions.
    mutating func object(_ section: Section) -> Members {
        var properties: Members = []
        for key in section.keys {
            var members = schema(key.type)
            members.insert(("description", .string(key.summary)), at: 0)
            if let text = key.defaultText { members.append(("default", defaultValue(text, key.type))) }
            properties.append((key.name, .object(members)))
        }
        var members: Members = [
            ("description", .string(section.summary)),
            ("type", .string("object")),
            ("properties", .object(properties)),
            ("additionalProperties", .boolean(false)),
        ]
        let required = section.keys.filter(\.isRequired).map { JSONText.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if !section.exactlyOneOf.isEmpty {
            let choices = section.exactlyOneOf.map { JSONText.object([("required", .array([.string($0)]))]) }
            members.append(("oneOf", .array(choices)))
        }
        return members
    }

    private mutating func schema(_ type: ValueType) -> Members {
        switch type {
        case .text(let form):
            // What is written plainly counts as its text, so editors must not ask for quotes.
            var members: Members = [("type", .array(["string", "number", "boolean"].map(JSONText.string)))]
            if !form.examples.isEmpty { members.append(("examples", .array(form.examples.map(JSONText.string)))) }
            guard let pattern = form.pattern else { return members }
            members.append(("pattern", .string(pattern)))
            return orVariable(members)
        case .boolean: return orVariable([("type", .string("boolean"))])
        case .integer(let range): return orVariable(integer(range))
        case .duration: return orVariable(pattern("^[0-9]+(ms|s|m|h|d)$"))
        case .size:
            return anyOf([
                [("type", .string("integer")), ("minimum", .integer(0))],
                pattern("^[0-9]+(B|kB|KiB|MB|MiB|GB|GiB|TB|TiB)?$"), reference(Self.variable),
            ])
        case .decimal(let range):
            return orVariable([
                ("type", .string("number")), ("minimum", .integer(Int(range.lowerBound.rounded(.down)))),
                ("maximum", .integer(Int(range.upperBound.rounded(.up)))),
            ])
        case .share: return orVariable(pattern("^[0-9]+(\\.[0-9]{1,3})?%$"))
        case .word(let words): return orVariable([("enum", .array(words.map(JSONText.string)))])
        case .number(let numbers): return orVariable([("enum", .array(numbers.map(JSONText.integer)))])
        case .list(let item):
            let one = schema(item)
            return anyOf([[("type", .string("array")), ("items", .object(one))], one])
        case .section(let section): return reference(define(section))
        case .named(let form, let value):
            var members: Members = [("type", .string("object"))]
            if let pattern = form.pattern {
                members.append(("propertyNames", .object([("pattern", .string(pattern))])))
            }
            members.append(("additionalProperties", .object(schema(value))))
            return members
        case .anyOf(let types): return anyOf(types.map { schema($0) })
        }
    }

    private mutating func define(_ section: Section) -> String {
        let name = section.name.split(separator: " ").joined(separator: "_")
        if !definitions.contains(where: { $0.key == name }) {
            // The place is taken first: order follows the language, not the depth.
            let index = definitions.count
            definitions.append((name, .object([])))
            definitions[index].value = .object(object(section))
        }
        return name
    }

    private func reference(_ name: String) -> Members { [("$ref", .string("#/$defs/\(name)"))] }

    private func pattern(_ pattern: String) -> Members {
        [("type", .string("string")), ("pattern", .string(pattern))]
    }

    private func integer(_ range: ClosedRange<Int>) -> Members {
        [
            ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
            ("maximum", .integer(range.upperBound)),
        ]
    }

    private func anyOf(_ choices: [Members]) -> Members { [("anyOf", .array(choices.map(JSONText.object)))] }

    private func orVariable(_ members: Members) -> Members { anyOf([members, reference(Self.variable)]) }

    /// Defaults are kept as the expanded form shows them; here they need their JSON type.
    private func defaultValue(_ text: String, _ type: ValueType) -> JSONText {
        switch (text, Int(text)) {
        case ("true", _): .boolean(true)
        case ("false", _): .boolean(false)
        case ("[]", _): .array([])
        case ("\"\"", _): .string("")
        case (_, let number?): .integer(number)
        case (_, nil): .string(text)
        }
    }
}
