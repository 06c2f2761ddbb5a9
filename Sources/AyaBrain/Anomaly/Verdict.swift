/// What an `AnomalyDetector` thinks of one row.
package struct Verdict: Equatable, Sendable {
    package enum Cause: String, Equatable, Sendable {
        /// The series has not moved like this before.
        case shape
        /// A value that is normal at another hour.
        case season
        /// A value that always moves and stands still.
        case stuck
    }

    /// From 0, nothing special, to 1; an alarm has 0.5 or more, everything else less.
    package var score: Double
    /// Whether an event begins here. The rows after it stay quiet.
    package var isAlarm: Bool
    /// Which question gave the largest surprise.
    package var cause: Cause
    /// What the value would be on an ordinary day, where that is known.
    package var usual: Double?

    package init(score: Double, isAlarm: Bool, cause: Cause, usual: Double? = nil) {
        self.score = score
        self.isAlarm = isAlarm
        self.cause = cause
        self.usual = usual
    }

    /// Of what was not measured.
    package static let nothing = Verdict(score: 0, isAlarm: false, cause: .shape)
}
