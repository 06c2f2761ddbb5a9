package import AyaCore

/// What a key takes.
package indirect enum ValueType: Sendable {
    case text(TextForm)
    case boolean
    case integer(ClosedRange<Int>)
    case duration(ClosedRange<Duration>)
    case size(ClosedRange<ByteCount>)
    /// A number that may have a fraction.
    case decimal(ClosedRange<Double>)
    /// A share of something, 0 to 1, written in percent.
    case share(ClosedRange<Double>)
    /// One of these words.
    case word([String])
    /// One of these numbers.
    case number([Int])
    /// One value stands for a list of one.
    case list(of: ValueType)
    case section(Section)
    /// A map from names that the operator chooses.
    case named(TextForm, ValueType)
    case anyOf([ValueType])

    /// A bound that `none` lifts.
    static func bound(_ type: ValueType) -> ValueType { .anyOf([type, .word(["none"])]) }

    /// A part that `off` switches off.
    static func part(_ types: ValueType...) -> ValueType { .anyOf(types + [.word(["off"])]) }
}

/// A kind of text: how messages and the reference call it, and what editors may check.
package struct TextForm: Sendable {
    /// `address`: what tables call it.
    package let name: String
    /// `an address such as '127.0.0.1:9001'`: what messages call it.
    package let what: String
    package let examples: [String]
    /// A regular expression of JSON Schema (ECMA-262) that every valid text fulfils; nil when there is no useful one.
    package let pattern: String?

    init(_ name: String, _ what: String, examples: [String] = [], pattern: String? = nil) {
        self.name = name
        self.what = what
        self.examples = examples
        self.pattern = pattern
    }
}

extension ValueType {
    /// How a message says what it expected.
    var expectation: String {
        switch self {
        case .text(let form): form.what
        case .boolean: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "a duration from \(DurationText.describe(range.lowerBound)) to "
                + "\(DurationText.describe(range.upperBound)), such as '30s'"
        case .size(let range): "a size from \(range.lowerBound) to \(range.upperBound), such as '4KiB'"
        case .decimal(let range):
            "a number from \(DecimalText.describe(range.lowerBound)) to \(DecimalText.describe(range.upperBound))"
        case .share(let range):
            "a share from \(ShareText.describe(range.lowerBound)) to \(ShareText.describe(range.upperBound)), "
                + "such as '5%'"
        case .word(let words): words.map { "'\($0)'" }.joinedAsChoice
        case .number(let numbers): numbers.map(String.init).joinedAsChoice
        case .list(let type): "a list (of \(type.expectation))"
        case .section(let section): "a map (\(section.name))"
        case .named: "a map of names"
        case .anyOf(let types): types.map(\.expectation).joinedAsChoice
        }
    }
}

extension [String] {
    /// `a, b or c`
    var joinedAsChoice: String {
        guard count > 1, let last else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
