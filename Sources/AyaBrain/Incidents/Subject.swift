/// Whom a measurement is about: some of its dimensions are fixed, the others summed over.
package struct Subject: Hashable, Sendable, CustomStringConvertible {
    package enum Dimension: String, CaseIterable, Hashable, Sendable {
        case listener
        case route
        case pool
        case server
        case client
        case status
    }

    package private(set) var values: [Dimension: String]

    /// Without dimensions: everything Aya does.
    package init(_ values: [Dimension: String] = [:]) { self.values = values }

    package subscript(_ dimension: Dimension) -> String? { values[dimension] }

    /// Whether trouble of one may well be trouble of the other: they have a name in common, or one is everything.
    package func isRelated(to other: Subject) -> Bool {
        values.isEmpty || other.values.isEmpty || !common(with: other).values.isEmpty
    }

    /// The narrowest subject that both belong to.
    package func common(with other: Subject) -> Subject {
        Subject(values.filter { other.values[$0.key] == $0.value })
    }

    /// `pool api, server 10.0.0.1:80`.
    package var description: String {
        let parts = Dimension.allCases.compactMap { dimension in values[dimension].map { "\(dimension.rawValue) \($0)" }
        }
        return parts.isEmpty ? "everything" : parts.joined(separator: ", ")
    }
}
