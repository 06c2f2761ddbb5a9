/// Reads the words that operators mark servers with: zones and labels.
enum LabelText {
    static func zone(_ text: String) throws(InvalidText) -> String { try word(text, "a zone") }
    static func event(_ text: String) throws(InvalidText) -> String { try word(text, "a name of an event") }
    static func label(_ text: String) throws(InvalidText) -> String { try word(text, "a label") }

    private static func word(_ text: String, _ noun: String) throws(InvalidText) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_.:/".utf8.contains(byte)
            }
        }
        guard isWord, (1...128).contains(text.utf8.count) else {
            throw InvalidText(
                "'\(shortened(text))' is not \(noun) (letters, digits, '-', '_', '.', ':' and '/', at most 128)")
        }
        return text
    }
}
