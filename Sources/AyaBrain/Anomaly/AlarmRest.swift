internal import Glibc

/// One alarm for one event: after an alarm none for a while, and for a longer while only on something worse.
///
/// The pause grows with what is known of the series, up to a hundred rows. Each alarm raises the bar a little, and the
/// bar sinks back over three thousand rows: a series that cries wolf is listened to less. It rises by one at most, so
/// that nobody can make Aya deaf by keeping it busy.
struct AlarmRest {
    private static let longestPause = 100
    private static let share = 10
    private static let rise = 0.15
    private static let highest = 1.0
    private static let sinking = 3_000.0

    private var row = 0
    private var lastAlarm: Int?
    private var raised = 0.0

    /// - Returns: how much more surprise than usual an alarm needs at this row, and nil during the pause.
    mutating func next() -> Double? {
        row &+= 1
        guard let lastAlarm else { return 0 }
        let since = row - lastAlarm
        guard since > min(Self.longestPause, row / Self.share) else { return nil }
        return raised * exp(-Double(since) / Self.sinking)
    }

    mutating func alarm() {
        let since = lastAlarm.map { Double(row - $0) } ?? 0
        raised = min(raised * exp(-since / Self.sinking) + Self.rise, Self.highest)
        lastAlarm = row
    }
}
