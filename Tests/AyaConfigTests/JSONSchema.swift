import AyaConfig
import Foundation

/// A document as a JSON Schema validator sees it: scalars resolved by YAML 1.2's core schema.
indirect enum PlainValue {
    case null
    case boolean(Bool)
    case integer(Int)
    case number
    case string(String)
    case array([PlainValue])
    case object([(String, PlainValue)])

    init(_ node: Node) {
        switch node.content {
        case .list(let items): self = .array(items.map(PlainValue.init))
        case .map(let entries): self = .object(entries.map { ($0.key, PlainValue($0.value)) })
        case .invalid: self = .null
        case .scalar(let scalar):
            switch scalar.text {
            case _ where scalar.style != .plain: self = .string(scalar.text)
            case "", "~", "null", "Null", "NULL": self = .null
            case "true", "True", "TRUE": self = .boolean(true)
            case "false", "False", "FALSE": self = .boolean(false)
            default:
                if let number = Int(scalar.text) {
                    self = .integer(number)
                } else if Double(scalar.text) != nil {
                    self = .number
                } else {
                    self = .string(scalar.text)
                }
            }
        }
    }

    var typeNames: [String] {
        switch self {
        case .null: ["null"]
        case .boolean: ["boolean"]
        case .integer: ["integer", "number"]
        case .number: ["number"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}

/// Just enough of JSON Schema (draft 2020-12) to check documents against our own schema; an unknown keyword is a
/// problem, so the schema can't outgrow it unseen.
struct JSONSchema {
    let root: [String: Any]

    private static let annotations: Set<String> = [
        "$schema", "$defs", "title", "description", "default", "examples",
    ]

    func problems(of value: PlainValue) -> [String] { check(value, root, "") }

    private func check(_ value: PlainValue, _ schema: [String: Any], _ path: String) -> [String] {
        schema.keys.sorted().flatMap { keyword in
            Self.annotations.contains(keyword) ? [] : check(value, keyword, schema, path)
        }
    }

    private func check(_ value: PlainValue, _ keyword: String, _ schema: [String: Any], _ path: String) -> [String] {
        let argument = schema[keyword]
        switch keyword {
        case "$ref":
            guard let reference = argument as? String, let name = reference.split(separator: "/").last,
                let target = (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
            else { return ["\(path): bad reference"] }
            return check(value, target, path)
        case "type":
            let names = argument as? [String] ?? [argument as? String ?? ""]
            return value.typeNames.contains(where: names.contains) ? [] : ["\(path): not \(names)"]
        case "enum":
            let isMember = (argument as? [Any] ?? []).contains { member in
                switch value {
                case .string(let text): member as? String == text
                case .integer(let number): member as? Int == number
                default: false
                }
            }
            return isMember ? [] : ["\(path): not in the enumeration"]
        case "pattern":
            guard case .string(let text) = value, let pattern = argument as? String else { return [] }
            return text.range(of: pattern, options: .regularExpression) != nil ? [] : ["\(path): '\(text)'"]
        case "minimum", "maximum":
            guard case .integer(let number) = value, let bound = argument as? Int else { return [] }
            return (keyword == "minimum" ? number >= bound : number <= bound) ? [] : ["\(path): out of range"]
        case "anyOf", "oneOf":
            let choices = argument as? [[String: Any]] ?? []
            let fitting = choices.count { check(value, $0, path).isEmpty }
            return fitting == 1 || (fitting > 1 && keyword == "anyOf") ? [] : ["\(path): \(fitting) of \(keyword)"]
        case "items":
            guard case .array(let items) = value, let schema = argument as? [String: Any] else { return [] }
            return items.enumerated().flatMap { check($1, schema, "\(path)[\($0)]") }
        case "required":
            guard case .object(let members) = value else { return [] }
            return (argument as? [String] ?? []).filter { name in !members.contains { $0.0 == name } }
                .map { "\(path): no \($0)" }
        case "propertyNames":
            guard case .object(let members) = value, let schema = argument as? [String: Any] else { return [] }
            return members.flatMap { check(.string($0.0), schema, "\(path).\($0.0)") }
        case "properties":
            guard case .object(let members) = value, let schemas = argument as? [String: [String: Any]] else {
                return []
            }
            return members.flatMap { name, member in
                schemas[name].map { check(member, $0, "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            guard case .object(let members) = value else { return [] }
            let known = schema["properties"] as? [String: Any] ?? [:]
            let rest = members.filter { known[$0.0] == nil }
            if let schema = argument as? [String: Any] {
                return rest.flatMap { check($1, schema, "\(path).\($0)") }
            }
            return rest.map { "\(path): unknown \($0.0)" }
        default: return ["\(path): the test does not know '\(keyword)'"]
        }
    }
}
