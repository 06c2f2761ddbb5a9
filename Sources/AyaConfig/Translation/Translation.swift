internal import AyaCore

/// Translates a document into the parts of a blueprint; reports what it can't and goes on.
struct Translation {
    let reader: ValueReader
    var draft = Draft()

    var problems: Problems { reader.problems }

    init(problems: Problems) { self.reader = ValueReader(problems: problems) }

    /// `isComplete` is false when a part of the configuration could not be read at all.
    static func draft(of root: Node, isComplete: Bool, problems: Problems) -> Draft {
        var translation = Translation(problems: problems)
        translation.translate(root, isComplete: isComplete)
        return translation.draft
    }

    private mutating func translate(_ root: Node, isComplete: Bool) {
        let section = Language.Top.section
        guard
            let top = SectionReader(root, section, title: "the configuration", isComplete: isComplete, reader)
        else { return }
        // Pools first: what refers to them knows their names then.
        for entry in named(top, Language.Top.pools, "pool") { translatePool(entry) }
        for entry in named(top, Language.Top.listeners, "listener") { translateListener(entry) }
        for entry in named(top, Language.Top.routes, "route") { translateRoute(entry) }
        translateProcess(top)
    }

    /// The entries of a map of names whose names are sound.
    func named(_ top: SectionReader, _ key: Key, _ noun: String) -> [Node.Entry] {
        guard let entries = top.entries(key) else { return [] }
        return entries.filter { entry in
            let bytes = entry.key.utf8
            let isName =
                (1...128).contains(bytes.count)
                && bytes.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
                    default: false
                    }
                }
                && bytes.first != UInt8(ascii: "-") && bytes.first != UInt8(ascii: ".")
            if !isName {
                problems.error(
                    entry.key == "<<"
                        ? "merge keys ('<<') are not part of the language"
                        : "'\(shortened(entry.key))' is no name for a \(noun) "
                            + "(letters, digits, '_', '-' and '.', the last two not in front, at most 128)",
                    at: entry.keyNode.place)
            }
            return isName
        }
    }
}
