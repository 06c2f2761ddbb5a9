/// Makes one document of several files: the maps of names are joined, everything else may be said once.
struct DocumentMerge {
    private static let joined = [Language.Top.listeners, Language.Top.routes, Language.Top.pools]

    let problems: Problems

    /// Nil when no root is a map.
    func merge(_ roots: [Node]) -> Node? {
        guard let first = roots.first else { return nil }
        if roots.count == 1 { return first }
        var merged: [Node.Entry] = []
        var positions: [String: Int] = [:]
        for root in roots {
            guard case .map(let entries) = root.content else {
                problems.error("expected a map (configuration), found \(root.foundDescription)", at: root.place)
                continue
            }
            for entry in entries {
                guard let position = positions[entry.key] else {
                    positions[entry.key] = merged.count
                    merged.append(entry)
                    continue
                }
                add(entry, to: &merged[position])
            }
        }
        return Node(.map(merged), at: first.place, end: first.end)
    }

    private func add(_ entry: Node.Entry, to present: inout Node.Entry) {
        let isJoined = Self.joined.contains { $0.name == entry.key }
        guard isJoined, case .map(let more) = entry.value.content, case .map(var all) = present.value.content else {
            if isJoined {
                let wrong = if case .map = present.value.content { entry.value } else { present.value }
                problems.error("expected a map of names, found \(wrong.foundDescription)", at: wrong.place)
            } else {
                reportTwice(entry, present)
            }
            return
        }
        var first = Dictionary(all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in more {
            if let other = first.updateValue(entry, forKey: entry.key) {
                first[entry.key] = other
                reportTwice(entry, other)
            } else {
                all.append(entry)
            }
        }
        present.value.content = .map(all)
    }

    private func reportTwice(_ entry: Node.Entry, _ other: Node.Entry) {
        let where_ = problems.reference(to: other.keyNode.place, from: entry.keyNode.place)
        problems.error(
            "'\(shortened(entry.key))' stands here a second time; first on \(where_)", at: entry.keyNode.place)
    }
}
