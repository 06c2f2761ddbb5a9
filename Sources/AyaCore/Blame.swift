/// Whose fault a failure was. It decides the status, whether a retry makes sense, and how loudly it is logged.
package enum Blame: String, Sendable, CaseIterable {
    /// The client sent something wrong, too slow, or left.
    case client
    /// A server of the pool failed.
    case upstream
    /// Aya itself: a bound was reached or a fault of ours.
    case aya
    /// The configuration or the machine's set-up.
    case `operator`
}
