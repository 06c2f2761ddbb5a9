/// What became of a wish for a change.
package enum ChangeOutcome: Sendable {
    case made(ChangeReport)
    case refused(ChangeRefusal)
}

package struct ChangeReport: Sendable {
    /// That runs now.
    package var generation: Int
    /// `generation 42 applied in 31 ms: +1 route, ~2 servers`.
    package var description: String
    /// `+1 route, ~2 servers`.
    package var summary: String
    /// A line for each thing that differs, and for each of its keys.
    package var changes: [String]
    package var warnings: [String]
    package var duration: Duration

    package init(
        generation: Int, description: String, summary: String, changes: [String], warnings: [String] = [],
        duration: Duration
    ) {
        self.generation = generation
        self.description = description
        self.summary = summary
        self.changes = changes
        self.warnings = warnings
        self.duration = duration
    }
}

/// Why nothing was changed.
package struct ChangeRefusal: Sendable {
    package enum Cause: Sendable {
        /// There is no such pool, server, route or generation.
        case unknown
        /// What would run has errors.
        case invalid
        /// It is right, but can not be done here and now.
        case impossible
        /// Somebody else made a change since the client looked.
        case outdated
    }

    package var cause: Cause
    /// Each as a compiler would print it.
    package var problems: [String]

    package init(_ cause: Cause, _ problems: [String]) {
        self.cause = cause
        self.problems = problems
    }
}

/// How two configurations differ, or why that can not be said.
package enum DifferenceOutcome: Sendable {
    case found(summary: String, changes: [String])
    case refused(ChangeRefusal)
}
