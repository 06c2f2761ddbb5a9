/// One name that an incident comes from.
package struct Culprit: Equatable, Sendable {
    package var dimension: Subject.Dimension
    package var value: String
    /// Part of the change that it accounts for: 0.9 is nearly all of it.
    package var share: Double
    /// Its rate before and during the incident.
    package var before: Double
    package var during: Double
}
