internal import AyaTelemetry

/// The shape of a value in the OpenAPI document: as much of JSON Schema (draft 2020-12) as the API needs.
indirect enum OpenAPISchema: Sendable {
    case string
    case boolean
    case number
    case integer(ClosedRange<Int>?)
    case words([String])
    /// A string of a format: `date-time`, `uri`.
    case format(String)
    case list(OpenAPISchema)
    /// Its members, all of them required unless they are `optional`; others may join.
    case object([(String, OpenAPISchema)])
    /// A map from any name.
    case map(OpenAPISchema)
    /// It may be null.
    case nullable(OpenAPISchema)
    /// It may be absent.
    case optional(OpenAPISchema)
    case either([OpenAPISchema])
    /// One of the document's components.
    case named(String)

    static let version = OpenAPISchema.either([.words(["running", "file"]), .integer(1...Int(Int32.max))])
    static let count = OpenAPISchema.integer(0...Int.max)

    func write(to object: inout JSONWriter<Text>) {
        switch self {
        case .string: object.member("type", "string")
        case .boolean: object.member("type", "boolean")
        case .number: object.member("type", "number")
        case .integer(let range):
            object.member("type", "integer")
            if let range {
                object.member("minimum", range.lowerBound)
                if range.upperBound < Int.max { object.member("maximum", range.upperBound) }
            }
        case .words(let words):
            object.member("type", "string")
            object.array("enum") { list in for word in words { list.string(word) } }
        case .format(let format):
            object.member("type", "string")
            object.member("format", format)
        case .list(let element):
            object.member("type", "array")
            object.object("items") { element.write(to: &$0) }
        case .object(let members):
            object.member("type", "object")
            object.object("properties") { properties in
                for (name, schema) in members { properties.object(name) { schema.present.write(to: &$0) } }
            }
            let required = members.filter { !$0.1.isOptional }.map(\.0)
            if !required.isEmpty { object.array("required") { list in for name in required { list.string(name) } } }
        case .map(let value):
            object.member("type", "object")
            object.object("additionalProperties") { value.write(to: &$0) }
        case .nullable(let schema):
            object.array("anyOf") { list in
                list.object { schema.write(to: &$0) }
                list.object { $0.member("type", "null") }
            }
        case .optional(let schema): schema.write(to: &object)
        case .either(let schemas):
            object.array("anyOf") { list in for schema in schemas { list.object { schema.write(to: &$0) } } }
        case .named(let name): object.member("$ref", "#/components/schemas/\(name)")
        }
    }

    private var isOptional: Bool { if case .optional = self { true } else { false } }
    private var present: OpenAPISchema { if case .optional(let schema) = self { schema } else { self } }
}
