/// How a difference is told.
extension BlueprintDifference {
    /// `+1 route, ~2 servers`; `no changes` without any.
    package var summary: String {
        guard !isEmpty else { return "no changes" }
        return Kind.allCases.flatMap { kind in
            [Manner.added, .removed, .changed].compactMap { manner in
                let count = changes.count { $0.kind == kind && $0.manner == manner }
                return count == 0 ? nil : "\(manner.sign)\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
            }
        }.joined(separator: ", ")
    }

    /// A line for each change, those of its keys below it.
    package var lines: [String] {
        changes.flatMap { change -> [String] in
            if change.kind == .setting, let detail = change.details.first {
                return ["~ \(detail.key): \(detail.values)"]
            }
            return ["\(change.manner.sign) \(change.kind.rawValue) \(change.name)"]
                + change.details.map { "    \($0.key): \($0.values)" }
        }
    }
}

extension BlueprintDifference.Manner {
    package var sign: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
    }
}

extension BlueprintDifference.Detail {
    fileprivate var values: String { "\(before ?? "(none)") -> \(after ?? "(none)")" }
}
