internal import AyaCore

/// Reads a map with fixed keys: reports keys that the language does not know and required ones that are missing, and
/// gives the others as values.
struct SectionReader {
    let place: Place
    let reader: ValueReader
    private let values: [String: Node]
    /// Where every key of the section stands that was written.
    let keyPlaces: [String: Place]

    /// `title` names the thing in messages, such as `pool 'web'`; `isComplete` is false when keys may be missing for
    /// another reason. Nil when the node is not a map.
    init?(
        _ node: Node, _ section: Section, title: String, isComplete: Bool = true, expectation: String? = nil,
        _ reader: ValueReader
    ) {
        guard let entries = reader.entries(node, expectation ?? "a map (\(section.name))") else { return nil }
        self.place = node.place
        self.reader = reader
        var values: [String: Node] = [:]
        var keyPlaces: [String: Place] = [:]
        for entry in entries {
            guard section.byName[entry.key] != nil else {
                let reason =
                    entry.key == "<<"
                    ? "merge keys ('<<') are not part of the language"
                    : "unknown key '\(shortened(entry.key))' in \(title)"
                        + Suggestion.hint(for: entry.key, among: section.keys.map(\.name))
                reader.problems.error(reason, at: entry.keyNode.place)
                continue
            }
            values[entry.key] = entry.value
            keyPlaces[entry.key] = entry.keyNode.place
        }
        for key in section.keys where isComplete && key.isRequired && values[key.name] == nil {
            reader.problems.error("\(title) has no '\(key.name)'", at: node.place)
        }
        self.values = values
        self.keyPlaces = keyPlaces
    }

    var problems: Problems { reader.problems }

    func node(_ key: Key) -> Node? { values[key.name] }

    /// Where the key itself stands.
    func keyPlace(_ key: Key) -> Place? { keyPlaces[key.name] }

    func text<Value>(_ key: Key, _ form: TextForm, _ parse: (String) throws(InvalidText) -> Value) -> Value? {
        node(key).flatMap { reader.text($0, form, parse) }
    }

    func boolean(_ key: Key) -> Bool? { node(key).flatMap(reader.boolean) }

    func integer(_ key: Key) -> Int? {
        guard let node = node(key), let range = key.type.integerRange else { return nil }
        return reader.integer(node, range, key.type.expectation)
    }

    func duration(_ key: Key) -> Duration? {
        guard let node = node(key), let range = key.type.durationRange else { return nil }
        return reader.duration(node, range, key.type.expectation)
    }

    func size(_ key: Key) -> ByteCount? {
        guard let node = node(key), let range = key.type.sizeRange else { return nil }
        return reader.size(node, range, key.type.expectation)
    }

    func decimal(_ key: Key) -> Double? {
        guard let node = node(key), let range = key.type.decimalRange else { return nil }
        return reader.decimal(node, range, key.type.expectation)
    }

    func share(_ key: Key) -> Double? {
        guard let node = node(key), let range = key.type.shareRange else { return nil }
        return reader.share(node, range, key.type.expectation)
    }

    func word(_ key: Key, noun: String? = nil) -> String? {
        guard let node = node(key), let words = key.type.words else { return nil }
        return reader.word(node, words, noun: noun ?? key.name)
    }

    /// The key says `none` or `off` in place of a value.
    func isSwitchedOff(_ key: Key, by word: String) -> Bool {
        if case .scalar(let scalar)? = node(key)?.content { scalar.text == word } else { false }
    }

    func items(_ key: Key) -> [Node]? { node(key).flatMap { reader.list($0, key.type.expectation) } }
    func entries(_ key: Key) -> [Node.Entry]? { node(key).flatMap { reader.entries($0, key.type.expectation) } }

    func section(_ key: Key, _ section: Section, title: String) -> SectionReader? {
        node(key).flatMap {
            SectionReader($0, section, title: title, expectation: key.type.expectation, reader)
        }
    }

    /// The section of a part that is neither absent nor switched off.
    func part(_ key: Key, _ section: Section, title: String) -> SectionReader? {
        isSwitchedOff(key, by: "off") ? nil : self.section(key, section, title: title)
    }

    /// Which one of these keys is there; none and a second one are errors. `noun` names what they choose between.
    func only(of keys: [Key], _ title: String, noun: String) -> Key? {
        let present = keys.filter { node($0) != nil }
        let choice = keys.map { "'\($0.name)'" }.joinedAsChoice
        if present.isEmpty { problems.error("\(title) has no \(noun) (\(choice))", at: place) }
        for key in present.dropFirst() {
            problems.error("\(title) has two of them, '\(present[0].name)' and '\(key.name)'", at: keyPlace(key))
        }
        return present.first
    }
}

extension ValueType {
    /// The first of its alternatives that holds numbers; the reader and the schema share one range this way.
    fileprivate var integerRange: ClosedRange<Int>? {
        switch self {
        case .integer(let range): range
        case .anyOf(let types): types.lazy.compactMap(\.integerRange).first
        default: nil
        }
    }

    fileprivate var durationRange: ClosedRange<Duration>? {
        switch self {
        case .duration(let range): range
        case .anyOf(let types): types.lazy.compactMap(\.durationRange).first
        default: nil
        }
    }

    fileprivate var sizeRange: ClosedRange<ByteCount>? {
        switch self {
        case .size(let range): range
        case .anyOf(let types): types.lazy.compactMap(\.sizeRange).first
        default: nil
        }
    }

    fileprivate var decimalRange: ClosedRange<Double>? {
        switch self {
        case .decimal(let range): range
        case .anyOf(let types): types.lazy.compactMap(\.decimalRange).first
        default: nil
        }
    }

    fileprivate var shareRange: ClosedRange<Double>? {
        switch self {
        case .share(let range): range
        case .anyOf(let types): types.lazy.compactMap(\.shareRange).first
        default: nil
        }
    }

    /// All of them: a key may take the words of more than one alternative.
    fileprivate var words: [String]? {
        switch self {
        case .word(let words): words
        case .anyOf(let types): types.flatMap { $0.words ?? [] }
        default: nil
        }
    }
}
