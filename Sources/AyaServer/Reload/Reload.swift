package import AyaConfig

/// What a change of the configuration came to.
public struct Reload: Sendable, CustomStringConvertible {
    /// The generation that runs now.
    public let generation: Int
    /// `+1 route, ~2 servers`; `no changes` without any.
    public let summary: String
    /// From the reading of the configuration until the last worker had it.
    public let duration: Duration
    /// What is legal but risky, or takes effect at the next start only.
    public let warnings: [String]
    package let difference: BlueprintDifference
    /// Nothing was changed: this is what would have been.
    package let isTrial: Bool

    package init(
        generation: Int, difference: BlueprintDifference, duration: Duration, warnings: [String], isTrial: Bool = false
    ) {
        self.isTrial = isTrial
        self.generation = generation
        self.difference = difference
        self.duration = duration
        self.warnings = warnings
        summary = difference.summary
    }

    /// `generation 42 applied in 31 ms: +1 route, ~2 servers`.
    public var description: String {
        let milliseconds = max(1, Int((duration / .milliseconds(1)).rounded()))
        if isTrial { return "generation \(generation) could be applied: \(summary)" }
        return "generation \(generation) applied in \(milliseconds) ms: \(summary)"
    }
}

/// Why a change of the configuration was not made. What runs is as it was.
public struct ReloadError: Error, Sendable, CustomStringConvertible {
    /// Every problem, each as a compiler would print it.
    public let problems: [String]
    /// What kind of problem it is.
    public let cause: Cause

    /// The kinds of problems.
    public enum Cause: Sendable {
        /// The configuration itself has errors.
        case invalid
        /// It is right, but can not run here and now.
        case impossible
        /// What it is about does not exist.
        case unknown
        /// Another change came before.
        case outdated
    }

    init(_ cause: Cause, _ problems: [String]) {
        self.cause = cause
        self.problems = problems
    }

    init(invalid problems: [String]) { self.init(.invalid, problems) }
    init(unknown what: String) { self.init(.unknown, [what]) }
    init(_ reason: String) { self.init(.impossible, [reason]) }

    /// All problems, one after the other.
    public var description: String { problems.joined(separator: "\n") }
}
