internal import AyaCore

/// Turns a node into a value of its key's type, or reports why it is none.
///
/// Every function returns nil after it reported, so translations read on and find the other problems too.
struct ValueReader {
    let problems: Problems

    /// The text of a scalar. What is written plainly (`8080`, `true`) counts as its text.
    func text(_ node: Node, _ expectation: String) -> String? {
        switch node.content {
        case .scalar(let scalar) where !node.isNothing: return scalar.text
        case .scalar, .list, .map:
            report(expected: expectation, node)
            return nil
        case .invalid: return nil
        }
    }

    func text<Value>(
        _ node: Node, _ form: TextForm, _ parse: (String) throws(InvalidText) -> Value
    ) -> Value? {
        guard let text = text(node, form.what) else { return nil }
        return parsed(text, at: node.place, parse)
    }

    func parsed<Value>(
        _ text: String, at place: Place, _ parse: (String) throws(InvalidText) -> Value
    ) -> Value? {
        do {
            return try parse(text)
        } catch {
            problems.error(error.message, at: place)
            return nil
        }
    }

    func boolean(_ node: Node) -> Bool? {
        switch text(node, "true or false") {
        case "true": return true
        case "false": return false
        case .some:
            report(expected: "true or false", node)
            return nil
        case nil: return nil
        }
    }

    /// `expectation` names what else the key takes, if anything.
    func integer(_ node: Node, _ range: ClosedRange<Int>, _ expectation: String? = nil) -> Int? {
        let expectation = expectation ?? ValueType.integer(range).expectation
        guard let text = text(node, expectation) else { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }), let value = Int(text),
            range.contains(value)
        else {
            report(expected: expectation, node)
            return nil
        }
        return value
    }

    /// `expectation` names what else the key takes, if anything.
    func duration(_ node: Node, _ range: ClosedRange<Duration>, _ expectation: String? = nil) -> Duration? {
        let expectation = expectation ?? ValueType.duration(range).expectation
        guard let text = text(node, expectation) else { return nil }
        guard let value = DurationText.parse(text), range.contains(value) else {
            let isBare = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
            problems.error(
                isBare
                    ? "'\(shortened(text))' has no unit (write '\(shortened(text))s' or '\(shortened(text))ms')"
                    : "expected \(expectation), found \(node.foundDescription)", at: node.place)
            return nil
        }
        return value
    }

    /// `expectation` names what else the key takes, if anything.
    func size(_ node: Node, _ range: ClosedRange<ByteCount>, _ expectation: String? = nil) -> ByteCount? {
        let expectation = expectation ?? ValueType.size(range).expectation
        guard let text = text(node, expectation) else { return nil }
        guard let value = ByteCount(text), range.contains(value) else {
            report(expected: expectation, node)
            return nil
        }
        return value
    }

    /// `expectation` names what else the key takes, if anything.
    func decimal(_ node: Node, _ range: ClosedRange<Double>, _ expectation: String? = nil) -> Double? {
        let expectation = expectation ?? ValueType.decimal(range).expectation
        guard let text = text(node, expectation) else { return nil }
        guard let value = DecimalText.parse(text), range.contains(value) else {
            report(expected: expectation, node)
            return nil
        }
        return value
    }

    /// `expectation` names what else the key takes, if anything.
    func share(_ node: Node, _ range: ClosedRange<Double>, _ expectation: String? = nil) -> Double? {
        let expectation = expectation ?? ValueType.share(range).expectation
        guard let text = text(node, expectation) else { return nil }
        guard let value = ShareText.parse(text), range.contains(value) else {
            if let number = DecimalText.thousandths(text) {
                let percent = number < 1000 ? number * 100 : number
                problems.error(
                    "'\(shortened(text))' has no percent sign (write '\(DecimalText.describe(thousandths: percent))%')",
                    at: node.place)
            } else {
                report(expected: expectation, node)
            }
            return nil
        }
        return value
    }

    /// One of the words; `noun` names what they are in the message.
    func word(_ node: Node, _ words: [String], noun: String) -> String? {
        guard let text = text(node, words.map { "'\($0)'" }.joinedAsChoice) else { return nil }
        guard words.contains(text) else {
            let hint = Suggestion.hint(for: text, among: words)
            let choice = " (expected \(words.map { "'\($0)'" }.joinedAsChoice))"
            problems.error("unknown \(noun) '\(shortened(text))'" + (hint.isEmpty ? choice : hint), at: node.place)
            return nil
        }
        return text
    }

    /// The items of a list; a single scalar or map stands for a list of one.
    func list(_ node: Node, _ expectation: String) -> [Node]? {
        switch node.content {
        case .list(let items): return items
        case .scalar, .map:
            if node.isNothing {
                report(expected: expectation, node)
                return nil
            }
            return [node]
        case .invalid: return nil
        }
    }

    func entries(_ node: Node, _ expectation: String) -> [Node.Entry]? {
        switch node.content {
        case .map(let entries): return entries
        case .scalar, .list:
            report(expected: expectation, node)
            return nil
        case .invalid: return nil
        }
    }

    func report(expected expectation: String, _ node: Node) {
        problems.error("expected \(expectation), found \(node.foundDescription)", at: node.place)
    }
}
