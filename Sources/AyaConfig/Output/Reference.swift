internal import AyaCore

/// The key tables of `docs/configuration.md`, in Markdown, from the same table that the checks use.
package enum Reference {
    package static func markdown() -> String {
        var sections: [Section] = []
        collect(Language.Top.section, into: &sections)
        return sections.map(table).joined(separator: "\n")
    }

    /// Depth first, in the order of the keys: a section follows what mentions it.
    private static func collect(_ section: Section, into sections: inout [Section]) {
        guard !sections.contains(where: { $0.name == section.name }) else { return }
        sections.append(section)
        for key in section.keys {
            for part in key.type.sections { collect(part, into: &sections) }
        }
    }

    private static func table(_ section: Section) -> String {
        var text = "### \(title(section))\n\n\(section.summary)\n\n"
        guard !section.keys.isEmpty else { return text + "It has no keys: `{}`.\n" }
        text += "| key | takes | default | meaning |\n|---|---|---|---|\n"
        for key in section.keys {
            let fallback = key.isRequired ? "required" : key.defaultText.map { "`\($0)`" } ?? ""
            text += "| `\(key.name)` | \(key.type.takes) | \(fallback) | \(key.summary) |\n"
        }
        return text
    }

    static func title(_ section: Section) -> String { section.name.prefix(1).uppercased() + section.name.dropFirst() }
}

extension ValueType {
    fileprivate var sections: [Section] {
        switch self {
        case .section(let section): [section]
        case .list(let type), .named(_, let type): type.sections
        case .anyOf(let types): types.flatMap(\.sections)
        case .text, .boolean, .integer, .duration, .size, .decimal, .share, .word, .number: []
        }
    }

    /// What a key takes, in a cell of a table.
    fileprivate var takes: String {
        switch self {
        case .text(let form): form.name
        case .boolean: "`true` or `false`"
        case .integer(let range): "number, \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "duration, \(DurationText.describe(range.lowerBound)) to \(DurationText.describe(range.upperBound))"
        case .size(let range): "size, \(range.lowerBound) to \(range.upperBound)"
        case .decimal(let range):
            "number, \(DecimalText.describe(range.lowerBound)) to \(DecimalText.describe(range.upperBound))"
        case .share(let range):
            "share, \(ShareText.describe(range.lowerBound)) to \(ShareText.describe(range.upperBound))"
        case .word(let words): words.map { "`\($0)`" }.joinedAsChoice
        case .number(let numbers): numbers.map { "`\($0)`" }.joinedAsChoice
        case .list(let type): "list: " + type.takes
        case .section(let section):
            "[\(section.name)](#\(section.name.split(separator: " ").joined(separator: "-")))"
        case .named(let form, let type): "map: \(form.name) to \(type.takes)"
        case .anyOf(let types): types.map(\.takes).joinedAsChoice
        }
    }
}
