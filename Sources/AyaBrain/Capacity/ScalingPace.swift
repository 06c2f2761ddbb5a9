/// When the number of a pool's servers may be changed again: when the last change has cooled down, and after a failure
/// twice as late each time.
package struct ScalingPace: Sendable, Equatable {
    private static let firstPause = 5.0
    private static let longestPause = 300.0

    private var due = -Double.infinity
    private var failures = 0

    package init() {}

    /// Seconds until the next attempt; 0 for at once.
    ///
    /// - Parameter time: seconds, of a clock that is never set.
    package func wait(at time: Double) -> Double { max(0, due - time) }

    /// - Parameter coolDown: seconds.
    package mutating func succeed(at time: Double, coolDown: Double) {
        failures = 0
        due = time + max(0, coolDown)
    }

    package mutating func fail(at time: Double) {
        due = time + min(Self.longestPause, Self.firstPause * Double(1 << min(failures, 8)))
        failures += 1
    }
}
